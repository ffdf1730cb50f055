"""The error that set-up raises."""

from __future__ import annotations


class SetupFailed(Exception):
    """An error of the environment; its one-sentence message says what is missing and what to do."""
