"""One act that waits for a person, in three versions, field by field; and what each choice would do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from commandcenter.domain.cases import Case
from commandcenter.domain.decide import Refused
from commandcenter.domain.facts import Fact
from commandcenter.store.overlay import Act

SHOWN = (  # the fields of a case, in the order of reading
    *("stage", "responsible", "tier", "kind", "due", "application", "finding", "returns"),
    *("street", "place", "text", "merged_into"),
)


class Reason(StrEnum):
    """Why an act waits: somebody was first, the platform or the rules say no, another act stands before it, it is old,
    a shift leader who took it over gave it back, the platform fails on it, or it belongs to somebody else.
    """

    CONFLICT = "conflict"
    REFUSED = "refused"
    HELD = "held"
    OLD = "old"
    GIVEN_BACK = "given_back"
    PARKED = "parked"
    OTHER_USER = "other_user"


class Withheld(StrEnum):
    """In the place of a value that this person does not read."""

    WITHHELD = "withheld"


WITHHELD = Withheld.WITHHELD


class FieldState(StrEnum):
    """How the three versions of a field stand to each other."""

    CLASH = "clash"
    SAME = "same"
    THEIRS = "theirs"
    MINE = "mine"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class FieldVersions:
    """One field of the record in its three versions; `fact` made theirs what it is. WITHHELD: it is not to be read."""

    name: str
    before: Any
    mine: Any
    theirs: Any
    mark: FieldState
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """`before`: as its person saw the case (None: nobody kept it); `mine`: as it would have become; `theirs`: as it is.

    `fields` are those that matter, in the order of reading. `since`: what happened after
    `before`, oldest first. `again`: what giving it once more would do now, or why it cannot be; `drop`: why it cannot
    be dropped; `adopt`: what would follow if the person took it over, or why they cannot. `behind`: the acts that wait
    for it; `blocker`: the one that it waits for. `sent_at`: when the platform had it, None when it never left.
    """

    act: Act
    reason: Reason
    before: Case | None
    mine: Case | None
    theirs: Case | None
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
        """How many of the fields of a case do not matter."""
        return len(SHOWN) - len(self.fields)

    @property
    def clashing(self) -> tuple[FieldVersions, ...]:
        """The fields that both changed, each in another way."""
        return tuple(field for field in self.fields if field.mark is FieldState.CLASH)

    @property
    def decisive(self) -> Fact | None:
        """What somebody did that stands against it: the first that clashes, else the last of others, else the last."""
        clashing = [field.fact for field in self.clashing if field.fact is not None]
        if clashing:
            return min(clashing, key=lambda fact: fact.at)
        facts = [field.fact for field in self.fields if field.fact is not None]
        others = [fact for fact in facts if fact.by != self.act.user]
        return max(others or facts, key=lambda fact: fact.at, default=None)

    @property
    def is_done_already(self) -> bool:
        """Whether there is by now everything that it wanted."""
        marks = {field.mark for field in self.fields}
        return FieldState.SAME in marks and not marks & {FieldState.CLASH, FieldState.MINE}
