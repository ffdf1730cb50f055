"""The error that the screens get when the environment or the network prevents something."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from commandcenter.client.errors import PlatformFault

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unavailable(Exception):
    """Something is not possible now: `code` is a key for the text on the screen, `about` names the subject."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code
        self.about = about


@contextmanager
def as_unavailable() -> "Iterator[None]":
    """Turns a PlatformFault of the block into Unavailable."""
    try:
        yield
    except PlatformFault as fault:
        raise Unavailable(fault.code, fault.about) from fault
