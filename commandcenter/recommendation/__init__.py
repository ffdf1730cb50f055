"""What the hall proposes to a person, from plain data and with the reasons; it decides nothing."""
