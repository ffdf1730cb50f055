"""Times of the queue with 100,000 cases: opened, sorted and filtered, beside Qt's proxy model over the same model."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

COUNT = 100_000
PEER = "QSortFilterProxyModel"
NAMES = ("queue.open", "queue.sort", "queue.filter")
SORT_BOUND = 1 / 50
TIMES = 5


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields the rows whose name begins with `only`, in milliseconds."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    hall = _Hall()
    for name, measure in (("queue.open", hall.open), ("queue.sort", hall.sort), ("queue.filter", hall.filter)):
        if only is None or name.startswith(only):
            yield _row(name, *measure())


def _row(name: str, own: float, peer: float) -> dict[str, Any]:
    ratio = own / peer
    bound = SORT_BOUND if name == "queue.sort" else None
    return {
        "name": name,
        "value": own,
        "unit": "ms",
        "peer": PEER,
        "peer_value": peer,
        "ratio": ratio,
        "bound": f"ratio <= {SORT_BOUND:g}" if bound else "100 ms",
        "holds": ratio <= bound if bound else own <= 100,
    }


class _Hall:
    """A board with 100,000 cases, the queue's model over it, and the peer over that model."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        from tests.kit import hall
        from ui.cases.columns import queue_columns
        from ui.cases.texts import Texts
        from ui.kit.case_parts.clock import SecondClock

        self._app = QApplication.instance() or QApplication([])
        self._board = hall.board(COUNT)
        self._texts = Texts(self._board)
        self._clock = SecondClock(self._board, lambda: hall.NOW)
        self._columns = queue_columns(self._board, self._clock, self._texts)
        self._model = self._new_model()

    def open(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds to make a model and a view that shows its first rows."""
        return self._shown(self._new_model), self._shown(lambda: _proxy(self._new_model()))

    def sort(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds to sort by place, which is shuffled text; ours in both orders in turn."""
        from PySide6.QtCore import Qt

        at = [column.key for column in self._columns].index("place")
        orders = [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder]
        own = _median(lambda n: self._model.sort(at, orders[n % 2]), TIMES)
        peer = _proxy(self._model)
        return own, _median(lambda n: peer.sort(at, orders[n % 2]), 1)

    def filter(self) -> tuple[float, float]:
        """Returns (ours, peer): milliseconds to filter by one street of thirteen, and by none, in turn."""
        from ui.cases.filters import QueueFilter

        filters = [QueueFilter(street="s03"), QueueFilter()]
        self._model.sort(0)
        own = _median(lambda n: self._model.filter(self._mask(filters[n % 2])), 2 * TIMES)
        peer = _proxy(self._model)
        peer.setFilterKeyColumn([column.key for column in self._columns].index("street"))
        return own, _median(lambda n: peer.setFilterFixedString(("望湖街道", "")[n % 2]), 2)

    def _mask(self, wanted: Any) -> Callable[[float], Any]:
        return lambda now: wanted.mask(self._board.cases, self._texts, now)

    def _new_model(self) -> Any:
        from ui.kit.tables.model import TableModel

        return TableModel(self._board.cases, self._columns, now=self._clock.seconds)

    def _shown(self, make: Callable[[], Any]) -> float:
        from PySide6.QtWidgets import QTableView

        def one(_n: int) -> None:
            view = QTableView()
            view.resize(820, 1000)
            view.setModel(make())
            view.grab()

        return _median(one, 3)


def _proxy(model: Any) -> Any:
    from PySide6.QtCore import QSortFilterProxyModel

    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(model)
    model.setParent(None)
    proxy.kept = model
    return proxy


def _median(do: Callable[[int], object], times: int) -> float:
    """Calls `do` with 0, 1, … `times` times; returns the median of the milliseconds."""
    spent = []
    for n in range(times):
        started = time.perf_counter()
        do(n)
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)
