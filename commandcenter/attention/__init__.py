"""What a person at a seat has to look at: causes as one table, followed on the board, with what was seen or put off."""
