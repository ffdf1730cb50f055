"""The list of attention under the bell: opened by key, read and answered without the mouse, gone with Esc."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from commandcenter.attention.causes import Concern
from commandcenter.attention.heed import Heed
from commandcenter.domain.hall_shift import shift_at
from ui.attention.delegate import HEAD, ROW, AttentionPainter
from ui.attention.model import AttentionModel, HeedHeading
from ui.attention.volume import VolumeChoice
from ui.attention.watch import AttentionWatch
from ui.attention.wording import Wording
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.label import Label, Retranslated, line
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts import names
from ui.kit.texts.words import phrase
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from commandcenter.sync.desk import Desk

WIDTH, EDGE = 560, 8  # pixels
FIRST = 1  # the row below the first heading
MOST = 11  # rows of the list without scrolling
SNOOZE = timedelta(minutes=10)


class AttentionList(Retranslated, QFrame):
    """A box at the right under the top bar; `opened` carries what the person wants to look at."""

    opened = Signal(object)  # Concern
    closed = Signal()

    def __init__(self, desk: Desk, watch: AttentionWatch, settings: Settings, volume: VolumeChoice, parent: QWidget):
        super().__init__(parent)
        self._desk, self._watch, self._settings, self._under = desk, watch, settings, parent
        mark(self, surface="command")
        self._wording = Wording(desk)
        self.model = AttentionModel(watch, self._wording, self)
        self.view = self._new_view()
        self.volume = volume
        self.empty = Label(
            phrase("眼下没有要留意的。新案件、快到期和超期、拒单和退回、吹哨和超时都会在这里。"), tone="tx2", wrap=True
        )
        self.title = Label(phrase("留意"), level="section")
        self.open_it = KeyButton(phrase("打开"), key="↵", role="row")
        self.seen = KeyButton(phrase("知道了"), key="Space", role="row")
        self.all_seen = KeyButton(phrase("全部知道了"), key="A", role="row")
        self.later = KeyButton(phrase("推迟 10 分钟"), key="Z", role="row")
        self.next_shift = KeyButton(phrase("推到下一班"), key="Shift+Z", role="row")
        self._box = self._place()
        self._wire()
        self.hide()

    def toggle(self) -> None:
        """Opens the box, or closes it."""
        self.open() if self.isHidden() else self.leave()

    def open(self) -> None:
        """Shows the box at its first row, with the keyboard."""
        self.refresh()
        self.show()
        self.raise_()
        self.view.setCurrentIndex(self.model.index(FIRST))
        self.view.scrollToTop()
        holder = self.view if self.model.rowCount() else self
        holder.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Hides the box."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def refresh(self) -> None:
        """Reads everything again; what was chosen stays chosen, else what stands in its place."""
        row = self.view.currentIndex().row()
        self.model.refresh()
        if self.chosen is None or (row <= FIRST and self._watch.is_reading):  # what stands above it is still to come
            self._choose_near(row)
        self._show_rows(self.model.rowCount() > 0)
        for button in (self.open_it, self.seen, self.all_seen, self.later, self.next_shift):
            button.setEnabled(self.model.rowCount() > 0)
        self.fit()

    def fit(self) -> None:
        """Takes its place at the right, as high as its rows."""
        heads = sum(isinstance(row, HeedHeading) for row in self.model.rows)
        rows = heads * HEAD + (self.model.rowCount() - heads) * ROW
        self.view.setFixedHeight(min(rows, MOST * ROW, self._under.height() - 190))
        width = min(WIDTH, self._under.width() - 2 * EDGE)
        self.setFixedWidth(width)
        self._box.invalidate()
        self.setGeometry(self._under.width() - width - EDGE, MEASURES.top_bar + 4, width, self.sizeHint().height())

    @property
    def chosen(self) -> Concern | None:
        """What is chosen; None for nothing."""
        entry = self.model.entry_at(self.view.currentIndex().row())
        return None if entry is None else entry.concern

    def retell(self) -> None:
        self.model.refresh_all()
        self.fit()

    def _new_view(self) -> QListView:
        view = QListView(self)
        view.setModel(self.model)
        view.setItemDelegate(AttentionPainter(self._watch, self._wording, view))
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(str(phrase("留意")))
        view.installEventFilter(self)
        return view

    def _place(self) -> QVBoxLayout:
        head, foot = mark(QWidget(self), surface="bg1"), mark(QWidget(self), surface="bg2")
        hbox(head, self.title, STRETCH, self.volume, margins=(16, 8, 12, 8), spacing=8)
        answers = (self.open_it, self.seen, self.all_seen, STRETCH, self.later, self.next_shift)
        hbox(foot, *answers, margins=(12, 6, 12, 6), spacing=6)
        self.empty.setContentsMargins(16, 14, 16, 14)
        return vbox(self, head, line(), self.empty, self.view, line(), foot, margins=(1, 1, 1, 1))

    def _wire(self) -> None:
        for button, do in (
            (self.open_it, self._open_chosen),
            (self.seen, self._see),
            (self.all_seen, self._see_all),
            (self.later, self._snooze),
            (self.next_shift, self._snooze_to_next_shift),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _on=False, do=do: do())
        self.view.doubleClicked.connect(lambda _index: self._open_chosen())
        self._watch.changed.connect(self._refresh_if_shown)
        self.installEventFilter(self)  # without rows the box itself has the keyboard

    def _show_rows(self, has_rows: bool) -> None:
        """Shows the rows or that there are none, with the keyboard at whichever of both it is."""
        if not has_rows and self.view.hasFocus():
            self.setFocus()  # hidden, the view would give it to something elsewhere
        self.view.setVisible(has_rows)
        self.empty.setVisible(not has_rows)
        if has_rows and self.hasFocus():
            self.view.setFocus()

    def _refresh_if_shown(self) -> None:
        if not self.isHidden():
            self.refresh()

    def _choose_near(self, row: int) -> None:
        rows = sorted(range(self.model.rowCount()), key=lambda at: abs(at - row))
        near = next((at for at in rows if self.model.entry_at(at) is not None), -1)
        self.view.setCurrentIndex(self.model.index(near) if near >= 0 else QModelIndex())

    def _open_chosen(self) -> None:
        one = self.chosen
        if one is not None:
            self._watch.see([one])
            self.hide()  # what is opened takes the keyboard
            self.opened.emit(one)

    def _see(self) -> None:
        self._answer(self._watch.see)

    def _see_all(self) -> None:
        """Answers all but what was put off: that comes again by itself."""
        self._watch.see([one for one in self._watch.standing if self._watch.heed(one) in (Heed.FRESH, Heed.BEFORE)])

    def _snooze(self) -> None:
        self._put_off(self._desk.now() + SNOOZE)

    def _answer(self, do: Callable[[list[Concern]], object]) -> None:
        """Does something about what is chosen, and chooses what stands in its place then."""
        row = self.view.currentIndex().row()
        if self.chosen is not None:
            do([self.chosen])
            self._choose_near(row)

    def _snooze_to_next_shift(self) -> None:
        now = self._desk.now()
        self._put_off(shift_at(now, names.zone(self._desk.board), str(self._settings["shifts"])).until)

    def _put_off(self, until: datetime) -> None:
        self._answer(lambda found: self._watch.snooze(found, until))

    def _does(self, event: QKeyEvent) -> object:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ShiftModifier:
            return self._snooze_to_next_shift if event.key() == Qt.Key.Key_Z else None
        if held != Qt.KeyboardModifier.NoModifier:
            return None
        return {
            Qt.Key.Key_Return: self._open_chosen,
            Qt.Key.Key_Enter: self._open_chosen,
            Qt.Key.Key_Space: self._see,
            Qt.Key.Key_A: self._see_all,
            Qt.Key.Key_Z: self._snooze,
            Qt.Key.Key_M: self.volume.turn,
            Qt.Key.Key_Escape: self.leave,
        }.get(Qt.Key(event.key()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list's keys are its own, whatever the window does with them elsewhere."""
        if watched is self and self.model.rowCount():
            return False  # of a button, which has keys of its own
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            does = self._does(event)
            if does is not None and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
            elif callable(does):
                does()
            return does is not None
        if event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self._leave_if_away)
        return False

    def _leave_if_away(self) -> None:
        focus = self.window().focusWidget()
        if focus is not None and focus is not self and not self.isAncestorOf(focus):
            self.leave()
