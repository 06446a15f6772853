"""Docker images: one for each Go release, over a shared layer with gdb, binutils and gcc."""
