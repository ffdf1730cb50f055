"""Reads tables of other systems: mappings (data), the table itself, and each row as a command to import a case."""
