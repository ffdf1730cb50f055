"""The case queue and the case panel: the open cases, their state and deadlines, and the commands possible now."""
