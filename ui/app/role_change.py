"""Somebody becomes somebody else while they sit there: the rooms of what they are now, and a word about it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from commandcenter.domain.people import Person
from commandcenter.sync.connection import State
from ui.actions.context import UiContext
from ui.kit import names, times
from ui.kit.dialogs import Sheet
from ui.kit.words import Words, phrase, term

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

SECONDS = 20  # that it is said


class RoleChange(QObject):
    """`furnish` makes the rooms of whoever sits there; it is called when the line has gone on, never within it.

    `whose` says for whom the rooms are that stand.
    """

    def __init__(self, seat: UiContext, furnish: Callable[[], object], whose: Callable[[], Person | None]) -> None:
        super().__init__(seat.window)
        self._seat, self._furnish, self._whose = seat, furnish, whose
        self._is_untold = False
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._turn)
        seat.desk.became.connect(self._hear)
        seat.watch.changed.connect(self._tell)

    def close(self) -> None:
        """Hear no more."""
        self._soon.stop()
        self._seat.watch.changed.disconnect(self._tell)
        self._seat.desk.became.disconnect(self._hear)

    def _hear(self, _: None) -> None:
        self._is_untold = True
        self._soon.start()

    def _turn(self) -> None:
        """Without a role the rooms stay, empty, until one begins; the same one finds in them what was being typed.

        What asks about a case of the former scope goes with it.
        """
        if self._seat.desk.has_role and self._seat.desk.person != self._whose():
            for sheet in self._seat.window.findChildren(Sheet):
                sheet.reject()
            self._furnish()

    def _tell(self) -> None:
        """Told once the new board is there, which knows the names."""
        desk = self._seat.desk
        if self._is_untold and desk.has_role and desk.connection.state is State.LIVE and not self._soon.isActive():
            self._is_untold = False
            self._seat.toasts.tell(turned(desk), tone="warn", seconds=SECONDS)


def turned(desk: "Desk") -> Words:
    """What whoever sits here is now, and since when as far as the platform says."""
    assert desk.person is not None
    role, scope = term("role", desk.person.role), names.scope_words(desk.board, desk.person)
    if desk.since is None:
        return phrase("你现在是{role}，范围 {scope}", role=role, scope=scope)
    since = times.full_clock(desk.since, names.zone(desk.board))
    return phrase("你现在是{role}，范围 {scope}，自 {time} 起", role=role, scope=scope, time=since)
