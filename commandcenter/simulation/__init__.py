"""Generates a district and its days: pure and seeded; chance is handed in, nothing is measured by a clock."""
