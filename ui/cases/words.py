"""Texts about a case outside its row: facts in the timeline, what it waits for, limits and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from commandcenter.domain import facts as past
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Text, marked
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder
from ui.kit import records
from ui.kit.texts import names
from ui.kit.texts.numbers import limit_words, tail
from ui.kit.texts.words import Phrase, Words, phrase, term

if TYPE_CHECKING:
    from commandcenter.store.board import Board

_Say = Callable[["Board", Any], Words]


def fact_words(board: Board, fact: past.Fact) -> Words:
    """Returns the text of a fact in the timeline."""
    return _FACTS.get(type(fact), _noted)(board, fact)


def refused_words(name: str, refused: Refused) -> Phrase:
    """Returns why the command `name` was refused."""
    return phrase("没有{what}：{why}", what=term("command", name), why=term("refusal", refused.code))


def act_words(case: Case, name: str) -> Phrase:
    """Returns the case's number and the word for the command `name`."""
    return phrase("{number} {what}", number=tail(case), what=term("command", name))


def waits_words(board: Board, case: Case) -> Words:
    """Returns what a case waits for, for a user who can give it no command now."""
    if case.application is not None:
        return phrase("等派遣员批退回申请")
    holder = names.holder_name(board, case.responsible, short=True)
    return {
        Stage.RECEIVED: phrase("等值班长立案"),
        Stage.FILED: phrase("等派遣员派遣"),
        Stage.DISPATCHED: phrase("等{holder}签收", holder=holder),
        Stage.HANDLING: phrase("等{holder}反馈", holder=holder),
        Stage.REPORTED: phrase("等值班长或受理员结案"),
    }.get(case.stage, phrase("已办完，只供查看"))


def holder_note(board: Board, holder: Holder) -> str:
    """Returns a holder's street and its relation to that street."""
    parts = [names.name(board, "street", holder.street)]
    if holder.relation is not None:
        parts.append(str(term("relation", holder.relation)))
    return " · ".join(filter(None, parts))


def _noted(board: Board, fact: past.Fact) -> Words:
    said, notes = term("fact", past.name_of(fact)), (getattr(fact, name) for name, _ in marked(fact, Text))
    return next((phrase("{what}：{note}", what=said, note=note) for note in notes if note), said)


def _taken(board: Board, fact: past.Taken) -> Words:
    return phrase("受理，{channel}", channel=names.name(board, "channel", fact.channel))


def _filed(board: Board, fact: past.Filed) -> Words:
    kind = records.find(board, Kind, fact.kind)
    if kind is None:
        return term("fact", "filed")
    limit = fact.basis.limit if fact.basis else kind.limit
    return phrase("立案，{kind} {limit}", kind=kind.name, limit=limit_words(limit))


def _dispatched(board: Board, fact: past.Dispatched) -> Words:
    to = phrase("派遣至{holder}", holder=names.holder_name(board, fact.to, short=True))
    return phrase("{what}：{note}", what=to, note=fact.note) if fact.note else to


_FACTS: dict[type, _Say] = {
    past.Taken: _taken,
    past.Filed: _filed,
    past.Dispatched: _dispatched,
    past.Imported: lambda board, fact: phrase(
        "导入，{channel} {number}", channel=names.name(board, "channel", fact.channel), number=fact.external
    ),
}
