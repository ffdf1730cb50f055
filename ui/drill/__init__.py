"""The drill's panel: switches for the faults of a demonstration, their state, and hints what to watch."""
