"""Keeps it on disk: the journal that is never lost, and the mirror that any doubt rebuilds."""
