"""Converts the domain's dataclasses to JSON and back with msgspec, without separate transfer classes.

A record travels as {"kind", "record"}, a fact as {"type", "fact"}, a command as {"type", "args"}.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec

from commandcenter.domain import commands, facts, records
from commandcenter.domain.commands import Command
from commandcenter.domain.facts import Fact
from commandcenter.domain.fields import Names, names_of
from commandcenter.domain.records import Record

T = TypeVar("T")


class RecordEnvelope(msgspec.Struct, frozen=True):
    """A record with the name of its kind."""

    kind: str
    record: msgspec.Raw


class FactEnvelope(msgspec.Struct, frozen=True):
    """A fact with the name of its type."""

    type: str
    fact: msgspec.Raw


class RecordIdentity(msgspec.Struct, frozen=True):
    """What every version of the protocol says of a record."""

    id: str
    rev: int


@dataclass(frozen=True, slots=True)
class NewerFact(Fact):
    """A fact that only a newer program knows, by what all facts have in common; `by` "": it names nobody."""

    at: datetime
    by: str = ""
    hand: str | None = None
    case: Annotated[str | None, Names("case", frozenset())] = None

    def evolve(self, record: Record) -> Record:
        """Returns the record as it is: what changed is not known."""
        return record


class _Named(msgspec.Struct, frozen=True):
    """The part of a command or fact that names its reference record."""

    record: str


class Unreadable(ValueError):
    """Data that violates the protocol; the text names the place."""


class NewerContent(Unreadable):
    """Data in order, of a kind or with a word (a stage, a role …) that only a newer program knows."""


_UNKNOWN_WORD = "Invalid enum value"  # as msgspec begins to say it
_encoder = msgspec.json.Encoder()
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> bytes:
    """Returns `value` as JSON (UTF-8, RFC 3339 times)."""
    return _encoder.encode(value)


def decode(raw: bytes | str, shape: type[T]) -> T:
    """Returns `raw` decoded as `shape`. Raises Unreadable (NewerContent for an unknown word) and nothing else."""
    decoder: msgspec.json.Decoder[T] = _decoder(shape)
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        kind = NewerContent if str(wrong).startswith(_UNKNOWN_WORD) else Unreadable
        raise kind(str(wrong)) from wrong


def record_bytes(record: Record) -> bytes:
    """Returns the record as JSON without its envelope, as it is stored."""
    return _encoder.encode(record)


def read_record(kind: str, raw: bytes | msgspec.Raw) -> Record:
    """Returns the record of `kind` in `raw`. Raises Unreadable, NewerContent for an unknown kind."""
    if kind not in records.KINDS:
        raise NewerContent(f"unknown kind of record {kind!r}")
    return decode(bytes(raw), records.KINDS[kind].type)


def record_envelope(record: Record) -> RecordEnvelope:
    """Returns the record in its envelope."""
    return RecordEnvelope(records.kind_of(record), msgspec.Raw(_encoder.encode(record)))


def envelope_bytes(kind: str, record: bytes) -> bytes:
    """Returns a record that is JSON already in its envelope, as JSON."""
    return b'{"kind":%b,"record":%b}' % (_encoder.encode(kind), record)


def fact_envelope(fact: Fact) -> FactEnvelope:
    """Returns the fact in its envelope."""
    return FactEnvelope(facts.name_of(fact), msgspec.Raw(_encoder.encode(fact)))


def read_facts(said: Iterable[FactEnvelope]) -> tuple[Fact, ...]:
    """Returns the decoded facts, without those of a newer platform. Raises Unreadable for a damaged one."""
    return tuple(fact for one in said if (fact := _read_fact(one)) is not None)


def read_history(said: Iterable[FactEnvelope]) -> tuple[Fact, ...]:
    """Returns the decoded facts, those of a newer platform as NewerFact. Raises Unreadable for a damaged one.

    One of a newer platform that does not say when it was has the time of the fact before it.
    """
    found: list[Fact] = []
    for one in said:
        found += read_facts((one,)) or _newer(one, found[-1:])
    return tuple(found)


def _newer(said: FactEnvelope, before: list[Fact]) -> list[Fact]:
    try:
        return [decode(bytes(said.fact), NewerFact)]
    except Unreadable:
        return [NewerFact(fact.at) for fact in before]


def _read_fact(said: FactEnvelope) -> Fact | None:
    try:
        shape = facts.NAMES.get(said.type)
        return None if shape is None else decode(bytes(said.fact), _of_kind(shape, said.fact))
    except NewerContent:
        return None


def command_args(command: Command) -> bytes:
    """Returns the command's arguments as JSON."""
    return _encoder.encode(command)


def read_command(name: str, raw: bytes | msgspec.Raw) -> Command:
    """Returns the command `name` with its arguments. Raises Unreadable for an unknown name or an unknown argument."""
    shape = commands.NAMES.get(name)
    if shape is None:
        raise Unreadable(f"unknown command {name!r}")
    args = decode(bytes(raw), dict[str, Any])
    _check_known(name, args, shape)
    whole = _of_kind(shape, raw)
    command: Command = decode(bytes(raw), whole)
    if whole is not shape:
        _check_known(args["record"], args["content"], type(getattr(command, "content", None)))
    return command


def _check_known(name: str, given: dict[str, Any], shape: type[Any]) -> None:
    """Raises Unreadable when `given` has what `shape` has not: it would be lost."""
    unknown = sorted(set(given) - set(names_of(shape)))
    if unknown:
        raise Unreadable(f"{name} has no argument {', '.join(unknown)}")


def _of_kind(shape: Any, raw: bytes | msgspec.Raw) -> Any:
    """Returns `shape`; one with a reference record as its content as that with a record of the kind that it names.

    Raises Unreadable for a kind that administrators do not edit, NewerContent for one that is unknown here.
    """
    if not getattr(shape, "__parameters__", ()):
        return shape
    kind = records.read_ref(decode(bytes(raw), _Named).record)[0]
    if kind not in records.KINDS:
        raise NewerContent(f"unknown kind {kind!r}")
    if not records.edited_fields(kind):
        raise Unreadable(f"no reference record is of the kind {kind!r}")
    return shape[records.KINDS[kind].type]


def _decoder(shape: type[Any]) -> msgspec.json.Decoder[Any]:
    found = _DECODERS.get(shape)
    if found is None:
        found = _DECODERS[shape] = msgspec.json.Decoder(shape)
    return found
