"""Speaks to the platform over HTTP: session, snapshot, stream, commands, queries, and the faults of the world."""
