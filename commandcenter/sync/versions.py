"""The data types for one waiting act in three versions, field by field, and for what each choice would do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Fact
from commandcenter.domain.records import Record, shown_fields
from commandcenter.store.overlay import Act


class Reason(StrEnum):
    """Why an act waits.

    Another change came first (conflict), the platform or the rules refused it, another act before it waits (held), it
    is old, a shift leader gave it back, the platform fails on it (parked), or it is another user's.
    """

    CONFLICT = "conflict"
    REFUSED = "refused"
    HELD = "held"
    OLD = "old"
    GIVEN_BACK = "given_back"
    PARKED = "parked"
    OTHER_USER = "other_user"


class Withheld(StrEnum):
    """Stands for a value that this person may not read."""

    WITHHELD = "withheld"


WITHHELD = Withheld.WITHHELD


class FieldState(StrEnum):
    """How the versions of a field compare: changed by both differently (clash) or alike, by one of them, or by none."""

    CLASH = "clash"
    SAME = "same"
    THEIRS = "theirs"
    MINE = "mine"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class FieldVersions:
    """One field in its three versions; `fact` set the value `theirs`. WITHHELD: the person may not read the value."""

    name: str
    before: Any
    mine: Any
    theirs: Any
    mark: FieldState
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """One waiting act in three versions, and what each choice would do.

    `before`: the compared record as the author saw it (None: not kept); `mine`: as it would have become; `theirs`: as
    it is now. `fields` are those that matter, in reading order. `since`: what happened after `before`, oldest first.
    `again`: what giving it once more would do now, or why it is refused; `drop`: why it cannot be dropped; `adopt`:
    what adoption would do, or why it is refused. `behind`: the acts that wait for it; `blocker`: the one that it waits
    for. `sent_at`: when it reached its present state, None while the platform has not answered it.
    """

    act: Act
    reason: Reason
    before: Record | None
    mine: Record | None
    theirs: Record | None
    fields: tuple[FieldVersions, ...]
    since: tuple[Fact, ...]
    again: tuple[Fact, ...] | Refused
    drop: Refused | None
    adopt: tuple[Fact, ...] | Refused
    behind: tuple[Act, ...] = ()
    blocker: Act | None = None
    sent_at: datetime | None = None

    @property
    def alike(self) -> int:
        """The number of fields of the compared record that do not matter."""
        return len(shown_fields(self.act.compared[0])) - len(self.fields)

    @property
    def clashing(self) -> tuple[FieldVersions, ...]:
        """The fields that both sides changed in different ways."""
        return tuple(field for field in self.fields if field.mark is FieldState.CLASH)

    @property
    def decisive(self) -> Fact | None:
        """The fact that stands against it: the first that clashes, else the last by another user, else the last."""
        clashing = [field.fact for field in self.clashing if field.fact is not None]
        if clashing:
            return min(clashing, key=lambda fact: fact.at)
        facts = [field.fact for field in self.fields if field.fact is not None]
        others = [fact for fact in facts if fact.by != self.act.user]
        return max(others or facts, key=lambda fact: fact.at, default=None)

    @property
    def is_done_already(self) -> bool:
        """Whether everything that the act wanted is there already."""
        marks = {field.mark for field in self.fields}
        return FieldState.SAME in marks and not marks & {FieldState.CLASH, FieldState.MINE}
