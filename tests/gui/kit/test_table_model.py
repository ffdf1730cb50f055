"""A table over columns: in order, filtered, under headings; what somebody looks at does not move by itself."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ui.kit.tables.columns import Alignment, Column, Grouping, fit
from ui.kit.tables.model import TableModel
from ui.kit.tables.view import TableView

pytestmark = pytest.mark.usefixtures("qapp")


def at_row(view: TableView, row: int) -> QPoint:
    """Returns a point in the middle of a row, in viewport coordinates."""
    return QPointF(view.viewport().width() / 2, view.rowViewportPosition(row) + view.rowHeight(row) / 2).toPoint()


class Shelf:
    """Letters with a weight, as a store keeps them."""

    def __init__(self, weights: dict[str, float]) -> None:
        self.ids: list[str] = []
        self.size = 0
        self._free: list[int] = []
        self._data = {"alive": np.zeros(0, bool), "weight": np.zeros(0)}
        for key, weight in weights.items():
            self.put(key, weight)

    def __getitem__(self, name: str) -> Any:
        return self._data[name][: self.size]

    def slot(self, key: str) -> int | None:
        return self.ids.index(key) if key in self.ids else None

    def put(self, key: str, weight: float) -> None:
        at = self.slot(key)
        if at is None and self._free:
            at = self._free.pop()
            self.ids[at] = key
        elif at is None:
            at, self.size = self.size, self.size + 1
            self.ids.append(key)
            self._data = {name: np.append(column, column.dtype.type(0)) for name, column in self._data.items()}
        self._data["weight"][at], self._data["alive"][at] = weight, True

    def drop(self, key: str) -> None:
        at = self.ids.index(key)
        self.ids[at], self._data["alive"][at] = "", False
        self._free.append(at)


def model_of(shelf: Shelf) -> TableModel:
    columns = (
        Column(key="weight", title="重", width=60, side=Alignment.RIGHT,
               text=lambda slot: str(shelf["weight"][slot]), order=lambda _now: shelf["weight"],
               ticking=lambda slot: int(shelf["weight"][slot])),
        Column(key="name", title="名", width=100, takes_slack=True, text=lambda slot: shelf.ids[slot]),
    )  # fmt: skip
    return TableModel(shelf, columns, now=lambda: 0.0)


def shown(model: TableModel) -> list[str]:
    """The rows as read in the column of names."""
    return [model.data(model.index(row, 1)) or model.data(model.index(row, 0)) for row in range(model.rowCount())]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({"d": 4, "a": 1, "c": 3, "b": 2})


@pytest.fixture
def model(shelf: Shelf, qtmodeltester: ModelTester) -> Iterator[TableModel]:
    model = model_of(shelf)
    qtmodeltester.check(model, force_py=True)
    yield model
    qtmodeltester.check(model)


def test_rows_stand_in_the_order_asked_for(model: TableModel) -> None:
    assert shown(model) == ["a", "b", "c", "d"]
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert shown(model) == ["d", "c", "b", "a"]


def test_a_filter_leaves_only_what_it_keeps(model: TableModel, shelf: Shelf) -> None:
    model.filter(lambda _now: shelf["weight"] > 2)
    assert shown(model) == ["c", "d"]
    model.filter(None)
    assert shown(model) == ["a", "b", "c", "d"]


def test_headings_say_how_many_stand_under_them(model: TableModel, shelf: Shelf) -> None:
    grouping = Grouping(
        key="half", codes=lambda _now: (shelf["weight"] > 1).astype(int), name=lambda g: ("轻", "重")[g]
    )
    model.group(grouping)
    assert shown(model) == ["轻 1", "a", "重 3", "b", "c", "d"]
    assert model.key_at(0) is None
    assert model.heading_at(2) == ("重", 3)
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable


def test_a_heading_counts_on_behind_what_left(model: TableModel, shelf: Shelf) -> None:
    model.group(
        Grouping(key="half", codes=lambda _now: (shelf["weight"] > 1).astype(int), name=lambda g: ("轻", "重")[g])
    )
    model.last_fixed_row = lambda: 4
    shelf.drop("b")
    model.take(["b"])
    assert shown(model) == ["轻 1", "a", "重 2", "已离开", "c", "d"]


def test_one_arrival_is_one_insertion(model: TableModel, shelf: Shelf, qtbot: QtBot) -> None:
    shelf.put("bb", 2.5)
    with qtbot.waitSignal(model.rowsInserted) as told:
        model.take(["bb"])
    assert told.args[1:] == [2, 2]
    assert shown(model) == ["a", "b", "bb", "c", "d"]


def test_one_departure_is_one_removal(model: TableModel, shelf: Shelf, qtbot: QtBot) -> None:
    shelf.drop("b")
    with qtbot.waitSignal(model.rowsRemoved) as told:
        model.take(["b"])
    assert told.args[1:] == [1, 1]


def test_what_holds_on_to_a_record_keeps_it_through_a_sort(model: TableModel) -> None:
    held = QPersistentModelIndex(model.index(1, 1))
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert held.row() == 2
    assert held.data() == "b"


def test_what_is_filtered_away_is_let_go(model: TableModel, shelf: Shelf) -> None:
    held = QPersistentModelIndex(model.index(0, 0))
    model.filter(lambda _now: shelf["weight"] > 2)
    assert not held.isValid()


def test_nothing_in_sight_moves_while_somebody_is_on_the_list(model: TableModel, shelf: Shelf) -> None:
    model.last_fixed_row = lambda: 2
    shelf.put("aa", 1.5)
    shelf.put("cc", 3.5)
    model.take(["aa", "cc"])
    assert shown(model) == ["a", "b", "c", "cc", "d"]  # what comes below what is in sight comes in
    assert model._waiting == (1, 0)
    model.let_in()
    assert shown(model) == ["a", "aa", "b", "c", "cc", "d"]
    assert model._waiting == (0, 0)


def test_what_leaves_keeps_its_place_until_it_is_let_go(model: TableModel, shelf: Shelf) -> None:
    model.last_fixed_row = lambda: 3
    shelf.drop("b")
    model.take(["b"])
    assert shown(model) == ["a", "已离开", "c", "d"]
    assert model._waiting == (0, 1)
    model.last_fixed_row = lambda: None
    model.let_in()
    assert shown(model) == ["a", "c", "d"]


def test_a_slot_given_to_another_record_is_not_taken_for_the_old_one(model: TableModel, shelf: Shelf) -> None:
    held = QPersistentModelIndex(model.index(1, 1))
    shelf.drop("b")
    shelf.put("z", 9)
    model.take(["b", "z"])
    assert shown(model) == ["a", "c", "d", "z"]
    assert not held.isValid()


def test_a_second_touches_only_the_cells_in_sight_that_time_changed(model: TableModel, shelf: Shelf) -> None:
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _roles: told.extend(_cells(first, last)))

    def ticked(first: int, last: int) -> list[tuple[int, int]]:
        told.clear()
        model.tick(first, last)
        return list(told)

    assert ticked(1, 2) == [(1, 0), (2, 0)]
    assert ticked(1, 2) == []
    shelf["weight"][shelf.ids.index("c")] += 10
    assert ticked(1, 2) == [(2, 0)]
    assert ticked(0, 99) == [(0, 0), (3, 0)]  # they came into sight
    assert ticked(0, -1) == []


def _cells(first: QModelIndex, last: QModelIndex) -> list[tuple[int, int]]:
    rows, columns = range(first.row(), last.row() + 1), range(first.column(), last.column() + 1)
    return [(row, column) for row in rows for column in columns]


def test_columns_give_way_in_their_order() -> None:
    def column(key: str, width: int, **how: Any) -> Column:
        return Column(key=key, title=key, width=width, text=str, **how)

    columns = (
        column("time", 100),
        column("number", 90, least=60, shrink_priority=1),
        column("place", 0, least=150, takes_slack=True),
        column("street", 90, shrink_priority=2),
        column("channel", 80, shrink_priority=3),
    )
    assert fit(columns, 600)["place"] == 600 - 100 - 90 - 90 - 80
    assert "channel" not in fit(columns, 450)
    assert set(fit(columns, 345)) == {"time", "number", "place"}
    assert fit(columns, 310)["number"] == 60
    assert "street" not in fit(columns, 900, without=frozenset({"street"}))


def test_the_chosen_row_stays_under_the_pointer_when_others_come(qtbot: QtBot) -> None:
    shelf = Shelf({f"k{n:03d}": float(n * 10) for n in range(200)})
    model = model_of(shelf)
    view = TableView(model)
    qtbot.addWidget(view)
    view.resize(300, 400)
    view.show()
    view.verticalScrollBar().setValue(28 * 50)
    row = view.rows_in_sight()[0] + 4
    key, before = model.key_at(row), view.rowViewportPosition(row)
    qtbot.mouseMove(view.viewport(), at_row(view, row))
    view._hover(row)
    for n in range(50):
        shelf.put(f"new{n}", float(n * 11) + 0.5)
    model.take([f"new{n}" for n in range(50)])
    after = model.row_of(key)
    assert view.rowViewportPosition(after) == before
    assert model._waiting[0] > 0
    view.clearFocus()
    assert model._waiting[0] > 0  # the pointer still rests on the list
    view._hover(-1)
    assert model._waiting == (0, 0)


def test_when_the_chosen_row_goes_nobody_has_chosen_its_neighbour(shelf: Shelf, qtbot: QtBot) -> None:
    model = model_of(shelf)
    view = TableView(model)
    qtbot.addWidget(view)
    view.choose("b")
    chosen: list[str] = []
    view.chosen.connect(chosen.append)
    shelf.drop("b")
    model.take(["b"])
    assert shown(model) == ["a", "c", "d"]
    assert (chosen, view.selectionModel().hasSelection()) == ([], False)
    view.step(1)
    assert chosen == ["c"]


def test_after_the_chosen_case_left_the_next_step_goes_on_from_where_it_stood(qtbot: QtBot) -> None:
    shelf = Shelf({f"k{n:02d}": float(n * 10) for n in range(40)})
    model = model_of(shelf)
    view = TableView(model)
    qtbot.addWidget(view)
    chosen: list[str] = []
    view.chosen.connect(chosen.append)
    view.choose("k20")
    for gone in ("k03", "k20"):  # another console's and one's own, at once
        shelf.drop(gone)
    model.take(["k03", "k20"])
    shelf.put("new", 5.0)
    model.take(["new"])  # what comes above it does not move the place
    view.step(1)
    view.step(-1)
    assert chosen == ["k21", "k19"]
    for gone in ("k19", "k21"):
        shelf.drop(gone)
    model.take(["k19", "k21"])
    view.step(-1)
    assert chosen[-1] == "k18"


def test_after_another_filter_or_order_the_next_step_goes_to_the_first_row(qtbot: QtBot) -> None:
    shelf = Shelf({f"k{n:02d}": float(n * 10) for n in range(40)})
    view = TableView(model_of(shelf))
    qtbot.addWidget(view)
    view.choose("k20")
    view.table_model.filter(lambda _now: (shelf["weight"] > 105) & (shelf["weight"] != 200))
    view.scrollToTop()
    view.step(1)
    assert view.table_model.key_at(view.currentIndex().row()) == "k11"
