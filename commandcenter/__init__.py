"""The core of a dispatch hall: what is true, how it is said, kept and carried; it knows no Qt."""

__version__ = "0.1.0"
