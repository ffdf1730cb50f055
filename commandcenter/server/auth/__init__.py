"""Who comes in: accounts, sign-in, seats and their tokens."""
