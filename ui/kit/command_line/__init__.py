"""The command line: its grammar, its field, and the overlay that shows both."""
