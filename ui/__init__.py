"""The console's user interface: shows the board, sends commands through the desk, and owns every text and colour."""
