"""The sign-in at this seat: user, password, platform address."""
