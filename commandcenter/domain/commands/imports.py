"""导入: cases are taken over from another system, when they are new or changed there."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from commandcenter.domain.calendar import COUNTED_BY, YEARS, Calendar
from commandcenter.domain.cases import ENDED, WITH_HOLDER, Case, Stage, Superior, Tier
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import rule_refusal
from commandcenter.domain.deadlines import limited
from commandcenter.domain.decisions import Beginning, Command, Decision, Refused, View
from commandcenter.domain.fields import CaseId, Id, NamesNew, names_of
from commandcenter.domain.kinds import Kind, LimitBasis
from commandcenter.domain.lights import GREEN_SHARE
from commandcenter.domain.naming import RETIRED, district_refusal, name_refusal
from commandcenter.domain.people import Holder, Person, Role
from commandcenter.domain.personal import masked
from commandcenter.domain.places import Community, Spot
from commandcenter.domain.records import KIND_OF, Record
from commandcenter.domain.rules import Offline, Rule
from commandcenter.domain.text import clean
from commandcenter.domain.visibility import sees


@dataclass(frozen=True, slots=True)
class Import(Command):
    """导入: imports a case as another system has it; a later import of the same case replaces that system's content.

    `source_hash` identifies the content of the row, so that an unchanged row produces no fact. What was done in this
    hall is never undone: a changed row is refused once somebody here has acted on its case.
    """

    case: Annotated[str, NamesNew("case", street="street")]  # `is_worked_here` protects what was done
    channel: str
    external: str
    source_hash: Annotated[str, Id(digest=True)]
    stage: Stage
    tier: Tier
    received_at: datetime
    kind: str | None = None
    text: str = ""
    place: str = ""
    street: str | None = None
    community: str | None = None
    spot: Spot | None = None
    spot_gap: Annotated[str | None, Id()] = None
    superior: Superior | None = None
    responsible: str | None = None
    ended_at: datetime | None = None
    merged_into: Annotated[str | None, Id()] = None

    rule = Rule(
        roles=frozenset({Role.CHANNEL, Role.SYSTEM}),
        stages=frozenset(),
        where=(),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Returns the case as imported; no fact when the row is unchanged."""
        known = view.find("case", self.case)
        refusal = rule_refusal(self, by, None) or _refusal(view, self, by, known if isinstance(known, Case) else None)
        if refusal:
            return refusal
        if isinstance(known, Case) and known.source_hash == self.source_hash:
            return ()
        if isinstance(known, Case) and is_worked_here(known):
            return Refused("worked_here", known.stage)
        told = _normalised(self)
        number = known.number if isinstance(known, Case) else view.new_number(told.received_at)
        content: dict[str, Any] = {name: getattr(told, name) for name in _COPIED} | _limit(view, told, known)
        return (Imported(case=told.case, by=by.user, at=at, number=number, **content),)


@dataclass(frozen=True, slots=True)
class Imported(Beginning):
    """The case was imported, with all content that the other system has of it."""

    case: CaseId
    by: str
    at: datetime
    number: str | None
    channel: str
    external: str
    source_hash: str
    stage: Stage
    tier: Tier
    received_at: datetime
    kind: str | None = None
    text: str = ""
    place: str = ""
    street: str | None = None
    community: str | None = None
    spot: Spot | None = None
    spot_gap: str | None = None
    superior: Superior | None = None
    responsible: str | None = None
    ended_at: datetime | None = None
    merged_into: str | None = None
    filed_at: datetime | None = None
    due: datetime | None = None
    green_until: datetime | None = None
    basis: LimitBasis | None = None
    hand: str | None = None

    def evolve(self, case: Case | None) -> Case:
        """Takes over all content from the other system."""
        content = {name: getattr(self, name) for name in _IMPORTED}
        if case is None:
            return Case(id=self.case, rev=1, imported_rev=1, **content)
        return changed(case, imported_rev=case.rev + 1, **content)

    def withheld(self) -> "Imported":
        """Leaves out text and number."""
        return replace(self, text="", external="")


COMMANDS = (Import,)
FACTS = (Imported,)
_COPIED = tuple(name for name in names_of(Import) if name in names_of(Case))
_NAMED = {field: kind for field, kind in KIND_OF[Case].names.items() if field in _COPIED}
_IMPORTED = tuple(name for name in names_of(Imported) if name in names_of(Case))


def is_worked_here(case: Case) -> bool:
    """Whether somebody of this hall has acted on an imported case.

    Records written before `imported_rev` existed are judged by the traces of such an act.
    """
    if case.imported_rev is not None:
        return case.rev != case.imported_rev
    acted = (case.dispatched_at, case.accepted_at, case.reported_at, case.application)
    was_filed_here = case.filed_at not in (None, case.received_at)
    return any(one is not None for one in acted) or case.returns > 0 or was_filed_here


def _refusal(view: View, command: Import, by: Person, known: Case | None) -> Refused | None:
    if by.scope.street not in (None, command.street):
        return Refused("other_street", command.street or "")
    closed = district_refusal(view, by) if known is None else None
    beyond = closed or _unknown(view, command, known) or _outside_scope(view, command, by)
    if beyond:
        return beyond
    if command.spot is not None and not command.spot.is_on_earth:
        return Refused("off_the_map", "spot")
    return _bad_time(command) or _id_taken(command, by, known)


def _id_taken(command: Import, by: Person, known: Case | None) -> Refused | None:
    """Refuses an id that is taken; checked last, so that it reveals nothing to those who may not import this row."""
    is_theirs = known is None or (known.source_hash is not None and sees(by, known))
    return None if is_theirs else Refused("id_taken", command.case)


def _unknown(view: View, command: Import, known: Case | None) -> Refused | None:
    """Refuses the first reference that the district does not have, or retired unless the case uses it already."""
    for field, kind in _NAMED.items():
        key = getattr(command, field)
        refusal = None if key is None else name_refusal(view, kind, key)
        if refusal and not (refusal.code == RETIRED and getattr(known, field, None) == key):
            return refusal
    return None


def _outside_scope(view: View, command: Import, by: Person) -> Refused | None:
    """Refuses a case that would appear on the board of another street or holder than the importer's own."""
    scope = by.scope
    if scope.holder is not None and command.responsible != scope.holder:
        return Refused("not_yours", command.responsible or "")
    if scope.street is None:
        return None
    for kind, key, code in (
        ("community", command.community, "other_community"),
        ("holder", command.responsible, "other_street"),
    ):
        there = None if key is None else view.find(kind, key)
        if isinstance(there, (Community, Holder)) and there.street != scope.street:
            return Refused(code, there.id)
    return None


def _bad_time(command: Import) -> Refused | None:
    due = command.superior.due if command.superior else None
    for name, moment in (("received_at", command.received_at), ("ended_at", command.ended_at), ("superior", due)):
        if moment is not None and (moment.tzinfo is None or moment.year not in YEARS):
            return Refused("bad_time", name)
    return None


def _normalised(command: Import) -> Import:
    """Returns the command normalised.

    Personal numbers are masked, in the external number too, and all times are in UTC. Only ended cases have an end,
    never before their beginning. A dispatched case without a holder counts as filed.
    """
    received = command.received_at.astimezone(UTC)
    has_no_holder = command.responsible is None and command.stage in WITH_HOLDER
    return replace(
        command,
        external=masked(clean(command.external)),
        text=masked(clean(command.text)),
        place=masked(clean(command.place)),
        received_at=received,
        ended_at=max((command.ended_at or received).astimezone(UTC), received) if command.stage in ENDED else None,
        superior=None if command.superior is None else _order(command.superior),
        stage=Stage.FILED if has_no_holder else command.stage,
    )


def _order(told: Superior) -> Superior:
    due = None if told.due is None else told.due.astimezone(UTC)
    return Superior(masked(clean(told.channel)), masked(clean(told.number)), due)


def _limit(view: View, command: Import, known: Record | None) -> dict[str, Any]:
    """Returns `filed_at`, `due`, `green_until` and `basis` as far as known; empty for a case that is only received.

    It is due as the superior's order says, otherwise by the limit of its kind when it was first imported as filed.
    """
    if command.stage is Stage.RECEIVED:
        return {}
    begun = command.received_at
    if command.superior is not None and command.superior.due is not None:
        due = command.superior.due
        return {"filed_at": begun, "due": due, "green_until": begun + max(due - begun, timedelta()) * GREEN_SHARE}
    if isinstance(known, Case) and known.basis and (known.kind, known.filed_at) == (command.kind, begun):
        return {name: getattr(known, name) for name in ("filed_at", "due", "green_until", "basis")}
    kind, calendar = view.find("kind", command.kind or ""), view.find("calendar", COUNTED_BY)
    if not isinstance(kind, Kind) or not isinstance(calendar, Calendar):
        return {"filed_at": begun}
    given = limited(begun, kind, calendar)
    return {"filed_at": begun} | ({} if isinstance(given, Refused) else given)
