"""Carries incoming frames to the board and people's commands to the platform; the screens use it through the desk."""
