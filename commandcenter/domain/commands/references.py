"""系统管理: administrators create, change, retire and revert reference records; other systems put them in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Generic, TypeVar

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.commands.case_steps import rule_refusal
from commandcenter.domain.deadlines import limited
from commandcenter.domain.decisions import Beginning, Command, Decision, Fact, Refused, View
from commandcenter.domain.fields import NamesReference
from commandcenter.domain.kinds import Kind
from commandcenter.domain.naming import name_refusal
from commandcenter.domain.people import Holder, HolderKind, Person, Role
from commandcenter.domain.records import KIND_OF, KINDS, Record, Ref, edited_fields, kind_of, read_ref, ref_of, ref_text
from commandcenter.domain.rules import Offline, Rule
from commandcenter.domain.soundness import cleaned, unsound
from commandcenter.domain.teams import Team

R = TypeVar("R")  # the type of the record, which its name tells

KEPT_HERE = "kept_here"  # code: this hall keeps its own values of the fields that are named


@dataclass(frozen=True, slots=True)
class ReferenceCommand(Command):
    """A command on one reference record; `record` is its name, "kind:id"."""

    record: Annotated[str, NamesReference()]

    rule = Rule(
        roles=frozenset({Role.SYSTEM_ADMIN}),
        stages=frozenset(),
        where=(),
        four_eyes=False,
        offline=Offline.REFUSED,  # who edits is asked at once where another has edited meanwhile
    )

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Returns what `step` decides for the record as it is, None when there is none."""
        kind, key = read_ref(self.record)
        refusal = rule_refusal(self, by, None)
        if refusal or not edited_fields(kind):
            return refusal or Refused("not_reference", kind)
        return self.step(view, view.find(kind, key), by, at)

    def step(self, view: View, known: Any, by: Person, at: datetime) -> Decision:
        """Returns the facts that follow for the record `known`, or the refusal."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class CreateReference(ReferenceCommand, Generic[R]):
    """新建: creates a reference record."""

    content: R

    def step(self, view: View, known: Any, by: Person, at: datetime) -> Decision:
        """The id may not be taken, also not by a retired record; a district is not created within another."""
        kind, key = read_ref(self.record)
        if known is not None:
            return Refused("id_taken", key)
        if not KINDS[kind].is_supplied and key != by.scope.district:
            return Refused("not_reference", kind)
        content: Any = cleaned(_pinned(None, replace(_idle(self.content), rev=1, retired=False)))
        refusal = _content_refusal(view, self.record, content, None, at)
        return refusal or (ReferenceCreated(self.record, by.user, at, _as_said(content)),)


@dataclass(frozen=True, slots=True)
class ChangeReference(ReferenceCommand, Generic[R]):
    """修改: changes a reference record to `content`; what its device reports stays. A retired one is in use again."""

    content: R

    def step(self, view: View, known: Any, by: Person, at: datetime) -> Decision:
        """Returns no fact when nothing is changed; another limit is another version of its rule."""
        make = partial(ReferenceChanged, self.record, by.user, at)
        return _changed(view, self.record, known, _pinned(known, cleaned(self.content)), at, make)


@dataclass(frozen=True, slots=True)
class RevertReference(ReferenceCommand):
    """恢复: changes a reference record back to what it was at its revision `to`."""

    to: int

    def step(self, view: View, known: Any, by: Person, at: datetime) -> Decision:
        """Refuses content that was valid at that revision and is not now."""
        former = view.former(read_ref(self.record), self.to)
        if former is None:
            return Refused("unknown_revision", str(self.to))
        make = partial(ReferenceReverted, self.record, by.user, at, to=self.to)
        return _changed(view, self.record, known, _taken_back(known, former), at, make)


@dataclass(frozen=True, slots=True)
class RetireReference(ReferenceCommand):
    """停用: retires a reference record, which no new command may name from then on."""

    def step(self, view: View, known: Any, by: Person, at: datetime) -> Decision:
        """The cases that use it go on; without the calendar none would."""
        kind, key = read_ref(self.record)
        if known is None or known.retired:
            return name_refusal(view, kind, key) or ()
        return _needed(known) or (ReferenceRetired(self.record, by.user, at),)


@dataclass(frozen=True, slots=True)
class ContentFact(Fact, Generic[R]):
    """A fact that gives a record its `content`; that of a calendar is without its former weeks."""

    record: Annotated[str, NamesReference()]
    by: str
    at: datetime
    content: R
    hand: str | None = None

    def evolve(self, record: Any) -> Record:
        """Returns the content at its own revision, or one higher than the record had if that is higher."""
        made: Any = self.content
        if isinstance(made, Calendar) and isinstance(record, Calendar):
            made = made.following(record)
        evolved: Record = made if record is None else replace(made, rev=max(made.rev, record.rev + 1))
        return evolved


@dataclass(frozen=True, slots=True)
class ReferenceCreated(ContentFact[R], Beginning):
    """A reference record or a crew was created, by an administrator or another system."""


@dataclass(frozen=True, slots=True)
class ReferenceChanged(ContentFact[R]):
    """A reference record or a crew was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceReverted(ContentFact[R]):
    """A reference record was changed back to the `content` that it had at its revision `to`."""

    to: int


@dataclass(frozen=True, slots=True)
class ReferenceRetired(Fact):
    """A reference record was retired."""

    record: Annotated[str, NamesReference()]
    by: str
    at: datetime
    hand: str | None = None

    def evolve(self, record: Any) -> Record:
        """Marks the record, which stays readable, and which no other system revives."""
        retired: Record = _pinned(record, replace(record, rev=record.rev + 1, retired=True))
        return retired


COMMANDS = (CreateReference, ChangeReference, RetireReference, RevertReference)
FACTS = (ReferenceCreated, ReferenceChanged, ReferenceReverted, ReferenceRetired)


def put(before: Record | None, content: Record, by: str, at: datetime) -> Fact:
    """Returns the fact by which another system puts `content` in the place of `before` (None: nothing)."""
    make = ReferenceCreated if before is None else ReferenceChanged
    return make(ref_text(*ref_of(content)), by, at, _as_said(content))


def merge_supplied(view: View, known: Any, content: Any) -> tuple[Any, Refused | None]:
    """Returns the record with the `content` that another system supplies, and why not all of it was taken.

    A live record takes the fields that no administrator edited and no command decides, unless an administrator retired
    it; any other `known` record takes none. A new record that names one that may not be named is None.
    """
    kind = KIND_OF[type(content)]
    if known is None:
        wanted = replace(_idle(content), rev=1, pinned=())
    elif not kind.is_live or (known.retired and "retired" in known.pinned):
        wanted = known
    else:
        wanted = replace(
            content, **{name: getattr(known, name) for name in ("rev", "pinned", *kind.decided, *known.pinned)}
        )
    refusal = _unnamed(view, wanted, known)
    if refusal is not None:
        return known, refusal
    kept = [name for name in sorted({*kind.edited, *kind.fixed}) if getattr(wanted, name) != getattr(content, name)]
    return wanted, Refused(KEPT_HERE, " ".join(kept)) if kept else None


def _idle(content: Any) -> Any:
    """Returns the content of a new record without what commands of the hall alone decide."""
    decided = KIND_OF[type(content)].decided
    return replace(content, **{field.name: field.default for field in fields(content) if field.name in decided})


def _changed(view: View, name: str, known: Any, content: Any, at: datetime, make: Callable[[Any], Fact]) -> Decision:
    """Returns the fact that `make` makes of the content that `known` gets, with what its device reported."""
    kind, key = read_ref(name)
    if known is None:
        return Refused(f"unknown_{kind}", key)
    given = {field: getattr(known, field) for field in ("rev", *KINDS[kind].of_work)}
    wanted = _as_rule(known, cleaned(replace(content, **given)))
    refusal = _content_refusal(view, name, wanted, known, at)
    return refusal or (() if wanted == known else (make(_as_said(wanted)),))


def _pinned(known: Any, content: Any) -> Any:
    """Returns the content with the fields pinned that an administrator edits by it, besides those that were before."""
    edited = (name for name in KIND_OF[type(content)].edited if getattr(content, name) != getattr(known, name, ...))
    return replace(content, pinned=tuple(sorted({*edited, *getattr(known, "pinned", ())})))


def _taken_back(known: Any, former: Any) -> Any:
    """Returns the content of `former` with its pins, and the fields pinned in which another system had changed it."""
    supplied = {*_pinned(known, former).pinned} - {*getattr(known, "pinned", ())}
    return replace(former, pinned=tuple(sorted({*former.pinned, *supplied})))


def _as_said(content: Any) -> Any:
    """Returns the content as a fact has it: the former weeks of a calendar follow from its facts."""
    return replace(content, former=()) if isinstance(content, Calendar) else content


def _content_refusal(view: View, name: str, content: Any, known: Any, at: datetime) -> Refused | None:
    """Refuses content that is not of the record's name, has unsound values, or names what cannot be named anew."""
    kind, key = read_ref(name)
    if kind_of(content) != kind or content.id != key:
        return Refused("bad_id", "id")
    fixed = next((one for one in KINDS[kind].fixed if known and getattr(known, one) != getattr(content, one)), None)
    if fixed is not None:
        return Refused("fixed", fixed)
    wrong = (_needed(content) if content.retired else None) or unsound(replace(content, rev=1))
    return wrong or _uncountable(view, content, at) or _unnamed(view, content, known)


def _uncountable(view: View, content: Any, at: datetime) -> Refused | None:
    """Refuses a limit that the calendar does not reach."""
    calendar = view.find("calendar", COUNTED_BY)
    if not isinstance(content, Kind) or not isinstance(calendar, Calendar):
        return None
    counted = limited(at, content, calendar)
    return counted if isinstance(counted, Refused) else None


def _unnamed(view: View, content: Any, known: Any) -> Refused | None:
    before = set() if known is None else {ref for _, ref in _named(known)}
    anew = (ref for _, ref in _named(content) if ref not in before)
    refusal = next(filter(None, (name_refusal(view, *ref) for ref in anew)), None)
    return refusal or _elsewhere(view, content) or _no_unit(view, content)


def _named(content: Any) -> Iterator[tuple[str, Ref]]:
    """Yields the name of each record that the content names, with the field that does."""
    for field, kind in KIND_OF[type(content)].names.items():
        value = getattr(content, field)
        keys = value if isinstance(value, tuple) else (value,)
        yield from ((field, (kind, key)) for key in keys if key is not None)


def _elsewhere(view: View, content: Any) -> Refused | None:
    """Refuses a record of another street or unit than what it names: their boards would not agree."""
    here = {"street": getattr(content, KIND_OF[type(content)].street, None), "unit": getattr(content, "unit", None)}
    for field, ref in _named(content):
        there: Any = view.find(*ref)
        if any(getattr(there, place, None) not in (None, own) for place, own in here.items()):
            return Refused(f"other_{field}", there.id)
    return None


def _no_unit(view: View, content: Any) -> Refused | None:
    """Refuses a team of anything but units."""
    named: Any = [view.find(*ref) for _, ref in _named(content)] if isinstance(content, Team) else ()
    others = (one.id for one in named if isinstance(one, Holder) and one.kind is not HolderKind.UNIT)
    return next((Refused("no_unit", key) for key in others), None)


def _needed(record: Record) -> Refused | None:
    """Refuses to retire the calendar by which limits are counted."""
    is_needed = isinstance(record, Calendar) and record.id == COUNTED_BY
    return Refused("needed", record.id) if is_needed else None


def _as_rule(known: Any, content: Any) -> Any:
    """Returns `content`; a limit that differs gets the next version of its rule, unless it brings a later one."""
    if not isinstance(content, Kind) or content.limit == known.limit:
        return content
    version = max(content.limit.version, known.limit.version + 1)
    return replace(content, limit=replace(content.limit, version=version))
