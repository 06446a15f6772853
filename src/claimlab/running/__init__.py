"""Whoever runs trials: prepares engines, measures what is missing, has it judged and compared with what is expected."""
