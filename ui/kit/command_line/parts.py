"""What a command line consists of: verbs, the cases and targets that it names, and what was read from it."""

from dataclasses import dataclass, field
from enum import StrEnum


class LinePart(StrEnum):
    """The parts of a command, in typing order."""

    VERB = "verb"
    CASE = "case"
    TARGET = "target"
    MOMENT = "moment"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of record that a verb takes as a target; `many`: several of them, otherwise one."""

    kind: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Verb:
    """One action by id: its full `names`, its short forms `keys` ("pd"), and the parts that it `needs`.

    `on_ended`: the case that it needs is one that has ended; otherwise an open one. `choices` are the kinds of its
    targets, of which the first is asked for. `is_timed`: a moment may be said. `is_of_district`: targets that belong to
    no street are likelier than those of the case's. `stages` are those of the cases it is for; none: it is for all.
    """

    id: str
    names: tuple[str, ...]
    keys: tuple[str, ...] = ()
    needs: tuple[LinePart, ...] = ()
    on_ended: bool = False
    choices: tuple[Choice, ...] = ()
    is_timed: bool = False
    is_of_district: bool = False
    stages: frozenset[str] = frozenset()

    @property
    def said(self) -> str:
        """How it is typed: its short form, or its name."""
        return self.keys[0] if self.keys else self.names[0]

    @property
    def target_kind(self) -> str:
        """The kind of the target that is asked for; "" without one."""
        return self.choices[0].kind if self.choices else ""


@dataclass(frozen=True, slots=True)
class NamedObject:
    """A case or a target; `names` are what it is found by (for a case, its number first).

    Targets with the `place` of the case come mostly first, then those with the smaller `near`. `has_ended` and `stage`
    are of a case, and `kind`, the kind of record, of a target. `whole` is its name with that of its unit or street, for
    what is called as others are; it is found by that in full alone. `powers` are those that the kind of a case needs,
    the fittest first, or the one of a body.
    """

    id: str
    names: tuple[str, ...]
    near: int = 0
    place: str = ""
    has_ended: bool = False
    kind: str = ""
    whole: str = ""
    powers: tuple[str, ...] = ()
    stage: str = ""

    def full_names(self) -> list[list[str]]:
        """Returns the words of each of its names, in small letters."""
        return [name.lower().split() for name in (*self.names, self.whole) if name]

    def is_called(self, typed: str) -> bool:
        """Returns whether `typed` is one of its names in full; small and capital letters are the same."""
        return typed.lower().split() in self.full_names()


@dataclass(frozen=True, slots=True)
class Offer:
    """One completion of the line: `line` is the field's new text.

    `name` is what it calls a case or a target, the target of a `kind`.
    """

    part: LinePart
    id: str
    line: str
    name: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One verb of a line with what was said of it: `case` is an id, `words` are those typed without the `text`."""

    verb: Verb
    case: str | None = None
    targets: tuple[NamedObject, ...] = ()
    moment: str = ""
    text: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A parsed command line: its commands in order, the last one perhaps without some of its parts.

    `missing` is the next missing part (None: complete), `unknown` what matches nothing.
    """

    clauses: tuple[Clause, ...] = ()
    missing: LinePart | None = LinePart.VERB
    unknown: str = ""
    offers: tuple[Offer, ...] = field(default=())

    @property
    def verb(self) -> Verb | None:
        """The verb of the last command; None without one."""
        return self.clauses[-1].verb if self.clauses else None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, so that Enter may execute the line."""
        return bool(self.clauses) and self.missing is None and not self.unknown

    @property
    def said(self) -> str:
        """The line as it was typed, without free texts."""
        return " ".join(word for clause in self.clauses for word in clause.words)
