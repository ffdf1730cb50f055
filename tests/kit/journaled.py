"""The journal and decisions of one seat without a network; the test says how far each act has come."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.decisions import Refused, decide
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.store.board import Board
from commandcenter.sync.act_list import ActList
from commandcenter.sync.attestor import Attestor
from commandcenter.sync.board_position import BoardPosition
from commandcenter.sync.command_display import CommandDisplay
from commandcenter.sync.command_sources import CommandSources
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.needs_you import NeedsYou
from commandcenter.sync.open_commands import OpenCommands
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference, seats
from tests.kit.inline_worker import InlineWorker
from tests.kit.scripted import a_case

SHIFT, DISPATCHER, CLERK = (seats()[name].person for name in ("shift", "dispatcher", "clerk"))
UNIT, POLICE = (seats()[name].person for name in ("east-urban", "east-police"))
KEY = b64encode(bytes(32)).decode()  # attestation key


def dispatched(key: str = "c1", rev: int = 3, **other: Any) -> Case:
    """Returns a case that UNIT is responsible for."""
    return replace(a_case(key, rev), stage=Stage.DISPATCHED, responsible="east-urban", **other)


class Journaled:
    """The real command store and NeedsYou decisions of one seat, with the log in epoch 1."""

    def __init__(self, journal: Journal, *cases: Case) -> None:
        self.board, self.acts, self.attestor = Board(), ActList(), Attestor()
        self.has(DISTRICT, CALENDAR, *reference(), *cases)
        numbers = count(1)
        sources = CommandSources(lambda: f"act{next(numbers)}", lambda: NOON, lambda: 0.0, "monday", self.attestor)
        self.commands = OpenCommands()
        self.display = CommandDisplay(self.board, self.acts, self.commands)
        self.store = CommandStore(journal, self.commands, self.display, sources, BoardPosition())
        self.display.epoch = self.commands.platform_epoch = 1
        self.decisions = NeedsYou(self.store, self.board, self.attestor)

    def has(self, *records: Record) -> None:
        """Applies `records` to the board, as if the platform had sent them."""
        self.board.apply(records)

    @property
    def rows(self) -> list[JournalRow]:
        """The open journal rows, in the order given."""
        return self.commands.rows

    def row(self, cmd_id: str) -> JournalRow:
        """Returns the journal row of an open act."""
        return next(row for row in self.rows if row.cmd_id == cmd_id)

    async def given(self, person: Person, command: Any) -> str:
        """Gives `command` as `person` and writes it to the journal; returns the command id."""
        facts = decide(self.board, command, person, NOON)
        assert not isinstance(facts, Refused), facts
        act = await self.store.keep(command, person, facts, self.display.current_view_for(command))
        return act.cmd_id

    async def comes(self, cmd_id: str, state: RowState, code: str | None = None, **other: Any) -> None:
        """Moves an open act to `state` with `code`, as an answer in epoch 1 does; `other`: further row fields."""
        change = {"state": state, "code": code, "about": None, "epoch": 1} | other
        await self.store.move([replace(self.row(cmd_id), **change)])

    def is_tried(self, *cmd_ids: str) -> None:
        """Marks these acts as sent without an answer: they may have an effect that is unknown here."""
        self.commands.mark_sending([self.row(key) for key in cmd_ids])

    def told(self) -> list[tuple[str, str, str, str | None]]:
        """Returns (type, user, state, code) of the open rows, in the order given."""
        return [(row.type, row.user, row.state.value, row.code) for row in self.rows]


@asynccontextmanager
async def journaled(folder: Path, *cases: Case) -> AsyncIterator[Journaled]:
    """Yields a seat with `cases` on its board and its journal in `folder`."""
    journal = Journal(folder / "journal.db", worker=InlineWorker(), now=NOON.timestamp, new_id=lambda: "console")
    try:
        yield Journaled(journal, *cases)
    finally:
        await journal.close()
