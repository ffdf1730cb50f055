"""The one error of the first stage."""

from __future__ import annotations


class SetupFailed(Exception):
    """The world's fault: one sentence that says what is missing and what to do."""
