"""Generates a district and its cases: deterministic, with random generators passed in and no use of the clock."""
