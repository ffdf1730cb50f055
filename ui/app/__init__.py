"""The application: order of starting and closing, error hooks, and the rooms of who signed in."""
