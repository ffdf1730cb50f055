"""Times of the room 主协办 with 3,589 cases of the district: opened, read anew, dragged over, and a second passing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from tests.bench._times import median, p95

CASES = 3_589
BOUNDS = {"leads.open": 300.0, "leads.recompute": 50.0, "leads.drag": 17.0, "leads.second": 33.0}  # milliseconds
PEERS = {
    "leads.open": "the same cases read and sorted record by record",
    "leads.recompute": "the same cases read and sorted record by record",
    "leads.drag": "the whole board painted",
    "leads.second": "the whole board painted",
}
NAMES = tuple(BOUNDS)
SIZE = (1860, 1000)  # pixels of the room in a window 1920 wide


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields the rows whose name begins with `only`, in milliseconds."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    room = _Room()
    measures = {
        "leads.open": room.open,
        "leads.recompute": room.recompute,
        "leads.drag": room.drag,
        "leads.second": room.second,
    }
    for name, measure in measures.items():
        if only is None or name.startswith(only):
            own, peer = measure()
            yield _row(name, own, peer)
    room.close()


def _row(name: str, own: float, peer: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": own,
        "unit": "ms p95" if name.endswith(".drag") else "ms",
        "peer": PEERS[name],
        "peer_value": peer,
        "ratio": own / peer,
        "bound": f"{BOUNDS[name]:g} ms",
        "holds": own <= BOUNDS[name],
    }


class _Room:
    """The room over a board with many cases of the district."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication, QWidget

        from commandcenter.domain.people import Role
        from tests.kit import coordinated, hall
        from tests.kit.fake_desk import FakeDesk, person
        from ui.kit.case_parts import lead_advice
        from ui.kit.case_parts.clock import SecondClock
        from ui.kit.seat.focus import Focus
        from ui.kit.seat.follow import Follow
        from ui.theme import apply_theme

        self._app = QApplication.instance() or QApplication([])
        patch.object(lead_advice, "spawn", lambda question, **_: question.close()).start()  # nobody is there to ask
        apply_theme(self._app, "dark")  # type: ignore[arg-type]
        self._board = hall.board(0)
        self._board.apply((*coordinated.departments(), *coordinated.everywhere(CASES)))
        self._desk, self._window = FakeDesk(self._board, by=person(Role.COORDINATOR)), QWidget()
        self._seat: Any = SimpleNamespace(
            desk=self._desk,
            focus=Focus(),
            window=self._window,
            follow=Follow(self._board),
            clock=SecondClock(self._board, self._desk.now),
        )
        self._window.resize(*SIZE)
        self._window.show()
        self._rooms = [self._new()]

    def open(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds from nothing to the painted room."""

        def opened(_n: int) -> None:
            self._rooms.append(self._new())

        return median(opened, 5), median(lambda _n: self._sorted(), 5)

    def recompute(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds from a change on the board to cards and layout."""
        return median(lambda _n: self._rooms[-1].refresh(frozenset()), 20), median(lambda _n: self._sorted(), 5)

    def drag(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds that one in twenty moves of a dragged body exceeds, painted."""
        from PySide6.QtCore import QPoint

        room = self._rooms[-1]

        def move(n: int) -> None:
            spot = room.view.viewport().mapToGlobal(QPoint(40 + n * 30, 120 + n * 12))
            room.dragging.drag("d-housing", "区住建局", spot)
            self._app.processEvents()

        own = p95(move, 60)
        room.dragging.cancel()
        return own, self._painted()

    def second(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds to show the times of the next second."""

        def turn(_n: int) -> None:
            self._desk.pass_time(1)
            self._seat.clock.turn()
            self._rooms[-1].view.turn()
            self._app.processEvents()

        return median(turn, 20), self._painted()

    def close(self) -> None:
        """Stops following."""
        for room in self._rooms:
            room.close_following()
        self._seat.follow.close()

    def _new(self) -> Any:
        from ui.leads.room import LeadsRoom

        room = LeadsRoom(self._seat, give=_nothing, ask=_nothing, parent=self._window)
        room.resize(*SIZE)
        room.open()
        self._app.processEvents()
        return room

    def _painted(self) -> float:
        return median(lambda _n: self._rooms[-1].view.viewport().repaint(), 10)

    def _sorted(self) -> list[Any]:
        cases: list[Any] = list(self._board.all("case"))
        return sorted(cases, key=lambda case: self._seat.clock.standing(case).left or 0.0)


async def _nothing(*_given: object) -> Any:
    """Gives no command: nothing is done in a measurement."""
