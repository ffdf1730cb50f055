"""Defines commands, facts and decisions: a command decides which facts follow, and a fact changes its records."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from commandcenter.domain.cases import Stage
from commandcenter.domain.fields import records_of
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record, Ref
from commandcenter.domain.rules import Rule


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal: `code` is a key that the screens translate, `about` a field, an id, a stage or a role."""

    code: str
    about: str = ""


class View(Protocol):
    """Read access to the records for a decision: the platform's database, or a console's board."""

    def find(self, kind: str, key: str) -> Record | None:
        """Returns the record of `kind` with the id `key`; None when there is none, or none that may be seen."""

    def former(self, ref: Ref, rev: int) -> Record | None:
        """Returns the record as it was at the revision `rev`; None when that is not known, as on a console."""

    def new_number(self, at: datetime) -> str | None:
        """Returns the next case number of the day; None on a console, which may not assign numbers."""

    def adopters(self, ref: Ref) -> frozenset[str]:
        """Returns the accounts that acted on the record in another person's place, as far as known."""


class Fact:
    """What happened, in the past tense. Subclasses are frozen dataclasses.

    `by` is the account that acted and `at` the platform's time. `hand` is the account of the shift leader who acted in
    the place of `by`; None when `by` acted in person. `counted_as`: the stage under which figures count it; None for
    what leads on to none. `is_refusal`: figures count it as refused, whatever becomes of it.
    """

    __slots__ = ()
    counted_as: ClassVar[Stage | None] = None
    is_refusal: ClassVar[bool] = False
    by: str
    at: datetime
    hand: str | None

    def evolve(self, record: Any) -> Record:
        """Returns the record after this fact, one revision higher; `record` is None when the fact creates it."""
        raise NotImplementedError

    def withheld(self) -> "Fact":
        """Returns the fact without a petitioner's words, the number in the external channel and the petitioner's id."""
        return self


class Beginning(Fact):
    """A fact that creates its record when there is none."""

    __slots__ = ()


Decision = tuple[Fact, ...] | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How a person gives a command: by its `key`, or its short `verb` on the command line.

    `main`: it is offered before all others that are possible. `confirmed`: they are asked to confirm it before.
    """

    key: str
    verb: str
    main: bool
    confirmed: bool


class Command:
    """What a person or another system asks the hall to do. Subclasses are frozen dataclasses.

    `entry` is None for what has no key and no verb.
    """

    __slots__ = ()
    entry: ClassVar[Entry | None] = None
    rule: ClassVar[Rule]

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Returns the facts that follow when `by` gives this command at `at`, or the refusal.

        A pure function of what `view` shows, the same on console and platform.
        """
        raise NotImplementedError


def decide(view: View, command: Command, by: Person, at: datetime, *, hand: Person | None = None) -> Decision:
    """Returns the facts that follow from `command` given by `by` at `at`, or the refusal.

    `hand` is the shift leader who gives the command in the place of `by`.
    """
    decision = command.decide(view, by, at)
    if isinstance(decision, Refused) or not command.rule.four_eyes:
        return decision
    user = (hand or by).user
    adopted = (ref for ref in records_of(command) if user in view.adopters(ref))
    return next((Refused("adopted_by_you", key) for _, key in adopted), decision)


def evolve(record: Record | None, fact: Fact) -> Record:
    """Returns the record after `fact`; `record` is None when the fact creates it."""
    return fact.evolve(record)


def evolve_known(record: Record | None, fact: Fact) -> Record | None:
    """Returns the record after `fact`; an unknown record stays unknown, unless `fact` is its beginning."""
    return fact.evolve(record) if record is not None or isinstance(fact, Beginning) else None
