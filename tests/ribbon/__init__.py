"""Who carried the time of a case, compared with an oracle that has rules of its own, on random histories."""
