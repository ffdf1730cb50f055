"""The right side of the room: the crew in hand, what to do with the chosen case, and where nobody is on duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.people import Holder
from commandcenter.domain.teams import Crew
from commandcenter.recommendation.coverage import Gap, MoveUp
from commandcenter.recommendation.crews import Proposal
from ui.kit import records
from ui.kit.case_parts.clock import light_and_time
from ui.kit.case_parts.proposal_reasons import Reasons
from ui.kit.labels.label import line
from ui.kit.labels.reason_lines import ReasonLine
from ui.kit.layouts import vbox
from ui.kit.panels.headers import DockHeader
from ui.kit.panels.scroll import Scrolled, SteppedScroll
from ui.kit.texts import names
from ui.kit.texts.crews import crew_name, name_in_street
from ui.kit.texts.numbers import short
from ui.kit.texts.words import Words, phrase, term
from ui.teams.coverage import MOVES, ROW, CoveragePanel
from ui.teams.crew_card import CrewCard
from ui.teams.loans import loan_rows, move_row
from ui.teams.offers import Offers
from ui.teams.proposals import ProposalsPanel, Proposed
from ui.teams.proposing import Advice, advice, move_ups
from ui.teams.reading import Reading
from ui.teams.words import Wording
from ui.theme import filled

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

MISSING = 4  # lines


class TeamsSide(QWidget):
    """Shows a crew, advice for one case, and the coverage.

    `taken` carries the offer that the user chose, `lent` the command on a crew's loan.
    """

    taken = Signal(object)  # Offer
    lent = Signal(object)  # Command

    def __init__(self, desk: Desk, wording: Wording, offers: Offers) -> None:
        super().__init__()
        self._desk, self._board, self._wording, self._offers = desk, desk.board, wording, offers
        self._crew = ""
        self.crew = CrewCard(wording)
        self.head = DockHeader(phrase("推荐"))
        self.proposals = ProposalsPanel()
        self.coverage = CoveragePanel()
        filled(self, surface="bg1")
        below = SteppedScroll(self.coverage, phrase("职权在岗"), row=ROW)
        vbox(self, self.crew, self.head, (Scrolled(self.proposals, phrase("推荐")), 1), line(strong=True), (below, 1))
        self._below = below
        self.proposals.taken.connect(self.taken)
        for part in (self.coverage.moves, self.coverage.loans):
            part.taken.connect(self.lent)

    def show_crew(self, key: str) -> None:
        """Shows the crew `key` above all else; "" for none."""
        self._crew = key
        self.crew.show_crew(key)

    def show_reading(self, reading: Reading, case: Case | None) -> None:
        """Shows what is proposed for `case` and the coverage, as of the reading."""
        told = Reasons(self._board, reading.units)
        self.crew.show_crew(self._crew)
        self._show_advice(reading, case, told)
        moves = move_ups(self._board, reading)
        possible = [(gap, move) for gap, move in moves if move is not None][:MOVES]
        proposed = [move_row(self._desk, self._move_words(gap, move, told), move) for gap, move in possible]
        crews = list(records.current(self._board, Crew))  # also those of another street, if the seat sees them
        self.coverage.show_reading(reading, moves, told, proposed, list(loan_rows(self._desk, crews, told)))
        high = max(self.coverage.sizeHint().height(), self.coverage.heightForWidth(self.width()))
        self._below.setMaximumHeight(high)  # what is left belongs to the advice

    def _show_advice(self, reading: Reading, case: Case | None, told: Reasons) -> None:
        if case is None:
            self.head.set_note("")
            self.proposals.show_advice(phrase("选一件案件，这里说派给谁最合适、为什么。"), (), ())
            return
        found = advice(self._board, reading, case)
        self.head.set_note(f"{short(case, year=self._wording.clock.year)} {names.title(self._board, case)}")
        rows = [self._row(case, proposal, told) for proposal in found.proposals]
        proposed = {proposal.crew for proposal in found.proposals}  # what is against these stands beside them
        missing = [ReasonLine(told.words(one), None) for one in found.missing if one.about not in proposed][:MISSING]
        self.proposals.show_advice(self._note(case, found, told), rows, missing)

    def _note(self, case: Case, found: Advice, told: Reasons) -> Words:
        """Returns how the case stands, and what it needs."""
        clock = self._wording.clock
        stands = f"{light_and_time(clock.standing(case), case, clock.now)} · {names.place(case)}"
        if not found.powers:
            return stands
        return phrase("{stands}\n需要职权：{powers}", stands=stands, powers=told.powers(found.powers))

    def _row(self, case: Case, proposal: Proposal, told: Reasons) -> Proposed:
        unit = names.holder_name(self._board, proposal.unit, short=True)
        crew = records.find(self._board, Crew, proposal.crew)
        what = term("command", "dispatch" if case.stage is Stage.FILED else "send_crew")
        lines = [ReasonLine(told.words(one), one.is_for) for one in proposal.reasons]
        if crew is not None:
            brief = name_in_street(self._board, crew) if crew.street == case.street else ""
            return Proposed(crew_name(self._board, crew), brief, self._offers.send(case, crew), what, lines)
        holder = records.find(self._board, Holder, proposal.unit)
        assert holder is not None  # proposals are made from the holders of the board
        return Proposed(unit, "", self._offers.dispatch(case, holder), what, lines)

    def _move_words(self, gap: Gap, move: MoveUp, told: Reasons) -> Words:
        """Returns who could stand in, what it costs the giver, and whom to call."""
        crew = records.find(self._board, Crew, move.crew)
        unit = "" if crew is None else names.holder_with_phone(self._board, crew.unit, short=True)
        said = {"street": told.street(gap.street), "power": told.power(gap.power), "crew": told.crew(move.crew)}
        return phrase(
            "{street}缺{power}：{crew} 前移 {km} km，{giver}仍余 {left} 组。{unit}",
            giver=told.street(move.giver), km=f"{move.metres / 1000:.1f}", left=move.left, unit=unit, **said,
        )  # fmt: skip
