"""The core of a dispatch hall: domain rules, protocol, platform, and the console's sync and storage; without Qt."""

__version__ = "0.1.0"
