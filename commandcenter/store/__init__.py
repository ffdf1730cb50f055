"""The live board in memory: records, what is pending on top of them, and columns for tables, map and wall."""
