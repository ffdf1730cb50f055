"""What shows text and state: labels, elided texts, chips, lists of facts."""
