"""Defines what console and platform exchange, which is all that they share: codec, messages, events, limits, paths."""

VERSION = 1
