"""The face: reads the board, calls the desk, owns every word and colour on the screen."""
