"""Defines what console and platform exchange: codec, messages, events, limits, paths, problems. It is all that the two sides share."""

VERSION = 1
