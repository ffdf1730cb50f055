"""One case at the unit's seat: its facts, the time left, large buttons, and what becomes possible when."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from commandcenter.domain.cases import Case, Stage, Superior, Tier
from commandcenter.domain.commands import STEPS
from commandcenter.domain.people import HOLDER_ROLES, Person
from commandcenter.domain.tasks import Task, TaskKind, TaskState
from ui.kit.case_parts.case_lines import (
    crew_lines,
    finding_lines,
    holder_line,
    petition_line,
    place_line,
    task_lines,
    task_texts,
)
from ui.kit.case_parts.clock import CaseTime, SecondClock, time_text
from ui.kit.case_parts.stages import stage_chip
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.chips import Chip, Glyph
from ui.kit.labels.elided import PanelTitle
from ui.kit.labels.facts import Fact
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.panels.scroll import FittedScroll
from ui.kit.texts import names
from ui.kit.texts.district_time import moment
from ui.kit.texts.words import Words, phrase, term
from ui.theme import mark
from ui.unit.facts import SeatFacts
from ui.unit.own_parts import OwnParts

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

OFFERED = {name: step.entry.key for name, step in STEPS.items() if step.rule.roles & HOLDER_ROLES}
PADDING = 24
_OF_ORDER = ("accept_order", "refuse_order", "release_crew")  # gone with the work: an order ends when the case leaves
_OF_PART = {
    "accept_task": TaskKind.CO_HANDLING,
    "report_task": TaskKind.CO_HANDLING,
    "refuse_task": TaskKind.CO_HANDLING,
    "arrive": TaskKind.WHISTLE,
}  # the steps of the body that was asked, by what it was asked for


class UnitCase(QWidget):
    """The head of the case with its buttons; `body` holds the facts, for the seat to place below."""

    def __init__(self, desk: "Desk", *, clock: SecondClock, act: Callable[[str], object]) -> None:
        super().__init__()
        self._desk, self._parts = desk, OwnParts(desk, clock)
        self.light, self.title, self.number = Glyph(size=16), PanelTitle(), Label(tone="tx2", selectable=True)
        self.stage = Chip(kind="stage")
        self._left_word, self.left, self._due = Label(tone="tx2"), Label(level="title"), Label(tone="tx2")
        self.buttons = {name: KeyButton(term("command", name), key=key, role="seat") for name, key in OFFERED.items()}
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, name=name: act(name))
        self.facts = SeatFacts()
        self._when = Label(tone="tx2", wrap=True)
        self._when_title = Label(level="strong")
        self.body = self._body()
        self._place()

    def show_case(self, case: Case) -> None:
        """Shows the case and what may be done with it now."""
        board = self._desk.board
        self.title.set_words(names.title(board, case))
        self.number.set_words(case.number or phrase("待编号"))
        self.stage.set_words(term("stage", case.stage), kind=stage_chip(case.stage))
        self.facts.show_facts(self._lines(case))
        self._offer(case)
        self.show_time(case)

    def show_time(self, case: Case) -> None:
        """Shows the present light and time left, and what can be given now."""
        for name, button in self.buttons.items():
            button.offer(self._desk.why_not(name, case))
        standing, part = self._parts.standing(case), self._parts.first(case)
        self.light.set_name(f"light.{'needs_you' if case.application and part is None else standing.light}")
        rests = standing.resting_due is not None
        words = phrase("停表") if rests else _left_words(case, part, standing)
        self._left_word.set_words(words)
        tone = {"soon": "warn", "overdue": "bad"}.get(standing.light, "tx1")
        self.left.set_words(time_text(standing, case, self._parts.clock.now), tone=tone)
        due = case.due if part is None else part.due
        self._due.set_words(phrase("限 {at}", at=self._moment(due)) if due and not rests else "")

    def _offer(self, case: Case) -> None:
        may = self._desk.may(case)
        for name, button in self.buttons.items():
            button.setVisible(self._is_offered(name, case))
            button.set_role("seat-primary" if name in may and STEPS[name].entry.main else "seat")
        part = self._parts.first(case)
        title, text = _when(case, self._desk.person) if part is None else _when_part(part)
        self._when_title.set_words(title)
        self._when.set_words(text)

    def _is_offered(self, name: str, case: Case) -> bool:
        """Whether the step is one of this seat in this case: who only helps has those of its own sub-tasks alone."""
        why = self._desk.why_not(name, case)
        if why in ("role", "no_crew") or (why == "stage" and name in _OF_ORDER):
            return False
        own = {task.kind for task in self._parts.of(case)}
        if name in _OF_PART:
            return _OF_PART[name] in own
        return not own and (name != "refuse_lead" or case.tier is Tier.DISTRICT)

    def _part_lines(self, case: Case) -> list[Fact]:
        """Returns the own sub-tasks, each with its state and what was asked for or reported."""
        found = []
        for task in self._parts.of(case):
            said: Words = term("task", task.state)
            if task.due is not None:
                said = phrase("{state}，限 {at}", state=said, at=self._moment(task.due))
            found.append(Fact(term("task_kind", task.kind, short=True), said, strong=True))
            found += [Fact(label, text) for label, text in task_texts(task)]
        return found

    def _lines(self, case: Case) -> list[Fact]:
        board = self._desk.board
        where = " · ".join(filter(None, (names.community(board, case.community), names.name(board, "grid", case.grid))))
        found = [
            *self._part_lines(case),
            place_line(case, strong=True),
            Fact(phrase("网格"), where or "—", tone="tx2"),
            petition_line(case),
            Fact(
                phrase("诉求人"),
                phrase("已密封，要电话请找派遣员") if case.petitioner else phrase("未留姓名电话"),
                tone="tx2",
            ),
        ]
        if case.dispatched_at is not None:
            found.append(Fact(phrase("派出"), self._moment(case.dispatched_at), tone="tx2"))
        if case.urged_at is not None:
            found.append(Fact(term("command", "urge"), self._moment(case.urged_at), tone="warn"))
        if case.application is not None:
            found.append(Fact(phrase("申请退回"), case.application.reason, tone="vio"))
        if self._parts.of(case):
            found.append(holder_line(board, case))
        found += task_lines(board, case, self._desk.now(), but=self._parts.body)
        found += crew_lines(board, case)
        found += finding_lines(case)
        if case.superior is not None:
            found.append(Fact(phrase("上级单"), self._superior(case.superior), tone="tx2"))
        return found

    def _superior(self, superior: Superior) -> Words:
        if superior.due is None:
            return superior.number
        return phrase("{number}，要求 {at} 前办结", number=superior.number, at=self._moment(superior.due))

    def _moment(self, at: datetime) -> str:
        return moment(self._desk.board, at, self._desk.now())

    def _place(self) -> None:
        head = hbox(None, self.light, self.title, self.stage, self.number, STRETCH, spacing=10)
        for widget in (self._left_word, self.left, self._due):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        for button in self.buttons.values():
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
        row = hbox(None, *((button, 1) for button in self.buttons.values()), spacing=10)
        vbox(self, head, row, margins=(PADDING, 16, PADDING, 16), spacing=16)

    def _body(self) -> QWidget:
        inside = mark(QWidget(), surface="bg1")
        note = mark(QFrame(), surface="card")
        vbox(note, self._when_title, self._when, margins=(12, 10, 12, 10), spacing=-1)
        vbox(inside, self.facts, note, STRETCH, margins=(PADDING, 16, PADDING, 16), spacing=20)
        return FittedScroll(inside, phrase("案件"))


def _left_words(case: Case, part: Task | None, standing: CaseTime) -> Words:
    """Returns what the time left is that of, for a body with the sub-task `part`, or without one."""
    if part is not None and not standing.is_stopped:
        return phrase("{part}余", part=term("task_kind", part.kind, short=True))
    if case.stage is Stage.DISPATCHED and part is None:
        return phrase("签收、处置余")
    if standing.is_stopped:
        return phrase("停在") if (standing.left or 0.0) < 0 else phrase("余时停在")
    return phrase("处置余")


def _when_part(task: Task) -> tuple[Words, Words]:
    """Returns title and text of what becomes possible when, for who only helps."""
    if task.kind is TaskKind.WHISTLE:
        return phrase("吹哨报到"), phrase("到了现场按报到；主办等着一起商量。")
    if task.state is TaskState.WAITING:
        return phrase("协办反馈何时可用"), phrase("签收后反馈本单位这一部分；不归本单位的，写明异议，由统筹员决定。")
    if task.state is TaskState.WORKING:
        return phrase("办完之后"), phrase("反馈只写本单位这一部分；协办都反馈了，主办才能反馈整件。")
    return phrase("已经反馈"), phrase("本单位这一部分已办完，整件等主办反馈。")


def _when(case: Case, person: Person | None) -> tuple[Words, Words]:
    """Returns title and text of what becomes possible when at the seat of `person`."""
    if case.is_open and (person is None or case.responsible != person.scope.holder):
        return phrase("由别处办理"), phrase("只供查看；办到哪一步，看上面的环节和右边的经过。")
    if case.application is not None:
        return phrase("退回申请待批"), phrase("派遣员同意后案件离开这里，不同意则继续办理；批下来之前不能反馈。")
    if not case.is_open:
        return phrase("已经办结"), phrase("只供查看；值班长重办后，会重新出现在左边。")
    if case.stage is Stage.DISPATCHED:
        return phrase("反馈何时可用"), phrase(
            "签收后可反馈；不归本单位办的，签收前后都可申请退回。断网时照常操作，先存本机。"
        )
    if case.open_tasks and case.stage is Stage.HANDLING:
        return phrase("反馈何时可用"), phrase("协办都反馈了才能反馈整件；等不及的，请统筹员越过协办。")
    if case.stage is Stage.HANDLING:
        return phrase("办完之后"), phrase(
            "反馈写明查到什么、怎么处置；反馈后计时停止，等结案。断网时照常操作，先存本机。"
        )
    return phrase("已经反馈"), phrase("等结案；结案前仍列在今日办结。")
