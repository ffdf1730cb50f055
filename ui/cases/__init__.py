"""The queue of cases, and the case: what is open, how it stands, what may be done next."""
