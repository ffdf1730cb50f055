"""The bodies of the board as candidates for a case, and their reasons in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.lead_advice import OtherAnswer
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.tasks import TaskKind, TaskState
from ui.kit import records
from ui.kit.texts import names
from ui.kit.texts.words import FilledTerm, Words, phrase, term
from ui.leads.candidates import Because, Body, Candidate, Reason, candidates
from ui.leads.reading import loads

if TYPE_CHECKING:
    from commandcenter.store.board import Board

_KINDS = (HolderKind.DEPARTMENT, HolderKind.UNIT)
_OF_STATE = {TaskState.REPORTED: Because.HAS_HELPED, TaskState.REFUSED: Because.REFUSED_PART}


def candidates_for(board: Board, case: Case) -> tuple[Candidate, ...]:
    """Returns who could take part in the case, likeliest first."""
    kind, load = records.find(board, Kind, case.kind), loads(board)
    bodies = [
        Body(one.id, one.power, one.street, load.get(one.id, 0), _part(case, one.id))
        for one in records.current(board, Holder)
        if one.kind in _KINDS and not (one.kind is HolderKind.UNIT and one.street != case.street)
    ]
    return candidates(bodies, powers=kind.powers if kind else (), street=case.street)


def reason_words(board: Board, case: Case, reason: Reason) -> Words:
    """Returns a reason in words."""
    if reason.because is Because.DUTY:
        return phrase("职责：{kind}", kind=names.name(board, "kind", case.kind))
    if reason.because in (Because.MUCH_TO_DO, Because.LITTLE_TO_DO):
        said = {"n": reason.load, "mean": f"{reason.mean:.1f}"}
        if reason.because is Because.MUCH_TO_DO:
            return phrase("在办 {n} 件，高于均值 {mean}", **said)
        return phrase("在办 {n} 件，低于均值 {mean}", **said)
    return term("because", reason.because)


def change_words(board: Board, change: OtherAnswer) -> Words:
    """Returns what would change the answer, and to whom."""
    holder, about = (names.holder_name(board, one, short=True) for one in (change.lead, change.about))
    values = {"holder": holder, "score": f"{change.score:.2f}", "about": about}
    return FilledTerm("lead_change", change.code, {**values, "amount": change.amount, "words": change.words})


def _part(case: Case, body: str) -> Because | None:
    if case.responsible == body:
        return Because.LEADS
    if case.objection is not None and case.objection.holder == body:
        return Because.REFUSED_LEAD
    mine = (one for one in case.tasks if one.holder == body and one.kind is TaskKind.CO_HANDLING)
    state = next((one.state for one in mine), None)
    return None if state is None else _OF_STATE.get(state, Because.HELPS)
