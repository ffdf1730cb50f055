"""The one line at the foot of an open case: what comes next, or the receipt of what was just given to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, Dispatch, name_of
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Fact
from commandcenter.store.overlay import Act
from ui.cases.next_button import TALL, NextButton
from ui.cases.next_step import Next, NextSteps
from ui.cases.proposal import ProposedLead
from ui.cases.receipt import Receipt, ReceiptBox
from ui.cases.receipts import Receipts, undoing
from ui.cases.words import act_words, refused_words
from ui.kit import records
from ui.kit.case_parts.clock import SecondClock
from ui.kit.layouts import stacked
from ui.kit.seat.context import SeatContext
from ui.kit.seat.tasks import spawn
from ui.kit.texts.district_time import clock
from ui.kit.texts.words import Words, phrase

REFUSED = timedelta(seconds=8)  # for which a refusal stands in the line
UNREAD = timedelta(seconds=0.7)  # for which nobody has read what took the place of a receipt or another proposal


class NextLineBox(QWidget):
    """Implements ui.kit.seat.next_lines.NextLine for the case that `show_case` was given; call `turn` each second.

    `asked` carries the name of the command that the line offers, `decided` the id of an act that has to be decided.
    """

    asked = Signal(str)
    decided = Signal(str)

    def __init__(self, seat: SeatContext, ticking: SecondClock) -> None:
        super().__init__()
        self._seat, self._desk, self._clock = seat, seat.desk, ticking
        lead = ProposedLead(seat.desk, self)
        lead.came.connect(self._lay)
        self._steps = NextSteps(seat.desk, ticking, lead)
        self._key = ""  # of the case shown, "" for none
        self._receipts = Receipts(seat.desk)
        self._refusals: dict[str, tuple[Words, datetime]] = {}  # by case, each with its end
        self._read = seat.desk.now()  # from when on what is proposed may be given
        self.button, self.receipt = NextButton(), ReceiptBox()
        self._stack = stacked(self, self.button, self.receipt)
        self.setFixedHeight(TALL)
        self.button.clicked.connect(self._ask)
        self.receipt.undo_asked.connect(self.undo)
        self.receipt.opened.connect(self._open)
        self._desk.acts.changed.connect(self._follow)
        seat.lines.add(self)

    def close_following(self) -> None:
        """Stops following the acts, and takes no more."""
        self._seat.lines.remove(self)
        self._desk.acts.changed.disconnect(self._follow)

    def show_case(self, key: str) -> None:
        """Shows what comes next for the case with the id `key`, or what was just given to it; "" for no case."""
        self._key = key
        self._lay()

    def hear(self, history: tuple[Fact, ...]) -> None:
        """Takes what the platform told of the case shown, so that receipt and history name one time."""
        self._receipts.hear(self._key, history)
        self._lay()

    def turn(self) -> None:
        """Lets the seconds run, also for a receipt that is out of sight."""
        now = self._desk.now()
        self._receipts.turn()
        self._refusals = {key: told for key, told in self._refusals.items() if now < told[1]}
        self._lay()

    @property
    def step(self) -> str:
        """The name of the command that the line offers, "" for none."""
        return self.button.next.step if self._stack.currentWidget() is self.button else ""

    def text(self) -> str:
        """Returns what the line says."""
        is_next = self._stack.currentWidget() is self.button
        return self.button.text() if is_next else self.receipt.text()

    def take_act(self, act: Act) -> bool:
        case = self._case
        if case is None or ("case", case.id) not in act.refs or not self._is_seen:
            self._receipts.pass_over()
            return False
        self._refusals.pop(case.id, None)
        self._receipts.take(act, case)
        self._lay()
        return True

    def take_refusal(self, case: str, why: Words) -> bool:
        if self._key != case or not self._is_seen:
            return False
        self._refusals[case] = (why, self._desk.now() + REFUSED)
        self._lay()
        return True

    def shows(self, cmd_id: str) -> bool:
        told = self._receipts.find(self._key)
        return told is not None and told.act.cmd_id == cmd_id and self._is_seen

    def offered(self, case: str, name: str) -> tuple[Command, ...]:
        is_this = self._key == case and self.step == name
        is_read = self._desk.now() >= self._read
        return self.button.next.commands if is_this and is_read and self._is_seen else ()

    def undo(self) -> None:
        """Takes back what the receipt in sight says, else the last act, and shows its case; says so when none can be.

        What others did meanwhile to a case out of sight is only shown: it has to be seen before it is lost.
        """
        shown, told = self._key, self._receipts.next_undone(self._key if self._is_seen else "")
        if told is None:
            self._seat.tell(phrase("没有可撤销的操作"), "ok")
            return
        self._seat.focus.choose(told.case.id, by="undo")
        if told.case.id == shown or not str(told.meanwhile):
            spawn(self._undo(told), name=f"undo {told.act.cmd_id}")

    async def _undo(self, told: Receipt) -> None:
        command = undoing(told.act)
        if command is None:
            return
        done = await self._desk.do(command)
        name = name_of(command)
        if isinstance(done, Refused):
            self._receipts.drop(told.case.id)
            self._seat.tell_refusal(told.case, refused_words(name, done))
        else:
            self._receipts.end(told)  # wherever the next is told
            self._seat.tell_act(done, act_words(told.case, name))

    @property
    def _is_seen(self) -> bool:
        """Whether the line is on screen, and no room covers it."""
        return not self.window().isMinimized() and not self.visibleRegion().isEmpty()

    @property
    def _case(self) -> Case | None:
        return records.find(self._desk.board, Case, self._key)

    def _follow(self, _nothing: None) -> None:
        self._receipts.follow()
        self._lay()

    def _lay(self) -> None:
        case = self._case
        if case is None:
            return
        if (told := self._receipts.current(case)) is not None:
            self.receipt.show_receipt(told, clock(self._desk.board, told.at), self._desk.now())
            self._put(self.receipt)
            return
        why, _ = self._refusals.get(case.id, ("", None))
        self._show_next(Next(why) if why else self._steps.of(case))
        self._put(self.button)

    def _show_next(self, following: Next) -> None:
        """Shows a sentence; whom it proposes in the place of another has to be read first."""
        before = self.button.next
        if _is_swapped(before.commands, following.commands):
            self._read = self._desk.now() + UNREAD
        self.button.show_next(following)

    def _put(self, shown: QWidget) -> None:
        """Puts `shown` in front; the keyboard goes with it, and not to what takes back what it has just given."""
        focused = QApplication.focusWidget()
        has_keyboard = focused is not None and self.isAncestorOf(focused)
        is_other = shown is not self._stack.currentWidget()
        if is_other and shown is self.button:
            self._read = self._desk.now() + UNREAD
        self._stack.setCurrentWidget(shown)
        if has_keyboard and is_other:
            shown.setFocus()

    def _ask(self) -> None:
        """Carries what the line offers; a press that was meant for the receipt in its place is for nothing."""
        if self._desk.now() >= self._read:
            self.asked.emit(self.button.next.step)

    def _open(self) -> None:
        if (told := self._receipts.find(self._key)) is not None:
            self.decided.emit(told.act.cmd_id)


def _is_swapped(before: tuple[Command, ...], now: tuple[Command, ...]) -> bool:
    """Returns whether a case is to go to another unit or crew than before; a crew may come to the same unit."""
    match before, now:
        case (Dispatch() as old, *_), (Dispatch() as new, *_) if old.case == new.case:
            return old.to != new.to or (old.crew is not None and old.crew != new.crew)
    return False
