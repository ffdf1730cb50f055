"""The bar above the queue: chips for filters and grouping, and a text filter; when narrow, one chip for all filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from ui.cases.filters import FIELDS, QueueFilter, values
from ui.cases.texts import Texts
from ui.kit.controls.menus import drop
from ui.kit.labels.chips import Chip, FilterChip
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import STRETCH, hbox
from ui.kit.texts import names, times
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, phrase, say, term, word
from ui.theme import MEASURES, filled, mark

if TYPE_CHECKING:
    from commandcenter.store.board import Board

NAMES = {"street": phrase("街镇"), "kind": phrase("小类"), "channel": phrase("渠道"), "tier": phrase("层级")}
GROUPS = {
    "": phrase("无"), "light": phrase("灯"), "stage": phrase("环节"), "tier": phrase("层级"),
    "street": phrase("街镇"), "kind": phrase("小类"),
}  # fmt: skip
TYPING = 120  # milliseconds without typing before the text filters
SPACING = 8
FIELD, NARROW_FIELD = 132, 84  # pixels; the text filter


class FilterBar(Retranslated, QWidget):
    """The queue's filter and grouping, with the signals `changed(QueueFilter)` and `grouped(key of GROUPS)`."""

    changed = Signal(object)
    grouped = Signal(str)

    def __init__(self, board: Board, texts: Texts, *, now: Callable[[], float]) -> None:
        """`now` returns the platform's time in seconds since 1970."""
        super().__init__()
        self._board, self._texts, self._now = board, texts, now
        self._filter, self._group = QueueFilter(), ""
        self._chips = {name: FilterChip(NAMES[name], "") for name in FIELDS}
        self._all = FilterChip(phrase("筛选"), "")
        self._grouping = FilterChip(phrase("分组"), "")
        self._due = FilterChip(phrase("到期"), "", image="x")
        self._rest = Chip(shape="timer-off")
        self._rests: tuple[Words, Words] = "", ""
        self._words = mark(QLineEdit(), place="row")
        self._typing = QTimer(self, interval=TYPING, singleShot=True)
        self._typing.timeout.connect(self._type)
        self._lay()
        self._wire()
        self._show()

    @property
    def filter(self) -> QueueFilter:
        """The current filter."""
        return self._filter

    def set_tab(self, tab: str) -> None:
        """Sets the filter's tab, a key of TABS."""
        self._take(replace(self._filter, tab=tab))

    def set_due(self, span: tuple[float, float] | None) -> None:
        """Shows only what falls due within `span` (from, before; seconds since 1970); None: whenever it does."""
        self._take(replace(self._filter, due=span))

    def clear(self) -> None:
        """Clears the filter except its tab."""
        self._words.clear()
        self._typing.stop()
        self._take(QueueFilter(tab=self._filter.tab))

    def focus_text(self) -> None:
        """Focuses the text filter and selects its text."""
        self._words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._words.selectAll()

    def show_rest(self, full: Words, brief: Words) -> None:
        """Shows that working time rests, as `brief` where `full` has no room; "" for none, while it runs.

        Touches nothing while that is shown already.
        """
        if (full, brief) != self._rests:
            self._rests = full, brief
            self._rest.setVisible(bool(full))
            self._fit()

    def said(self) -> str:
        """Returns the filter without its tab as text, e.g. 包公街道 · 网格员."""
        parts = [self._value(name) for name in FIELDS if getattr(self._filter, name)]
        due = phrase("{span} 到期", span=self._span()) if self._filter.due else ""
        return " · ".join(str(part) for part in (*parts, due, self._filter.words) if str(part))

    def _span(self) -> str:
        """Returns from when to when is shown what falls due."""
        zone, moments = names.zone(self._board), self._filter.due or (0.0, 0.0)
        return times.near_span(*(datetime.fromtimestamp(at, zone) for at in (*moments, self._now())))

    def retell(self) -> None:
        self._words.setPlaceholderText(say("筛文字"))
        self._words.setAccessibleName(say("按编号、地点、正文、承办筛选，拼音也可"))
        self._words.setToolTip(plain_tip(say("按编号、地点、正文、承办筛选，拼音也可  L")))
        self._due.setToolTip(plain_tip(say("不再只看这段时间到期的")))
        self._due.setAccessibleDescription(say("不再只看这段时间到期的"))
        self._rest.setToolTip(plain_tip(say("按工作时间算的时限停表，不分昼夜的照走")))
        self._show()

    def _lay(self) -> None:
        filled(self, surface="bg1")
        self.setFixedHeight(MEASURES.filter_bar)
        self._rest.hide()
        self._due.hide()
        self._words.setClearButtonEnabled(True)
        chips = (*self._chips.values(), self._all, self._grouping, self._due, self._rest)
        margins = (MEASURES.dock_padding, 0, MEASURES.dock_padding, 0)
        hbox(self, *chips, STRETCH, self._words, margins=margins, spacing=SPACING)
        self.retell()

    def _wire(self) -> None:
        for name, chip in self._chips.items():
            chip.clicked.connect(lambda _on=False, name=name, chip=chip: drop(self._menu(name), chip))
        self._all.clicked.connect(lambda: drop(self._menu_of_all(), self._all))
        self._grouping.clicked.connect(lambda: drop(self._menu_of_groups(QMenu(self)), self._grouping))
        self._due.clicked.connect(lambda: self.set_due(None))
        self._words.textEdited.connect(lambda _text: self._typing.start())

    def _take(self, wanted: QueueFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._show()
            self.changed.emit(wanted)

    def _type(self) -> None:
        self._take(replace(self._filter, words=self._words.text().strip()))

    def _show(self) -> None:
        for name, chip in self._chips.items():
            chip.set_value(self._value(name) or phrase("全部"), filtering=bool(getattr(self._filter, name)))
        listed = replace(self._filter, due=None).count
        self._all.set_value(str(listed or ""), filtering=bool(listed))
        self._due.set_value(self._span(), filtering=True)
        self._due.setVisible(self._filter.due is not None)
        self._grouping.set_value(GROUPS[self._group], filtering=bool(self._group))
        self._fit()

    def _value(self, name: str) -> Words:
        key = getattr(self._filter, name)
        if not key:
            return ""
        return term("tier", key) if name == "tier" else self._texts.name(name, key)

    def _menu(self, name: str, parent: QMenu | None = None) -> QMenu:
        menu = parent.addMenu(str(NAMES[name])) if parent else QMenu(self)
        group = QActionGroup(menu)
        known = self._counted(name)
        self._add(menu, group, say("全部"), sum(known.values()), name, "")
        menu.addSeparator()
        for title, keys in self._by_heading(name, known).items():
            shelf = menu.addMenu(title) if title else menu
            for key in keys:
                said = word("tier", key) if name == "tier" else self._texts.name(name, key)
                self._add(shelf, group, said, known[key], name, key)
        return menu

    def _counted(self, name: str) -> dict[str, int]:
        """Returns how many cases each value of the field `name` would show under the tab, text and other filters."""
        let_through = self._filter.choosing(name, "").mask(self._board.cases, self._texts, self._now())
        chosen = getattr(self._filter, name)
        return ({chosen: 0} if chosen else {}) | values(self._board.cases, name, let_through)

    def _by_heading(self, name: str, known: dict[str, int]) -> dict[str, list[str]]:
        """Returns the values by heading, the most frequent first: kinds under their class 大类, all others under ""."""
        shelves: dict[str, list[str]] = {}
        for key in sorted(known, key=lambda key: (-known[key], self._texts.name(name, key))):
            shelves.setdefault(getattr(self._board.find(name, key), "class_name", ""), []).append(key)
        return shelves

    def _add(self, menu: QMenu, group: QActionGroup, said: str, count: int, name: str, key: str) -> None:
        action = _action(menu, f"{said}\t{count:,}", is_on=getattr(self._filter, name) == key, group=group)
        action.triggered.connect(lambda: self._take(self._filter.choosing(name, key)))

    def _menu_of_all(self) -> QMenu:
        menu = QMenu(self)
        for name in FIELDS:
            self._menu(name, menu)
        self._menu_of_groups(menu.addMenu(say("分组")))
        menu.addSeparator()
        menu.addAction(say("清除筛选"), self.clear)
        return menu

    def _menu_of_groups(self, menu: QMenu) -> QMenu:
        group = QActionGroup(menu)
        for key, name in GROUPS.items():
            action = _action(menu, str(name), is_on=key == self._group, group=group)
            action.triggered.connect(lambda _on=False, key=key: self.group_by(key))
        return menu

    def group_by(self, key: str) -> None:
        """Groups the rows by `key` of GROUPS ("" for none)."""
        self._group = key
        self._show()
        self.grouped.emit(key)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, MEASURES.filter_bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Gives way: first a chip for each filter, then the words about the rest, then the text filter."""
        room = self.width() - 2 * MEASURES.dock_padding
        for roomy, brief, field in ((True, 0, FIELD), (False, 0, FIELD), (False, 1, FIELD), (False, 1, NARROW_FIELD)):
            self._rest.set_words(self._rests[brief])
            self._grouping.show()
            if self._width(roomy=roomy) + field <= room:
                break
        else:
            self._grouping.setVisible(bool(self._group))  # the menu of all filters has the groups, too
        for chip in self._chips.values():
            chip.setVisible(roomy)
        self._all.setVisible(not roomy)
        self._words.setFixedWidth(field)

    def _width(self, *, roomy: bool) -> int:
        """Returns the pixels that the chips take, each with the space behind it."""
        shown = (*self._chips.values(),) if roomy else (self._all,)
        others = (chip for chip in (self._grouping, self._due, self._rest) if not chip.isHidden())
        return sum(chip.sizeHint().width() + SPACING for chip in (*shown, *others))


def _action(menu: QMenu, said: str, *, is_on: bool, group: QActionGroup) -> QAction:
    action = menu.addAction(said.replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(is_on)
    group.addAction(action)
    return action
