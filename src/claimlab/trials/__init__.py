"""A trial is one lab on one toolchain: how labs are declared and found, what a trial depends on, what it leaves."""
