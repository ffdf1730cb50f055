"""Two plain ways to name the lead of a case, beside which the recommendation is measured; both know the past alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commandcenter.recommendation.lead_questions import Precedent

NEIGHBOURS = 10
Ranked = list[str]  # leads, the likeliest first


@dataclass(frozen=True, slots=True)
class Hit:
    """How often the lead in the end was the first named, and among the first three; shares of the cases."""

    top1: float
    top3: float


def measured(name: Callable[[Precedent], Ranked], cases: Sequence[Precedent]) -> Hit:
    """Returns how often `name` names the lead that each of `cases` had in the end."""
    places = [named.index(case.lead) if case.lead in (named := name(case)) else len(cases) for case in cases]
    return Hit(*(sum(place < most for place in places) / len(cases) for most in (1, 3)))


def most_frequent(past: Sequence[Precedent]) -> Callable[[Precedent], Ranked]:
    """Names the leads of the kind by how often they led it, then all others by how often they led at all."""
    by_kind: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for one in past:
        by_kind[one.kind][one.lead] += 1
    by_all = [lead for lead, _ in Counter(one.lead for one in past).most_common()]

    def name(case: Precedent) -> Ranked:
        of_kind = [lead for lead, _ in by_kind[case.kind].most_common()]
        return [*of_kind, *(lead for lead in by_all if lead not in of_kind)]

    return name


def nearest(past: Sequence[Precedent]) -> Callable[[Precedent], Ranked]:
    """Names the leads of the nearest cases of the kind, of all where it has none: most features in common."""
    known: defaultdict[str | None, list[tuple[frozenset[str], float, str]]] = defaultdict(list)
    for one in past:
        entry = (_features(one), one.at, one.lead)
        known[one.kind].append(entry)
        known[_ALL].append(entry)

    def name(case: Precedent) -> Ranked:
        mine = _features(case)
        others = known.get(case.kind) or known[_ALL]
        near = sorted(((len(mine & one) / len(mine | one), at, lead) for one, at, lead in others), reverse=True)
        return [lead for lead, _ in Counter(lead for _, _, lead in near[:NEIGHBOURS]).most_common()]

    return name


_ALL = "\0"


def _features(case: Precedent) -> frozenset[str]:
    """Returns what the recommendation looks at, too: pairs and triples of letters, kind, grid and street."""
    text = case.text
    pieces = (text[at : at + size] for size in (2, 3) for at in range(len(text) - size + 1))
    return frozenset([*pieces, f"kind {case.kind}", f"grid {case.grid}", f"street {case.street}"])
