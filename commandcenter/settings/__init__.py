"""Declares what a user or a site may configure, and where it is stored."""
