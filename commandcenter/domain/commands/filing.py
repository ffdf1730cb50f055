"""立案: a case is filed, which starts its time limit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands.case_steps import CaseStep, Entry, changed
from commandcenter.domain.deadlines import moments
from commandcenter.domain.decisions import Decision, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Names
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Person, Role
from commandcenter.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class File(CaseStep):
    """立案: files the case, which starts its time limit. `kind` corrects the intake clerk's choice."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    kind: str | None = None

    entry = Entry(key="I", verb="la", confirmed=False)
    rule = Rule(
        roles=frozenset({Role.SHIFT_LEADER}),
        stages=frozenset({Stage.RECEIVED}),
        where=(),
        four_eyes=False,
        asked_when_old=False,
        creates=False,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The limit of the kind and the district's calendar determine when the case is due."""
        kind = self.kind or case.kind or ""
        limit = limit_of(view, kind, at)
        return limit if isinstance(limit, Refused) else (Filed(case.id, by.user, at, kind, *limit),)


@dataclass(frozen=True, slots=True)
class Filed(Fact):
    """The case was filed under `kind`; the limit in force then determines when it is due."""

    case: CaseId
    by: str
    at: datetime
    kind: str
    due: datetime
    green_until: datetime
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Files the case, which starts its time limit."""
        return changed(
            case, stage=Stage.FILED, kind=self.kind, filed_at=self.at, due=self.due, green_until=self.green_until
        )


def limit_of(view: View, key: str, at: datetime) -> tuple[datetime, datetime] | Refused:
    """Returns (due, green_until) of a case of the kind `key` whose limit begins at `at`, or why there is no limit."""
    kind, calendar = view.find("kind", key), view.find("calendar", COUNTED_BY)
    if not isinstance(kind, Kind):
        return Refused("unknown_kind", key)
    return moments(at, kind.limit, calendar) if isinstance(calendar, Calendar) else Refused("no_calendar")


COMMANDS = (File,)
FACTS = (Filed,)
