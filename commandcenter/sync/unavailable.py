"""What the screens hear when something outside this program does not let them."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from commandcenter.client.errors import PlatformFault

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unavailable(Exception):
    """Not now, and why: `code` is a key that a screen puts into words, `about` what it is about."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code
        self.about = about


@contextmanager
def in_words() -> "Iterator[None]":
    """Whatever is the world's fault inside comes out as Unavailable."""
    try:
        yield
    except PlatformFault as fault:
        raise Unavailable(fault.code, fault.about) from fault
