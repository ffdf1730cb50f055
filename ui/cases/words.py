"""Texts about a case outside its row: facts in the timeline, what it waits for, limits and refusals."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

from commandcenter.domain import facts as past
from commandcenter.domain.awaiting import awaited_step
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import STEPS
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Text, marked
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import HOLDER_ROLES, Holder, Role
from commandcenter.domain.records import KIND_OF
from commandcenter.domain.rules import refuse_unless_applied
from ui.cases.lead_words import LEAD_FACTS
from ui.kit import records
from ui.kit.texts import names
from ui.kit.texts.glossary import called
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
    """Returns whose main step a case waits for, for a user who cannot give it."""
    name = awaited_step(case)
    if name is None:
        return phrase("已办完，只供查看")
    rule = STEPS[name].rule
    what = phrase("批申请") if refuse_unless_applied in rule.where else term("command", name)
    return phrase("等{who}{what}", who=_who(board, case, rule.roles), what=what)


def _who(board: Board, case: Case, roles: frozenset[Role]) -> Words:
    """Returns the holder of the case when the step is a holder's, otherwise the roles that may give it."""
    if roles <= HOLDER_ROLES:
        return names.holder_name(board, case.responsible, short=True)
    called: list[Words] = [term("role", role) for role in Role if role in roles]
    return reduce(lambda one, other: phrase("{one}或{other}", one=one, other=other), called)


def holder_note(board: Board, holder: Holder) -> str:
    """Returns a holder's street and its relation to that street."""
    parts = [names.name(board, "street", holder.street)]
    if holder.relation is not None:
        parts.append(str(term("relation", holder.relation)))
    return " · ".join(filter(None, parts))


def _noted(board: Board, fact: past.Fact) -> Words:
    said: Words = term("fact", past.name_of(fact))
    about = past.records_of(fact)
    is_of_case = any(kind == KIND_OF[Case].name for kind, _ in about)
    for kind, key in about[1:] if is_of_case else ():
        said = phrase("{what} {who}", what=said, who=names.name(board, kind, key))
    notes = (getattr(fact, name) for name, _ in marked(fact, Text))
    return next((phrase("{what}：{note}", what=said, note=note) for note in notes if note), said)


def _taken(board: Board, fact: past.Taken) -> Words:
    return phrase("受理，{channel}", channel=names.name(board, "channel", fact.channel))


def _filed(board: Board, fact: past.Filed) -> Words:
    kind = records.find(board, Kind, fact.kind)
    if kind is None:
        return term("fact", "filed")
    limit = fact.basis.limit if fact.basis else kind.limit
    return phrase("立案，{kind} {limit}", kind=called(kind.name), limit=limit_words(limit))


def _dispatched(board: Board, fact: past.Dispatched) -> Words:
    to = phrase("派遣至{holder}", holder=names.holder_name(board, fact.to, short=True))
    return phrase("{what}：{note}", what=to, note=fact.note) if fact.note else to


_FACTS: dict[type, _Say] = {
    **LEAD_FACTS,
    past.Taken: _taken,
    past.Filed: _filed,
    past.Dispatched: _dispatched,
    past.Imported: lambda board, fact: phrase(
        "导入，{channel} {number}", channel=names.name(board, "channel", fact.channel), number=fact.external
    ),
}
