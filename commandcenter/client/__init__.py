"""Talks to the platform over HTTP: session, snapshot, stream, commands and queries, and the errors of all these."""
