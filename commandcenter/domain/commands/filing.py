"""立案: a case is filed, which starts its time limit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.deadlines import limited
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Chosen, Names
from commandcenter.domain.kinds import Kind, LimitBasis
from commandcenter.domain.naming import RETIRED
from commandcenter.domain.people import Person, Role
from commandcenter.domain.rules import Offline, Rule


@dataclass(frozen=True, slots=True)
class File(CaseStep):
    """立案: files the case, which starts its time limit. `kind` corrects the intake clerk's choice."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    kind: Annotated[str | None, Chosen("kind", required=False)] = None

    entry = Entry(key="I", verb="la", main=True, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.SHIFT_LEADER}),
        stages=frozenset({Stage.RECEIVED}),
        where=(),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The limit of the kind and the district's calendar determine when the case is due."""
        key = self.kind or case.kind or ""
        limit = new_limit(view, case, key, at)
        return limit if isinstance(limit, Refused) else (Filed(case.id, by.user, at, key, **limit),)


@dataclass(frozen=True, slots=True)
class Filed(Fact):
    """The case was filed under `kind`; the limit in force then determines when it is due."""

    case: CaseId
    by: str
    at: datetime
    kind: str
    due: datetime
    green_until: datetime
    basis: LimitBasis | None = None
    hand: str | None = None

    counted_as = Stage.FILED

    def evolve(self, case: Case) -> Case:
        """Files the case, which starts its time limit."""
        limit = {"due": self.due, "green_until": self.green_until, "basis": self.basis}
        return changed(case, stage=Stage.FILED, kind=self.kind, filed_at=self.at, waits_since=self.at, **limit)


def new_limit(view: View, case: Case, key: str, at: datetime) -> dict[str, Any] | Refused:
    """Returns `due`, `green_until` and their `basis` when the limit of `case` begins at `at`, of the kind `key`.

    Refuses a kind that is unknown, and one that was retired unless it is the case's own.
    """
    kind, calendar = view.find("kind", key), view.find("calendar", COUNTED_BY)
    if not isinstance(kind, Kind):
        return Refused("unknown_kind", key)
    if kind.retired and key != case.kind:
        return Refused(RETIRED, key)
    return limited(at, kind, calendar) if isinstance(calendar, Calendar) else Refused("no_calendar")


COMMANDS = (File,)
FACTS = (Filed,)
