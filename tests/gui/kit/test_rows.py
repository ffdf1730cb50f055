"""A list that is told anew changes only what differs: who is chosen stays chosen, whatever comes, goes and moves."""

import random

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from ui.kit.tables.rows import Index, Rows

Row = tuple[str, int]  # its name, and what it says


class Named(Rows[Row]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(lambda row: row[0], parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.at(index.row())
        return f"{row[0]} {row[1]}" if row is not None and role == Qt.ItemDataRole.DisplayRole else None


@pytest.fixture
def view(qtbot: QtBot) -> QListView:
    view = QListView()
    view.setModel(Named(view))
    qtbot.addWidget(view)
    view.resize(200, 120)
    view.show()
    return view


def test_the_chosen_row_stays_chosen_while_others_come_go_and_move(view: QListView) -> None:
    model = view.model()
    assert isinstance(model, Named)
    model.show_rows([(name, 0) for name in "abcdef"])
    view.setCurrentIndex(model.index(3))
    for now in ("xabcdef", "xdbca", "dy", "yxd"):
        model.show_rows([(name, len(now)) for name in now])
        assert view.currentIndex().data() == f"d {len(now)}"
        assert [index.row() for index in view.selectedIndexes()] == [now.index("d")]


def test_only_what_says_something_else_is_told(view: QListView, qtbot: QtBot) -> None:
    model = view.model()
    assert isinstance(model, Named)
    told: list[tuple[int, int]] = []
    model.show_rows([("a", 1), ("b", 1), ("c", 1)])
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    model.show_rows([("a", 1), ("b", 2), ("c", 1)])
    assert told == [(1, 1)]


def test_where_the_list_stands_is_kept_when_something_comes_beneath(view: QListView) -> None:
    model = view.model()
    assert isinstance(model, Named)
    model.show_rows([(f"row{n}", 0) for n in range(60)])
    QApplication.processEvents()
    view.verticalScrollBar().setValue(20)
    model.show_rows([(f"row{n}", 1) for n in range(61)])
    QApplication.processEvents()
    assert view.verticalScrollBar().value() == 20


def test_any_list_becomes_any_other_by_qts_rules(qtbot: QtBot) -> None:
    model, chance = Named(), random.Random(4)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    for _ in range(200):
        wanted = [(chance.choice("abcdefgh"), chance.randrange(3)) for _ in range(chance.randrange(9))]
        model.show_rows(wanted)
        assert list(model.rows) == wanted
    assert tester.model() is model
