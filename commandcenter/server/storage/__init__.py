"""What lies on the disk: the database of a data folder, its tables and log, the one writer and the readers."""
