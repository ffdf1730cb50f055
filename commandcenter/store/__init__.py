"""The live board in memory: confirmed records, pending acts on top of them, and columns for tables, map and wall."""
