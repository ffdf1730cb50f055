"""Answers who should lead a case of the district and who should help: the best few, with reasons and precedents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from commandcenter.domain.lead_advice import Argument, LeadAdvice, ProposedBody, SimilarCase
from commandcenter.recommendation.lead_changes import changes
from commandcenter.recommendation.lead_questions import Asked, Precedent
from commandcenter.recommendation.lead_reasons import Reasons
from commandcenter.recommendation.lead_scores import Evidence
from commandcenter.recommendation.precedents import Places, Precedents

LEADS = 5  # bodies proposed as lead
HELPERS = 3  # bodies proposed as co-handler
LIKELY = 0.25  # how likely a co-handler has to help, to be proposed
SHOWN = 6  # precedents


def learnt(rows: Sequence[Precedent]) -> Precedents:
    """Returns what is to be learnt from precedents, once for many questions."""
    return Precedents(rows)


def recommend(known: Precedents, asked: Asked, *, rev: int = 0, reads_text: bool = True) -> LeadAdvice:
    """Returns the proposal for the case at its revision `rev`; without bodies it is empty.

    `reads_text`: whether the text of `asked` is the case's, and not withheld from the reader.
    """
    evidence = Evidence(known, asked)
    scores = evidence.scores(asked.bodies)
    reasons = Reasons(evidence, asked)
    order = [int(place) for place in np.argsort(-scores, kind="stable")[:LEADS]]
    leads = tuple(_proposed(asked, place, scores[place], reasons.of_lead(place)) for place in order)
    return LeadAdvice(
        case=asked.case.case,
        rev=rev,
        leads=leads,
        co_handlers=tuple(_helpers(evidence, asked, order[0], reasons)) if order else (),
        precedents=tuple(_shown(evidence, asked, reasons.similar[:SHOWN])),
        changes=changes(evidence, asked, scores),
        known=len(known.rows),
        reads_text=reads_text,
    )


def _helpers(evidence: Evidence, asked: Asked, lead: int, reasons: Reasons) -> Iterator[ProposedBody]:
    likely = evidence.helping(lead)
    for place in np.argsort(-likely, kind="stable")[:HELPERS]:
        body = asked.bodies[place]
        if likely[place] >= LIKELY and not (body.helps or body.refused_help):
            yield _proposed(asked, int(place), likely[place], reasons.of_helper(int(place)))


def _proposed(asked: Asked, place: int, score: float, arguments: tuple[Argument, ...]) -> ProposedBody:
    reasons = tuple(one for one in arguments if one.is_for)
    against = tuple(one for one in arguments if not one.is_for)
    return ProposedBody(asked.bodies[place].id, round(float(score), 4), reasons, against)


def _shown(evidence: Evidence, asked: Asked, rows: Places) -> Iterator[SimilarCase]:
    for number in rows:
        row = evidence.known.rows[number]
        yield SimilarCase(
            case=row.case,
            kind=row.kind,
            at=datetime.fromtimestamp(row.at, UTC),
            lead=row.lead,
            helpers=row.helpers,
            refused=row.refused,
            likeness=round(min(float(evidence.weighed.alike[number]), 1.0), 3),
            same_grid=row.grid is not None and row.grid == asked.case.grid,
            seconds=row.seconds,
        )
