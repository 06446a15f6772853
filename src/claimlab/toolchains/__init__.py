"""Pinned Go releases, the toolchains made of them, how they come onto the disk, and the flags they build with."""
