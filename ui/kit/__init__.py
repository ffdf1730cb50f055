"""Widgets, models and text helpers that every other ui package is built from."""
