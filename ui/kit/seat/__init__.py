"""What the screens of a seat share: changes of the board, the selected case, background tasks."""
