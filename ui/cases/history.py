"""What happened to a case: the platform's facts, or what the record tells when they cannot be had; own acts on top."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from commandcenter.domain import facts as past
from commandcenter.domain.cases import Case
from commandcenter.store.overlay import Delivery
from ui.cases.words import fact_words
from ui.kit.names import who
from ui.kit.timeline import Entry

if TYPE_CHECKING:
    from commandcenter.store.board import Board

TONES: dict[type, str] = {past.ReturnApplied: "viog", past.ReturnApproved: "ac", past.Closed: "okg"}
MARKS = {Delivery.KEPT: "kept", Delivery.SENT: "sent", Delivery.NEEDS_YOU: "needs_you"}


def told(board: Board, facts: Iterable[past.Fact]) -> list[Entry]:
    """The facts as lines of a timeline, oldest first."""
    return [
        Entry(fact.at, fact_words(board, fact), who=who(board, fact.by), tone=TONES.get(type(fact), "tx3"))
        for fact in facts
    ]


def pending(board: Board, case: Case) -> list[Entry]:
    """The person's own acts on `case` that have not taken effect, in the order given."""
    return [
        Entry(fact.at, fact_words(board, fact), who=who(board, fact.by), tone="ac", delivery=MARKS[act.delivery])
        for act in board.overlay.acts
        if act.delivery in MARKS
        for fact in act.facts
        if past.record_of(fact) == ("case", case.id)
    ]


def from_record(case: Case) -> tuple[past.Fact, ...]:
    """What the record alone tells, when nobody can be asked: the moments, without who."""
    key, kind = case.id, case.kind or ""
    taken = past.Taken(
        case=key,
        by="",
        at=case.received_at,
        number=case.number,
        channel=case.channel,
        kind=kind,
        text=case.text,
        place=case.place,
        street=case.street or "",
    )
    found: list[past.Fact] = [taken]
    if case.filed_at and case.due and case.green_until:
        found.append(past.Filed(key, "", case.filed_at, kind, case.due, case.green_until))
    if case.dispatched_at and case.responsible:
        found.append(past.Dispatched(key, "", case.dispatched_at, to=case.responsible, tier=case.tier))
    if case.accepted_at:
        found.append(past.Accepted(key, "", case.accepted_at))
    if case.application:
        found.append(past.ReturnApplied(key, "", case.application.at, case.application.reason))
    if case.reported_at:
        found.append(past.Reported(key, "", case.reported_at, case.finding))
    if case.ended_at:
        found.append(past.Closed(key, "", case.ended_at))
    return tuple(sorted(found, key=lambda fact: fact.at))
