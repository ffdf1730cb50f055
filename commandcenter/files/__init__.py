"""Opens, writes and locks files, in ways that outlast a power failure."""
