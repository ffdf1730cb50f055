"""How often the proposed lead is the one that led in the end, beside two plain ways, and what a proposal takes."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from commandcenter.demonstration import seed
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Import
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.protocol.codec import read_record
from commandcenter.recommendation.lead_questions import Asked, Body, Precedent, Question
from commandcenter.recommendation.lead_scores import Evidence
from commandcenter.recommendation.leads import recommend
from commandcenter.recommendation.precedents import Precedents
from commandcenter.server.intake.mapping import load
from commandcenter.server.intake.rows import RowReader, RowRejected
from commandcenter.server.intake.table import read
from commandcenter.server.queries.lead_precedents import all_precedents
from commandcenter.server.storage import database
from commandcenter.server.storage.tables import cases, districts, records
from resources import path
from tests.bench._lead_peers import Ranked, measured, most_frequent, nearest

GROUP = "recommend"
PAST = 0.7  # of a history, by time; the rest is asked about
MOST_MS, ASKED = 100.0, 60
POINTS = 0.1  # by which the first proposed is to be right more often than the most frequent lead of the kind
FREQUENT, KNN = "the most frequent lead of this kind", "a plain k-nearest-neighbour on the same features"
_WAYS = {"frequent": (FREQUENT, most_frequent), "knn": (KNN, nearest)}
NAMES = (
    "leads.recommend",
    *(f"recommend.lead.{top}.baohe.{way}" for top in ("top1", "top3") for way in _WAYS),
    "recommend.lead.hops.baohe",
)


@dataclass(frozen=True, slots=True)
class History:
    """Cases that were led, the bodies that may lead, and the powers that each kind names."""

    cases: tuple[Precedent, ...]
    bodies: tuple[Body, ...]
    powers: Mapping[str, tuple[str, ...]]

    @property
    def parts(self) -> tuple[tuple[Precedent, ...], tuple[Precedent, ...]]:
        """(past, rest), by time."""
        ordered = sorted(self.cases, key=lambda one: (one.at, one.case))
        cut = int(len(ordered) * PAST)
        return tuple(ordered[:cut]), tuple(ordered[cut:])

    def asked(self, case: Precedent) -> Asked:
        """Returns the question for the lead of a case, as it stood before it had one."""
        question = Question(case.case, case.kind, case.street, case.grid, case.text)
        return Asked(question, self.powers.get(case.kind or "", ()), self.bodies)

    def ours(self, past: Sequence[Precedent]) -> Callable[[Precedent], Ranked]:
        """Returns the recommendation's way to name the lead."""
        known = Precedents(past)

        def name(case: Precedent) -> Ranked:
            asked = self.asked(case)
            scores = Evidence(known, asked).scores(asked.bodies)
            return [asked.bodies[place].id for place in (-scores).argsort(kind="stable")]

        return name


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields the rows over the generated archive of eight months."""
    with tempfile.TemporaryDirectory() as folder:
        seed.seed(Path(folder), full=True, tell=lambda line: None)
        engine = database.open_readers(Path(folder))
        with engine.connect() as connection, connection.begin():
            led, everything = _history(connection)
        engine.dispose()
    yield _time(led, everything)
    yield from _hits(led, "baohe", {"frequent": POINTS, "knn": 0.0})
    yield _hops(led)


def history_rows(told: History) -> Iterator[dict[str, Any]]:
    """Yields the rows over another city's history."""
    yield from _hits(told, "history", {"frequent": 0.0, "knn": 0.0})


def table_history(file: Path, mapping: str) -> History:
    """Returns whom another system's table names as responsible, read by a shipped mapping. Raises ImportFailed."""
    known = load(path("mappings", f"{mapping}.toml"))
    reader, found = RowReader(known), []
    for chunk in read(file, known).chunks:
        for _, row in chunk:
            try:
                found.append(reader.read(row))
            except RowRejected:
                continue
    led = tuple(_imported(one) for one in found if one.responsible is not None)
    bodies = tuple(Body(key) for key in sorted({one.lead for one in led}))
    return History(led, bodies, {})


def _imported(one: Import) -> Precedent:
    at, place = one.received_at.timestamp(), one.community
    return Precedent(one.case, one.kind, one.street, place, one.text, at, one.responsible or "")


def _history(connection: Connection) -> tuple[History, tuple[Precedent, ...]]:
    """Returns the cases that the district led, and all cases of the archive as if it had led them too."""
    district = connection.execute(select(districts.c.id)).scalar_one()
    led = tuple(all_precedents(connection, district).values())
    there = {"holder": [], "kind": []}  # type: dict[str, list[Any]]
    for row in connection.execute(select(records.c.kind, records.c.body).where(records.c.kind.in_(there))):
        there[row.kind].append(read_record(row.kind, row.body))
    holders: list[Holder] = there["holder"]
    kinds: list[Kind] = there["kind"]
    bodies = tuple(Body(one.id, one.power) for one in holders if one.kind is HolderKind.DEPARTMENT)
    bodies_of = connection.execute(select(cases.c.body).order_by(cases.c.key)).scalars()
    all_cases = (read_record("case", body) for body in bodies_of)
    everything = tuple(_as_led(case, one) for case, one in zip(all_cases, cycle(led), strict=False))
    return History(led, bodies, {kind.id: kind.powers for kind in kinds}), everything


def _as_led(case: Any, like: Precedent) -> Precedent:
    assert isinstance(case, Case)
    at = case.received_at.timestamp()
    told = {"kind": case.kind, "street": case.street, "grid": case.grid, "text": case.text, "at": at}
    return replace(like, case=case.id, **told)


def _time(led: History, everything: tuple[Precedent, ...]) -> dict[str, Any]:
    """Returns the row of a whole answer with reasons and changes, over as many precedents as the archive has cases."""
    known, chance = Precedents(everything), random.Random(5)
    asked = [led.asked(case) for case in chance.sample(led.cases, ASKED)]
    own = statistics.median(_ms(lambda one=one: recommend(known, one)) for one in asked)  # type: ignore[misc]
    peer = statistics.median(_ms(lambda one=one: _counted(everything, one)) for one in asked)  # type: ignore[misc]
    name = "the same precedents counted by kind, one by one"
    how = {"bound": f"<= {MOST_MS:g} ms", "holds": own <= MOST_MS}
    return {"name": NAMES[0], "value": own, "unit": "ms", "peer": name, "peer_value": peer, "ratio": own / peer} | how


def _counted(everything: tuple[Precedent, ...], asked: Asked) -> list[tuple[str, int]]:
    return Counter(one.lead for one in everything if one.kind == asked.case.kind).most_common()


def _hits(history: History, where: str, more: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    past, rest = history.parts
    own = measured(history.ours(past), rest)
    peers = {way: (name, measured(made(past), rest)) for way, (name, made) in _WAYS.items()}
    for top in ("top1", "top3"):
        for way, (name, found) in peers.items():
            points = more[way] if top == "top1" else 0.0
            values = (getattr(own, top), getattr(found, top))
            yield _share(f"recommend.lead.{top}.{where}.{way}", values, name, points)


def _hops(history: History) -> dict[str, Any]:
    """Returns the row of the first refusals that would not have been: the first proposed is who led in the end."""
    past, rest = history.parts
    refused = [case for case in rest if case.refused]
    own, peer = (measured(way(past), refused).top1 for way in (history.ours, most_frequent))
    return _share(NAMES[-1], (own, peer), FREQUENT, 0.0)


def _share(name: str, values: tuple[float, float], peer: str, points: float) -> dict[str, Any]:
    own, other = values
    return {
        "name": name,
        "value": own,
        "unit": "of cases",
        "peer": peer,
        "peer_value": other,
        "ratio": own / other if other else None,
        "bound": f">= peer + {points:g}" if points else ">= peer",
        "holds": own >= other + points,
    }


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
