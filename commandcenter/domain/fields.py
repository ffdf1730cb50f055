"""Marks the fields of commands and facts: which of them name records, and what their values have to be."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_type_hints

from commandcenter.domain.records import Ref, companions, edited_fields, read_ref
from commandcenter.domain.text import snake_case


@dataclass(frozen=True, slots=True)
class Names:
    """A field with the id of a record of `kind` that the command or fact is about.

    A command conflicts when somebody else has changed one of the `guarded` fields of that record since the revision
    that its author saw. A command with an empty set never conflicts by that record; a fact guards nothing.
    """

    kind: str
    guarded: frozenset[str]


@dataclass(frozen=True, slots=True)
class NamesNew:
    """A field with the id of a record of `kind` that the command creates; its author chose the id, so it may be taken.

    `street` is the field of the command with the street in which the record will lie.
    """

    kind: str
    street: str


@dataclass(frozen=True, slots=True)
class NamesReference:
    """A field with the name ("kind:id") of a reference record that the command or fact is about.

    A command conflicts when anybody, its author too, has edited that record since the revision that its author saw.
    """


_NAMING = (Names, NamesNew, NamesReference)
CaseId = Annotated[str, Names("case", frozenset())]  # of the case that a fact is about


@dataclass(frozen=True, slots=True)
class Chosen:
    """A field with the id of a record of `kind` that whoever gives the command chooses, or may choose.

    No dialog asks for one that is not required. `many`: several may be chosen at once, with a command for each.
    """

    kind: str
    required: bool
    many: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A free text of at most TEXT_MOST characters that everybody reads; `required`: it may not be empty."""

    required: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that whoever gives the command says; `required`: it may not be left out."""

    required: bool


@dataclass(frozen=True, slots=True)
class Rank:
    """A field with the place, counted from 1, that a choice had among those proposed; None when it was none of them.

    No screen asks for it.
    """


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field with one of the members of an enumeration, which whoever gives the command chooses."""

    members: type[StrEnum]
    required: bool = True

    @property
    def kind(self) -> str:
        """The name of the enumeration, as screens have its words."""
        return snake_case(self.members.__name__)


@dataclass(frozen=True, slots=True)
class Id:
    """An id that names no record: free text in it would be read by everybody and checked by nobody.

    `digest`: it may be the hash of a content, in which eleven digits in a row are no telephone.
    """

    digest: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text that only the vault can read, about the person whose id is in the field `of`."""

    of: str


def names_of(shape: Any) -> tuple[str, ...]:
    """Returns the names of the fields of a command or fact, or of its class, in the order declared."""
    return tuple(field.name for field in fields(shape))


def marked(declared: Any, mark: Any) -> tuple[tuple[str, Any], ...]:
    """Returns (name, mark) of each field with a mark of that class, in the order declared.

    `declared` is a command, a fact, or the class of one.
    """
    return _marked(declared if isinstance(declared, type) else declared.__class__, mark)


def asked(command: Any, mark: Any) -> tuple[str, Any]:
    """Returns (name, mark) of the one field with such a mark, or one of several, that a person is asked to fill in.

    That is the first required one, or else the first; ("", None) when there is none.
    """
    return min(marked(command, mark), key=lambda one: not one[1].required, default=("", None))


def records_of(declared: Any) -> tuple[Ref, ...]:
    """Returns (kind, id) of each record that a command or fact is about, in the order declared."""
    return tuple(ref for ref, _ in _named(declared))


def new_records_of(command: Any) -> dict[Ref, str | None]:
    """Returns (kind, id) of each record that a command creates, with the street in which it will lie."""
    new = marked(command, NamesNew)
    return {(mark.kind, getattr(command, name)): getattr(command, mark.street) for name, mark in new}


def unseen_of(command: Any) -> frozenset[Ref]:
    """Returns (kind, id) of each record by which a command is decided, whether its author sees it or not.

    Those are the records that it creates or edits, and what tells more of one that it is about.
    """
    own = {_ref(mark, getattr(command, name)) for name, mark in marked(command, (NamesNew, NamesReference))}
    return frozenset(own | {(other, key) for kind, key in records_of(command) for other in companions(kind)})


def guards_of(command: Any) -> dict[Ref, frozenset[str]]:
    """Returns the guarded fields by record, of those records that have any."""
    return {ref: guarded for ref, guarded in _named(command) if guarded}


@cache
def _marked(shape: Any, mark: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(shape, include_extras=True)
    marks = ((name, one) for name in names_of(shape) for one in getattr(hints[name], "__metadata__", ()))
    return tuple((name, one) for name, one in marks if isinstance(one, mark))


def _named(declared: Any) -> Iterator[tuple[Ref, frozenset[str]]]:
    for name, mark in marked(declared, _NAMING):
        key = getattr(declared, name)
        if key is not None:
            ref = _ref(mark, key)
            yield ref, _guarded(mark, ref)


def _ref(mark: Any, key: str) -> Ref:
    return read_ref(key) if isinstance(mark, NamesReference) else (mark.kind, key)


def _guarded(mark: Any, ref: Ref) -> frozenset[str]:
    """What a command guards of a record that it names: nothing of a new one, of a reference record what is edited."""
    match mark:
        case Names():
            return mark.guarded
        case NamesNew():
            return frozenset()
        case _:
            return edited_fields(ref[0])
