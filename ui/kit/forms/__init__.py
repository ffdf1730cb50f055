"""Fields with a label, their checks and their errors."""
