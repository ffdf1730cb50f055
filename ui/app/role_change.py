"""Follows a change of the user's role while they are signed in: rebuilds the rooms and shows a toast."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from commandcenter.domain.people import Person
from commandcenter.sync.connection import State
from ui.actions.context import UiContext
from ui.kit.dialogs import Sheet
from ui.kit.texts import names, times
from ui.kit.texts.words import Words, phrase, term

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

SECONDS = 20  # that the toast stays


class RoleChange(QObject):
    """The reaction to a role change; `whose` returns the person for whom the present rooms were built.

    `furnish` builds the rooms of the present role. A timer calls it, never the connection loop itself.
    """

    def __init__(self, seat: UiContext, furnish: Callable[[], object], whose: Callable[[], Person | None]) -> None:
        super().__init__(seat.window)
        self._seat, self._furnish, self._whose = seat, furnish, whose
        self._is_toast_due = False
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._turn)
        seat.desk.user.became.connect(self._hear)
        seat.watch.changed.connect(self._tell)

    def close(self) -> None:
        """Stops listening."""
        self._soon.stop()
        self._seat.watch.changed.disconnect(self._tell)
        self._seat.desk.user.became.disconnect(self._hear)

    def _hear(self, _: None) -> None:
        self._is_toast_due = True
        self._soon.start()

    def _turn(self) -> None:
        """Rebuilds the rooms if they were built for another person; without a role they stay, empty, until one begins.

        A role that comes back unchanged finds in them what was being typed. Open dialogs are rejected with the old
        rooms, because they may ask about a case of the former scope.
        """
        if self._seat.desk.has_role and self._seat.desk.person != self._whose():
            for sheet in self._seat.window.findChildren(Sheet):
                sheet.reject()
            self._furnish()

    def _tell(self) -> None:
        """Shows the toast once the new board is there, because it has the names."""
        desk = self._seat.desk
        if self._is_toast_due and desk.has_role and desk.connection.state is State.LIVE and not self._soon.isActive():
            self._is_toast_due = False
            self._seat.toasts.tell(role_sentence(desk), tone="warn", seconds=SECONDS)


def role_sentence(desk: "Desk") -> Words:
    """Returns the sentence with the present role and scope, and since when, if the platform says so."""
    assert desk.person is not None
    role, scope = term("role", desk.person.role), names.scope_name(desk.board, desk.person.scope)
    if desk.user.since is None:
        return phrase("你现在是{role}，范围 {scope}", role=role, scope=scope)
    since = times.full_clock(desk.user.since, names.zone(desk.board))
    return phrase("你现在是{role}，范围 {scope}，自 {time} 起", role=role, scope=scope, time=since)
