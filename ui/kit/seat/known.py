"""Whether anything is known of the platform's cases: before, a count of 0 would say what nobody knows."""

from typing import TYPE_CHECKING

from commandcenter.domain.records import KINDS
from commandcenter.sync.connection import State

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk


def is_known(desk: "Desk") -> bool:
    """Returns whether the board has been filled: from the cache, or by a platform that may have nothing to tell."""
    return desk.connection.state is State.LIVE or any(True for kind in KINDS for _record in desk.board.all(kind))
