"""How things stand: the status bar, what is going on with the connection, and the seat's own acts."""
