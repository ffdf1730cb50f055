"""The console application: start and shutdown, error handling, and the screens of the signed-in user."""
