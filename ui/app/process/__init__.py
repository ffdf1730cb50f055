"""The program around the window: its options, errors, signals, garbage, time marks and time limits."""
