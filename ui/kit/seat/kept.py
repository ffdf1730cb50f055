"""What keeps texts by name across a restart, as the profile of a seat does."""

from typing import Protocol


class Kept(Protocol):
    """Texts by name."""

    def keep(self, name: str, value: str) -> None:
        """Saves a text; "" removes it."""

    def text(self, name: str) -> str:
        """Returns the text saved under `name`, "" for none."""
