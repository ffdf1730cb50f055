"""Reads a book of attention to its end."""

from datetime import datetime

from commandcenter.attention.book import AttentionBook
from commandcenter.attention.causes import Concern


def at_once(book: AttentionBook, now: datetime) -> list[Concern]:
    """Returns what stands at `now`, after all that was heard is read."""
    while book.read_on(50):
        pass
    book.turn(now)
    return list(book.standing)
