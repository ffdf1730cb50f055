"""The parts every room is built from: words, times, small widgets, awaited dialogs."""
