"""Answers who should lead a case: keeps the precedents of each district, fitted, and follows what happens since."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.lead_advice import LeadAdvice, SimilarCase
from commandcenter.domain.people import Holder, HolderKind, Person
from commandcenter.domain.records import KIND_OF
from commandcenter.domain.secrecy import may_read
from commandcenter.domain.tasks import TaskState
from commandcenter.protocol.codec import read_record
from commandcenter.recommendation.lead_questions import Asked, Body, Precedent, Question
from commandcenter.server.queries import lead_precedents
from commandcenter.server.queries.lead_precedents import LeadCourse
from commandcenter.server.storage.projections import find
from commandcenter.server.storage.tables import cases, districts, records

if TYPE_CHECKING:
    from commandcenter.recommendation.precedents import Precedents

SHARE = 0.05  # of the time that fitting may take
FOLLOWED = 5_000  # log entries that are followed one by one; after more all is read anew

_HOLDER, _KIND = KIND_OF[Holder].name, KIND_OF[Kind].name


@dataclass(slots=True)
class _Known:
    """The precedents of a district as the log had them at `head`, fitted when fitting has not just been done."""

    rows: dict[str, Precedent]
    head: int
    fitted: Precedents
    is_fitted: bool
    next_at: float


@dataclass(frozen=True, slots=True)
class LeadAdvisor:
    """Proposes leads and co-handlers; its precedents are read at the first question and renewed at later ones.

    `mono` gives seconds. What is new is fitted in at once as long as fitting takes at most `SHARE` of the time.
    """

    mono: Callable[[], float] = time.monotonic
    _known: dict[str, _Known] = field(default_factory=dict)
    _locks: dict[str, Lock] = field(default_factory=dict)

    def advise(self, connection: Connection, seat: Person, case: Case) -> LeadAdvice:
        """Returns the proposal for `case`, which `seat` sees; its text counts only where the seat may read it.

        Of the precedents those are shown that lie within the seat's street, when it has one.
        """
        district, reads = seat.scope.district, may_read(seat, case)
        known = self._precedents(connection, district)
        asked = _asked(connection, known, district, case, case.text if reads else "")
        found: LeadAdvice = _learning().recommend(known, asked, rev=case.rev, reads_text=reads)
        return replace(found, precedents=_within(seat, known, found.precedents))

    def _precedents(self, connection: Connection, district: str) -> Precedents:
        with self._locks.setdefault(district, Lock()):
            head = connection.execute(select(districts.c.head).where(districts.c.id == district)).scalar_one()
            known = self._known.get(district)
            if known is None or head - known.head > FOLLOWED:
                known = self._known[district] = self._read(connection, district, head)
            elif known.head < head:
                _follow(known, connection, district, head)
            if not known.is_fitted and self.mono() >= known.next_at:
                self._fit(known)
            return known.fitted

    def _read(self, connection: Connection, district: str, head: int) -> _Known:
        rows = lead_precedents.all_precedents(connection, district)
        return _Known(rows, head, _learning().learnt(()), is_fitted=False, next_at=self.mono())

    def _fit(self, known: _Known) -> None:
        began = self.mono()
        known.fitted, known.is_fitted = _learning().learnt(tuple(known.rows.values())), True
        ended = self.mono()
        known.next_at = ended + (ended - began) / SHARE


def _learning() -> ModuleType:
    """Returns what learns and proposes; it loads NumPy, which nothing else needs of what the platform is asked."""
    from commandcenter.recommendation import leads

    return leads


def _follow(known: _Known, connection: Connection, district: str, head: int) -> None:
    """Takes in what changed since the precedents were read, and drops the oldest beyond the most that are kept."""
    for key, row in lead_precedents.changed_precedents(connection, district, known.head).items():
        if row != known.rows.get(key):
            known.is_fitted = False
        if row is None:
            known.rows.pop(key, None)
        else:
            known.rows[key] = row
    if (beyond := len(known.rows) - lead_precedents.MOST) > 0:
        for key in sorted(known.rows, key=lambda key: known.rows[key].at)[:beyond]:
            del known.rows[key]
    known.head = head


def _asked(connection: Connection, known: Precedents, district: str, case: Case, text: str) -> Asked:
    kind = None if case.kind is None else find(connection, district, _KIND, case.kind)
    refused = lead_precedents.courses(connection, district, [case.id]).get(case.id, LeadCourse()).refused
    question = Question(case.id, case.kind, case.street, case.grid, text)
    loads, helping = _loads(connection, district), {one.holder: one.state for one in case.tasks}
    bodies = (
        Body(
            id=holder.id,
            power=holder.power,
            load=loads[holder.id],
            refused=holder.id in refused,
            refused_help=helping.get(holder.id) is TaskState.REFUSED,
            helps=holder.id in helping,
        )
        for holder in _holders(connection, district)
        if _may_lead(holder, case, known)
    )
    return Asked(question, kind.powers if isinstance(kind, Kind) else (), tuple(bodies))


def _holders(connection: Connection, district: str) -> Iterator[Holder]:
    here = select(records.c.body).where(records.c.district == district, records.c.kind == _HOLDER)
    for body in connection.execute(here.order_by(records.c.id)).scalars():
        holder = read_record(_HOLDER, body)
        if isinstance(holder, Holder):
            yield holder


def _may_lead(holder: Holder, case: Case, known: Precedents) -> bool:
    """Whether it is a department, or another body of the case's street that led or helped before; and still there."""
    is_near = holder.street in (None, case.street) and holder.id in known.bodies
    return not holder.retired and (holder.kind is HolderKind.DEPARTMENT or is_near)


def _loads(connection: Connection, district: str) -> Counter[str | None]:
    """Returns the open cases of each body; counted here, since grouping by bodies would read all that they ever had."""
    is_open = (cases.c.district == district, cases.c.ended_at.is_(None))
    return Counter(connection.execute(select(cases.c.responsible).where(*is_open)).scalars())


def _within(seat: Person, known: Precedents, shown: tuple[SimilarCase, ...]) -> tuple[SimilarCase, ...]:
    if seat.scope.street is None:
        return shown
    streets = {row.case: row.street for row in known.rows}
    return tuple(one for one in shown if streets[one.case] == seat.scope.street)
