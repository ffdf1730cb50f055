"""Reads and edits the reference records of a district at a running platform, as an administrator who is signed in."""

import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from commandcenter.client.session import Session
from commandcenter.domain.ids import uuid7
from commandcenter.domain.records import Record
from commandcenter.protocol import paths
from commandcenter.protocol.codec import encode, read_record
from commandcenter.protocol.limits import BODY_MOST, COMMANDS_MOST, PAGE_MOST
from commandcenter.protocol.messages import CommandBatch, CommandEnvelope, Hello, Result, Results
from commandcenter.protocol.references import ReferencePage

_BYTES_AT_ONCE = BODY_MOST - 100_000  # of the commands in one request; the rest of the request is small


@dataclass(frozen=True, slots=True)
class Edit:
    """A command on the record `record` ("kind:id") as it was seen at the revision `seen` (0: there was none)."""

    command: str
    record: str
    seen: int
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class References:
    """The reference records of `district`, or of the administrator's own ("")."""

    session: Session
    district: str = ""

    @property
    def where(self) -> dict[str, str]:
        """The parameters that name the district in a request."""
        return {"district": self.district} if self.district else {}

    async def page(self, kind: str, cursor: str) -> ReferencePage:
        """Returns the records of `kind` from behind the id `cursor` on."""
        asked = {"limit": PAGE_MOST, "cursor": cursor} | self.where
        return await self.session.ask("GET", paths.REFERENCES.format(kind=kind), ReferencePage, params=asked)

    async def every(self, kind: str) -> AsyncIterator[Record]:
        """Yields all records of `kind`, retired ones too."""
        cursor: str | None = ""
        while cursor is not None:
            page = await self.page(kind, cursor)
            for one in page.items:
                yield read_record(one.kind, one.record)
            cursor = page.next

    async def give(self, edits: Sequence[Edit]) -> list[Result]:
        """Gives the commands; returns their results in the same order. Each is done or refused by itself."""
        return [one async for one in self.given(edits)]

    async def given(self, edits: Sequence[Edit]) -> AsyncIterator[Result]:
        """Gives the commands; yields their results in the same order, those before an error of the network too."""
        epoch = (await self.session.ask("GET", paths.HELLO, Hello, params=self.where)).epoch
        for some in _requests([_envelope(edit, at, epoch) for at, edit in enumerate(edits, 1)]):
            batch = encode(CommandBatch(epoch=epoch, console_id="main.py-reference", commands=tuple(some)))
            answer = await self.session.ask("POST", paths.COMMANDS, Results, params=self.where, body=batch)
            for result in answer.results:
                yield result


def _envelope(edit: Edit, number: int, epoch: int) -> CommandEnvelope:
    return CommandEnvelope(
        cmd_id=uuid7(time.time_ns() // 1_000_000, os.urandom(10)),
        cseq=number,
        type=edit.command,
        args=msgspec.Raw(encode({"record": edit.record} | edit.args)),
        made_at=datetime.now(UTC),
        bases={edit.record: edit.seen, "epoch": epoch},
    )


def _requests(commands: Sequence[CommandEnvelope]) -> Iterator[list[CommandEnvelope]]:
    """Yields the commands in portions that a request can hold."""
    some: list[CommandEnvelope] = []
    size = 0
    for one in commands:
        if some and (len(some) == COMMANDS_MOST or size + len(one.args) > _BYTES_AT_ONCE):
            yield some
            some, size = [], 0
        some.append(one)
        size += len(bytes(one.args)) + 400
    if some:
        yield some
