"""The right side of the room: how the chosen case stands, what it says, who could take part, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.lead_advice import LeadAdvice, ProposedBody
from ui.kit.case_parts.lead_advice import Advising, argument_words
from ui.kit.command_line.saying import line_of
from ui.kit.feedback.states import StateCard
from ui.kit.labels.chips import Glyph
from ui.kit.labels.label import Label, line
from ui.kit.labels.reason_lines import ReasonLine
from ui.kit.layouts import hbox, stacked, vbox
from ui.kit.panels.headers import DockHeader
from ui.kit.panels.scroll import Scrolled
from ui.kit.texts import names
from ui.kit.texts.numbers import short
from ui.kit.texts.words import phrase, term
from ui.leads.advice_panel import AdvicePanel
from ui.leads.bodies import candidates_for, reason_words
from ui.leads.bodies_panel import FIRST, BodiesPanel, Choice
from ui.leads.candidates import Candidate
from ui.leads.offers import Offer, Offers
from ui.leads.steps_bar import StepsBar
from ui.leads.tasks_panel import TasksPanel
from ui.leads.wording import Wording
from ui.theme import MEASURES, filled

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

MOST = 40  # bodies in the list


class LeadsSide(QWidget):
    """Shows one case; `taken` carries the offer that the user chose, `asked` the name of a step."""

    taken = Signal(object)  # Offer
    asked = Signal(str)
    advised = Signal()  # the platform has answered who should lead

    def __init__(self, desk: Desk, wording: Wording, offers: Offers) -> None:
        super().__init__()
        self._wording, self._offers = wording, offers
        self.head = DockHeader(phrase("统筹"))
        self.light, self.stands = Glyph(size=14), Label(level="strong", wrap=True)
        self.where, self.text = Label(tone="tx2", wrap=True), Label(wrap=True, selectable=True)
        self.objection = Label(tone="vio", wrap=True)
        self.more = AdvicePanel()
        self.tasks, self.bodies = TasksPanel(wording), BodiesPanel(self.more)
        self.steps = StepsBar(desk)
        self._advising = Advising(desk, self)
        self._nothing = StateCard()
        filled(self, surface="bg1")
        self._place()
        self.bodies.taken.connect(self.taken)
        self.steps.asked.connect(self.asked)
        self._advising.came.connect(self.advised)

    def show_case(self, case: Case | None) -> None:
        """Shows a case with who could take part in it; None: no case of the board is chosen."""
        self._shown.setCurrentIndex(0 if case is not None else 1)
        self.steps.setVisible(case is not None)
        if case is None:
            self.head.set_note("")
            title = phrase("没有选中的案件")
            self._nothing.tell("empty", title, phrase("方向键走到一张卡，这里说它在等什么、谁来办。"))
            return
        self.head.set_note(f"{short(case, year=self._wording.clock.year)} {names.title(self._wording.board, case)}")
        self.text.set_words(names.petition(case))
        self.where.set_words(" · ".join(filter(None, (self._wording.place(case), self._wording.street(case)))))
        self._tell_objection(case)
        choices = self._choices(case, self._advising.on(case))
        is_asking = self._advising.is_asking
        if is_asking:  # what the answer may put in another order is under nobody's keys
            choices = []
        may_choose = case.is_open and not case.reported_at
        self.bodies.show_choices(choices if may_choose else (), are_coming=is_asking and may_choose)
        self.steps.show_case(case, self._line(choices))
        self.turn(case)

    def turn(self, case: Case) -> None:
        """Shows the times of the case as of this second."""
        self.light.set_name(f"light.{self._wording.light(case)}")
        self.stands.set_words(self._wording.coordinated(case))
        self.tasks.show_case(case)
        self.steps.turn(case)

    def _line(self, choices: list[Choice]) -> str:
        """Returns how the command line says what the first key does; "" where it does nothing."""
        first = choices[0].offers[0] if choices and choices[0].offers else None
        return line_of(self._wording.board, (first.command,)) if first is not None and first.may else ""

    def _tell_objection(self, case: Case) -> None:
        found = case.objection
        self.objection.setVisible(found is not None)
        if found is not None:
            body, why = self._wording.body(found.holder), term("objection", found.code)
            self.objection.set_words(phrase("{body}不主办：{why} {text}", body=body, why=why, text=found.reason))

    def _choices(self, case: Case, advice: LeadAdvice) -> list[Choice]:
        """Returns the bodies that the platform proposes, best first, and then those that the board itself tells."""
        board, local = self._wording.board, candidates_for(self._wording.board, case)
        known = {one.body: one for one in local}
        proposed = (advice.leads if case.responsible is None else advice.co_handlers)[:FIRST]
        first = [self._proposed(case, one, at, known) for at, one in enumerate(proposed, 1)]
        others = [one for one in local if one.body not in {choice.body for choice in first}]
        self.more.show_advice(board, advice)
        return [*first, *(self._choice(case, one) for one in others)][:MOST]

    def _proposed(self, case: Case, one: ProposedBody, rank: int, known: Mapping[str, Candidate]) -> Choice:
        board = self._wording.board
        said = [ReasonLine(argument_words(board, why), why.is_for) for why in (*one.reasons, *one.against)]
        load = known[one.holder].load if one.holder in known else 0
        note = phrase("{score} · 在办 {n}", score=f"{one.score:.2f}", n=f"{load:,}")
        offers = self._offered(case, one.holder, rank if case.responsible is None else None)
        return Choice(one.holder, self._wording.body(one.holder), note, tuple(said), offers)

    def _choice(self, case: Case, found: Candidate) -> Choice:
        board = self._wording.board
        reasons = tuple(ReasonLine(reason_words(board, case, one), one.is_for) for one in found.reasons)
        load = phrase("在办 {n}", n=f"{found.load:,}")
        load = phrase("本案主办 · {load}", load=load) if found.body == case.responsible else load
        return Choice(found.body, self._wording.body(found.body), load, reasons, self._offered(case, found.body, None))

    def _offered(self, case: Case, body: str, rank: int | None) -> tuple[Offer, ...]:
        """Returns the likelier and the other part for the body; none for who may not coordinate."""
        if not self._offers.may_ever:
            return ()
        offers = (self._offers.lead(case, body, rank), self._offers.helper(case, body))
        return offers if case.responsible is None else offers[::-1]

    def _place(self) -> None:
        pad = MEASURES.dock_padding
        inside, rule = filled(QWidget(), surface="bg1"), line()
        top = hbox(None, self.light, (self.stands, 1), spacing=8)
        parts = (top, self.where, self.text, self.objection, self.tasks, rule, self.bodies, (None, 1))
        vbox(inside, *parts, margins=(pad, 10, pad, 10), spacing=8)
        body, upper = QWidget(), QWidget()
        vbox(upper, Scrolled(inside, phrase("统筹")))
        self._shown = stacked(None, upper, self._nothing)
        body.setLayout(self._shown)
        vbox(self, self.head, (body, 1), self.steps)
