"""The dialog for choosing a record for a step of a case: likeliest first, searched by name, pinyin or initials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QLineEdit

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, HolderKind, Person
from commandcenter.domain.records import KINDS, Record
from ui.cases.filters import values
from ui.cases.words import holder_note
from ui.kit import records
from ui.kit.dialogs import Sheet, run_dialog
from ui.kit.forms.form import FormField, personal_number_refusal
from ui.kit.forms.typing import too_long
from ui.kit.labels.label import Label
from ui.kit.search.candidates import Candidate
from ui.kit.search.search_list import SearchList
from ui.kit.search.spelling import fit
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import phrase, say, term

if TYPE_CHECKING:
    from commandcenter.store.board import Board

MOST = 40

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Choice:
    """The id of the chosen record and a note to go with it ("" for none)."""

    id: str
    note: str


class RankedRecords:
    """The records of `kind` that are in use, those of the street of `case` first, then by name."""

    def __init__(self, board: Board, kind: str, case: Case) -> None:
        self._board, self._kind = board, kind
        found = records.current(board, KINDS[kind].type)
        self._ranked = sorted(found, key=lambda one: (records.street(one) != case.street, *self._names(one)))

    def like(self, typed: str) -> tuple[Candidate, ...]:
        """Returns up to MOST records whose name or street matches `typed`, best first; the likeliest if it is blank."""
        found = _best(typed, self._ranked, self._names)
        return tuple(Candidate(name, one, street) for one in found for name, street in (self._names(one),))

    def _names(self, record: Record) -> tuple[str, str]:
        street = records.street(record)
        return names.name(self._board, self._kind, record.id), names.name(self._board, "street", street)


class RankedHolders:
    """The holders that `person` may dispatch `case` to, likeliest first; only those of the person's street, if any."""

    def __init__(self, board: Board, case: Case, person: Person | None) -> None:
        self._board, self._case = board, case
        kind = records.find(board, Kind, case.kind)
        self._powers = kind.powers if kind else ()
        cases = board.cases
        self._load = values(cases, "responsible", cases["alive"] & cases.is_open)  # open cases by holder
        bound = person.scope.street if person else None
        mine = (holder for holder in records.current(board, Holder) if bound is None or holder.street == bound)
        self._ranked = sorted(mine, key=lambda holder: (self._distance(holder), holder.id))

    def like(self, typed: str) -> tuple[Candidate, ...]:
        """Returns up to MOST holders whose name or street matches `typed`, best first; the likeliest if it is blank."""
        found = _best(typed, self._ranked, lambda holder: (holder.name, holder.short, self._street(holder)))
        return tuple(map(self._offer, found))

    def _distance(self, holder: Holder) -> tuple[int, int]:
        """Returns the sort key: a rank, then the place of the holder's power among the kind's powers.

        Ranks: 0 the grid team of the case's grid, 1 units of its street with a power of the kind, 2 other units of its
        street, 3 departments with such a power, 4 other departments, 5 others of its street, 6 the rest.
        """
        power = self._powers.index(holder.power) if holder.power in self._powers else len(self._powers)
        has_power = holder.power in self._powers
        if holder.kind is HolderKind.GRID_TEAM and holder.grid == self._case.grid:
            return 0, power
        if holder.street == self._case.street and holder.kind is HolderKind.UNIT:
            return 1 if has_power else 2, power
        if holder.kind is HolderKind.DEPARTMENT:
            return 3 if has_power else 4, power
        return 5 if holder.street == self._case.street else 6, power

    def _street(self, holder: Holder) -> str:
        return names.name(self._board, "street", holder.street)

    def _offer(self, holder: Holder) -> Candidate:
        count = self._load.get(holder.id, 0)
        aside = say("在办 {n}", n=count) if count else ""
        return Candidate(holder.short or holder.name, holder, holder_note(self._board, holder), aside)


RANKINGS = {"holder": RankedHolders}  # the kinds that have a ranking of their own


async def choose(context: SeatContext, case: Case, step: str, *, kind: str, note: str | None) -> Choice | None:
    """Asks for the record of `kind` that the step of `case` needs; returns None when the user cancels.

    `note` is the text with which a field for a note begins; None: there is no such field.
    """
    board, what = context.desk.board, term("command", step)
    ranking: RankedHolders | RankedRecords = RankedRecords(board, kind, case)
    if kind in RANKINGS:
        ranking = RANKINGS[kind](board, case, context.desk.person)
    title = phrase("{what} {number} {kind}", what=what, number=tail(case), kind=names.title(board, case))
    sheet = Sheet(context.window, title=title, width=520)
    search = SearchList(candidates=ranking.like, hint=phrase("名称、拼音或首字母，如 wh cg"), inline=True)
    field = QLineEdit(note or "")
    field.setPlaceholderText(say("附言，可不填"))
    field.setAccessibleName(say("附言"))
    noted = FormField(field)
    taken: list[Any] = []

    def take(candidate: Candidate | None) -> None:
        wrong = personal_number_refusal(field.text()) or too_long(field.text())
        noted.set_error(wrong)
        if wrong is None and candidate is not None:
            taken[:] = [candidate.thing]
            sheet.accept()

    search.chosen.connect(take)
    sheet.content.addWidget(Label(case.place, tone="tx2", wrap=True))
    sheet.content.addWidget(search)
    if note is not None:
        sheet.content.addWidget(noted)
    sheet.add_answer(phrase("取消"), sheet.reject, key="Esc", role="text")
    sheet.add_answer(what, lambda: take(search.current()), key="Ctrl ↵", role="primary")
    search.offer(ranking.like(""))
    search.edit.setFocus()
    return Choice(taken[0].id, field.text().strip()) if await run_dialog(sheet) and taken else None


def _best(typed: str, ranked: Sequence[R], named: Callable[[R], tuple[str, ...]]) -> list[R]:
    """Returns up to MOST of `ranked` of which a name matches `typed`, best first; the first ones if it is blank."""
    rated = [(rank, one) for one in ranked if (rank := fit(typed, *named(one))) is not None]
    return [one for _, one in sorted(rated, key=lambda row: row[0])[:MOST]]
