"""The one line at the foot of an open case: what comes next, or the receipt of what was just given to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, Dispatch, name_of
from commandcenter.domain.commands.compensating import compensation
from commandcenter.domain.decisions import Refused
from commandcenter.store.overlay import Act
from ui.cases.next_button import TALL, NextButton
from ui.cases.next_step import Next, NextSteps
from ui.cases.proposal import ProposedLead
from ui.cases.receipt import GLANCE, UNDO, Receipt, ReceiptBox
from ui.cases.words import act_words, fact_words, refused_words
from ui.kit import records
from ui.kit.case_parts.clock import SecondClock
from ui.kit.case_parts.deliveries import own_acts_needing_decision, present
from ui.kit.layouts import stacked
from ui.kit.seat.context import SeatContext
from ui.kit.seat.tasks import spawn
from ui.kit.texts.district_time import clock
from ui.kit.texts.words import Words, phrase, say, term

TOLD = 2  # facts: a dispatch and the crew that goes with it
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
        self._receipts: dict[str, Receipt] = {}  # by case, the last one last
        self._is_last = True  # no act was told elsewhere since the last receipt
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

    def turn(self) -> None:
        """Lets the seconds run, also for a receipt that is out of sight."""
        now = self._desk.now()
        ended = [key for key, told in self._receipts.items() if now >= told.until and not told.needs_you]
        for key in ended:
            del self._receipts[key]
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
        self._is_last = case is not None and ("case", case.id) in act.refs and self._is_seen
        if case is None or not self._is_last:
            return False
        self._refusals.pop(case.id, None)
        self._receipts.pop(case.id, None)
        self._receipts[case.id] = self._new_receipt(present(self._desk, act), case)
        self._lay()
        return True

    def take_refusal(self, case: str, why: Words) -> bool:
        if self._key != case or not self._is_seen:
            return False
        self._refusals[case] = (why, self._desk.now() + REFUSED)
        self._lay()
        return True

    def shows(self, cmd_id: str) -> bool:
        told = self._shown
        return told is not None and told.act.cmd_id == cmd_id and self._is_seen

    def offered(self, case: str, name: str) -> tuple[Command, ...]:
        is_this = self._key == case and self.step == name
        is_read = self._desk.now() >= self._read
        return self.button.next.commands if is_this and is_read and self._is_seen else ()

    def undo(self) -> None:
        """Takes back what the receipt in sight says, else the last act, and shows its case; says so when none can be.

        What others did meanwhile to a case out of sight is only shown: it has to be seen before it is lost.
        """
        self._receipts = {key: self._checked(told) for key, told in self._receipts.items()}
        shown, told = self._key, self._undone_next()
        if told is None:
            self._seat.tell(phrase("没有可撤销的操作"), "ok")
            return
        self._seat.focus.choose(told.case.id, by="undo")
        if told.case.id == shown or not str(told.meanwhile):
            spawn(self._undo(told), name=f"undo {told.act.cmd_id}")

    def _undone_next(self) -> Receipt | None:
        """Returns the receipt of what is taken back next; None for nothing, or where a later act is told elsewhere."""
        now = self._desk.now()
        possible = {key: one for key, one in self._receipts.items() if one.may_undo and now < one.until}
        if self._key in possible and self._is_seen:
            return possible[self._key]
        return next(reversed(possible.values()), None) if self._is_last else None

    async def _undo(self, told: Receipt) -> None:
        command = _compensation(told.act)
        if command is None:
            return
        done = await self._desk.do(command)
        name = name_of(command)
        if isinstance(done, Refused):
            self._receipts.pop(told.case.id, None)
            self._seat.tell_refusal(told.case, refused_words(name, done))
        else:
            self._receipts[told.case.id] = replace(told, until=self._desk.now())  # it ends, wherever the next is told
            self._seat.tell_act(done, act_words(told.case, name))

    @property
    def _is_seen(self) -> bool:
        """Whether the line is on screen, and no room covers it."""
        return not self.window().isMinimized() and not self.visibleRegion().isEmpty()

    @property
    def _shown(self) -> Receipt | None:
        return self._receipts.get(self._key)

    @property
    def _case(self) -> Case | None:
        return records.find(self._desk.board, Case, self._key)

    def _follow(self, _nothing: None) -> None:
        """Shows the acts as they are now; one that was dropped needs no receipt."""
        found = {key: replace(told, act=present(self._desk, told.act)) for key, told in self._receipts.items()}
        self._receipts = {key: told for key, told in found.items() if not told.act.is_dropped}
        self._lay()

    def _lay(self) -> None:
        case = self._case
        if case is None:
            return
        self._recall_waiting(case)
        if (told := self._shown) is not None:
            told = self._receipts[case.id] = self._checked(told)
            at = told.act.moved_at or told.act.made_at or self._desk.now()
            self.receipt.show_receipt(told, clock(self._desk.board, at), self._desk.now())
            self._put(self.receipt)
            return
        why, _ = self._refusals.get(case.id, ("", None))
        self._show_next(Next(why) if why else self._steps.of(case))
        self._put(self.button)

    def _recall_waiting(self, case: Case) -> None:
        """Tells the own act on `case` that waits for a decision, wherever and whenever it was given."""
        waiting = (act for act in own_acts_needing_decision(self._desk) if ("case", case.id) in act.refs)
        if case.id not in self._receipts and (act := next(waiting, None)) is not None:
            self._receipts[case.id] = self._new_receipt(act, case)

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

    def _new_receipt(self, act: Act, case: Case) -> Receipt:
        told = say("，").join(str(fact_words(self._desk.board, fact)) for fact in act.facts[:TOLD])
        stands = GLANCE if _compensation(act) is None else UNDO
        return Receipt(act, told or act_words(case, act.name), case, self._desk.now() + stands)

    def _checked(self, told: Receipt) -> Receipt:
        """Returns the receipt with what others did to its case since, and whether it can still be taken back."""
        command = _compensation(told.act)
        now = records.find(self._desk.board, Case, told.case.id)
        is_own = now is not None and now.hops == told.case.hops  # nobody has dispatched it again since
        is_possible = is_own and command is not None and not isinstance(self._desk.preview(command), Refused)
        said = "" if now is None or told.needs_you else _changed(told.case, now)
        may_undo = is_possible and not told.needs_you
        until = told.until if may_undo or not told.may_undo else min(told.until, self._desk.now() + GLANCE)
        return replace(told, may_undo=may_undo, meanwhile=said, until=until)

    def _ask(self) -> None:
        """Carries what the line offers; a press that was meant for the receipt in its place is for nothing."""
        if self._desk.now() >= self._read:
            self.asked.emit(self.button.next.step)

    def _open(self) -> None:
        if (told := self._shown) is not None:
            self.decided.emit(told.act.cmd_id)


def _compensation(act: Act) -> Command | None:
    return compensation(act.command, say("刚给出就撤销"))


def _is_swapped(before: tuple[Command, ...], now: tuple[Command, ...]) -> bool:
    """Returns whether a case is to go to another unit or crew than before; a crew may come to the same unit."""
    match before, now:
        case (Dispatch() as old, *_), (Dispatch() as new, *_) if old.case == new.case:
            return old.to != new.to or (old.crew is not None and old.crew != new.crew)
    return False


def _changed(before: Case, now: Case) -> Words:
    """Returns what became of a case meanwhile, "" for nothing."""
    if now.application is not None and now.application != before.application:
        return phrase("其间：{what}", what=phrase("申请退回，待批"))
    is_same = (before.stage, before.responsible) == (now.stage, now.responsible)
    return "" if is_same else phrase("其间：{what}", what=term("stage", now.stage))
