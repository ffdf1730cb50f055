"""Times of the room 队伍 with 5,000 open cases and 200 crews: read anew, dragged over, and asked whom to send."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from tests.bench._times import median, p95

CASES, CREWS = 5_000, 200
BOUNDS = {"teams.recompute": 10.0, "teams.drag": 17.0, "teams.recommend": 50.0}  # milliseconds
PEERS = {
    "teams.recompute": "the same cases grouped and sorted record by record",
    "teams.drag": "the whole room painted",
    "teams.recommend": "the same crews sorted by distance alone",
}
NAMES = tuple(BOUNDS)
SIZE = (1860, 1000)  # pixels of the room in a window 1920 wide


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields the rows whose name begins with `only`, in milliseconds."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    room = _Room()
    for name, measure in (
        ("teams.recompute", room.recompute),
        ("teams.drag", room.drag),
        ("teams.recommend", room.recommend),
    ):
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
    """The open room over a board with many cases and crews."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication, QWidget

        from tests.kit import hall
        from tests.kit.fake_desk import FakeDesk
        from tests.kit.street_crews import everywhere
        from ui.kit.case_parts.clock import SecondClock
        from ui.kit.seat.focus import Focus
        from ui.kit.seat.follow import Follow
        from ui.teams.room import TeamsRoom
        from ui.theme import apply_theme

        self._app = QApplication.instance() or QApplication([])
        apply_theme(self._app, "dark")  # type: ignore[arg-type]
        self._board = hall.board(CASES)
        self._board.apply(everywhere(CREWS))
        self._desk, self._window, self._follow = FakeDesk(self._board), QWidget(), Follow(self._board)
        clock = SecondClock(self._board, self._desk.now)
        seat: Any = SimpleNamespace(
            desk=self._desk, focus=Focus(), window=self._window, follow=self._follow, clock=clock
        )
        self._window.resize(*SIZE)
        self._room = TeamsRoom(seat, give=_nothing, ask=_nothing, parent=self._window)
        self._room.resize(*SIZE)
        self._window.show()
        self._room.open()
        self._app.processEvents()
        self._case = next(key for lane in self._room.view.lanes for one in lane.columns for key in one.queue)
        seat.focus.choose(self._case, by="bench")

    def recompute(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds from a change on the board to lanes, layout, advice and coverage."""
        return median(lambda _n: self._room.refresh(frozenset()), 30), median(lambda _n: self._grouped(), 10)

    def drag(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds that one in twenty moves of a dragged case exceeds, painted."""
        from PySide6.QtCore import QPoint

        from ui.teams.layout import Part

        view = self._room.view
        item = next(item for item in view.layout_now.items() if item.part is Part.CASE)
        view.dragging.press(item, QPoint(100, 200))

        def move(n: int) -> None:
            view._drag_to(QPoint(150 + n * 30, 150 + n * 12))
            self._app.processEvents()

        own = p95(move, 60)
        view._let_go(act=False)
        return own, median(lambda _n: view.viewport().repaint(), 10)

    def recommend(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds to propose crews for a case and to say what is missing."""
        from commandcenter.domain.places import Spot
        from ui.teams.proposing import advice
        from ui.teams.reading import read

        reading = read(self._board, self._desk.now())
        case: Any = self._board.find("case", self._case)
        crews: list[Any] = list(self._board.all("crew"))
        here = case.spot or Spot(117.3, 31.8)
        own = median(lambda _n: advice(self._board, reading, case), 30)
        return own, median(lambda _n: sorted(crews, key=lambda crew: here.metres_to(crew.spot or here)), 30)

    def close(self) -> None:
        """Stops following."""
        self._room.close_following()
        self._follow.close()

    def _grouped(self) -> dict[str, list[Any]]:
        found: defaultdict[str, list[Any]] = defaultdict(list)
        cases: list[Any] = list(self._board.all("case"))
        for case in cases:
            found[case.responsible or case.street or ""].append(case)
        return {key: sorted(mine, key=lambda case: (case.due is None, case.due)) for key, mine in found.items()}


async def _nothing(*_given: object) -> Any:
    """Gives no command: nothing is done in a measurement."""
