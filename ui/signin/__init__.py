"""Who is at this seat: user, password, platform."""
