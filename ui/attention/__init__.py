"""Attention: a bell with what this seat has to look at, its list, sounds, and a mark in the desktop's tray."""
