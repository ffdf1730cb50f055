"""Defines what all reference records have: administrators edit them, and retire those that are not to be used again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A record of the district by which cases are named, placed, dispatched and limited.

    One that is `retired` can be read by the cases that use it, and named by no new command. `pinned` are the fields
    that an administrator edited, which no other system changes.
    """

    retired: bool = False
    pinned: tuple[str, ...] = ()

    @property
    def flaw(self) -> str:
        """The code of what is wrong with its own values; "" when they fit together."""
        return ""
