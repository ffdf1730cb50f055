"""Curves of the last 24 hours: what came in, what was settled, by whom."""
