"""From the domain's dataclasses to JSON and back, by msgspec; no mirror classes.

A record travels as {"kind", "record"}, a fact as {"type", "fact"}, a command as {"type", "args"}.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

import msgspec

from commandcenter.domain import commands, facts, records
from commandcenter.domain.commands import Command
from commandcenter.domain.facts import Fact
from commandcenter.domain.records import Record

T = TypeVar("T")


class RecordEnvelope(msgspec.Struct, frozen=True):
    """A record in its envelope."""

    kind: str
    record: msgspec.Raw


class FactEnvelope(msgspec.Struct, frozen=True):
    """A fact in its envelope."""

    type: str
    fact: msgspec.Raw


class Unreadable(ValueError):
    """What arrived is not what the protocol says; the text names the place."""


_encoder = msgspec.json.Encoder()
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> bytes:
    """JSON of `value` (UTF-8, RFC 3339 times)."""
    return _encoder.encode(value)


def decode(raw: bytes | str, shape: type[T]) -> T:
    """`raw` as `shape`; raises Unreadable, never anything else."""
    decoder: msgspec.json.Decoder[T] = _decoder(shape)
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Unreadable(str(wrong)) from wrong


def record_bytes(record: Record) -> bytes:
    """The record alone, as stores keep it."""
    return _encoder.encode(record)


def read_record(kind: str, raw: bytes | msgspec.Raw) -> Record:
    """The record of `kind` in `raw`; raises Unreadable for an unknown kind too."""
    if kind not in records.KINDS:
        raise Unreadable(f"unknown kind of record {kind!r}")
    return decode(bytes(raw), records.KINDS[kind])


def keep(record: Record) -> RecordEnvelope:
    """The record in its envelope."""
    return RecordEnvelope(records.kind_of(record), msgspec.Raw(_encoder.encode(record)))


def say(fact: Fact) -> FactEnvelope:
    """The fact in its envelope."""
    return FactEnvelope(facts.name_of(fact), msgspec.Raw(_encoder.encode(fact)))


def read_facts(said: Iterable[FactEnvelope]) -> tuple[Fact, ...]:
    """The facts in their envelopes; those of a newer protocol that are not known here are left out."""
    return tuple(decode(bytes(one.fact), facts.NAMES[one.type]) for one in said if one.type in facts.NAMES)


def command_args(command: Command) -> bytes:
    """The command's arguments."""
    return _encoder.encode(command)


def read_command(name: str, raw: bytes | msgspec.Raw) -> Command:
    """The command `name` with its arguments; an unknown name or an unknown argument is Unreadable."""
    shape = commands.NAMES.get(name)
    if shape is None:
        raise Unreadable(f"unknown command {name!r}")
    args = decode(bytes(raw), dict[str, Any])
    unknown = sorted(set(args) - {field.name for field in fields(shape)})
    if unknown:
        raise Unreadable(f"{name} has no argument {', '.join(unknown)}")
    return decode(bytes(raw), shape)


def _decoder(shape: type[Any]) -> msgspec.json.Decoder[Any]:
    found = _DECODERS.get(shape)
    if found is None:
        found = _DECODERS[shape] = msgspec.json.Decoder(shape)
    return found
