"""The drill's panel: faults to order in a demonstration, how things stand, what to look at."""
