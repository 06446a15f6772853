"""Instruments turn a binary or a process on a bench into data. One small module each; none knows an engine."""
