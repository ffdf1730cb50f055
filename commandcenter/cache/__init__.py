"""Stores the console's data on disk: the journal, which must not be lost, and caches that can always be rebuilt."""
