"""The storage layer of a data folder: the database, its tables and event log, the single writer and the readers."""
