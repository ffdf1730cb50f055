"""The command store of one seat over a journal on disk, without a connection: the test supplies the results."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.cache.mirror import MirrorPosition
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command
from commandcenter.domain.decisions import decide
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.protocol.messages import Result
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.act_list import ActList
from commandcenter.sync.attestor import Attestor
from commandcenter.sync.board_position import BoardPosition
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.command_display import CommandDisplay
from commandcenter.sync.command_sources import CommandSources
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.open_commands import OpenCommands
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference, seats
from tests.kit.inline_worker import InlineWorker
from tests.kit.scripted import SEAL_KEY

SHIFT = seats()["shift"].person
_NUMBERS = count(1)  # command ids stay unique when a test opens the journal again


def position(epoch: int, seq: int, district: str = DISTRICT.id) -> MirrorPosition:
    """Returns the position `epoch`:`seq` of the shift leader's board."""
    return MirrorPosition(SHIFT.user, district, SEAL_KEY, epoch, 1, seq)


class Books:
    """The command store, board and act list of a seat at which the shift leader is signed in.

    `epoch`: the epoch of the board and of the platform; None leaves it unknown. `freed` is filled after `listens`.
    """

    def __init__(self, folder: Path, *records: Record, epoch: int | None = 1) -> None:
        self.journal = Journal(folder / "j.db", worker=InlineWorker(), now=lambda: 0.0, new_id=lambda: "console")
        self.board, self.acts = Board(), ActList()
        self.time, self.mono = NOON, 100.0
        self.freed: list[int] = []
        sources = CommandSources(lambda: f"id{next(_NUMBERS)}", self.now, lambda: self.mono, "monday", Attestor())
        self.position = BoardPosition()
        self.commands = OpenCommands()
        self.display = CommandDisplay(self.board, self.acts, self.commands)
        self.store = CommandStore(self.journal, self.commands, self.display, sources, self.position)
        self.answers = CommandAnswers(self.journal, self.store)
        if epoch is not None:
            self.display.epoch = self.commands.platform_epoch = epoch
        self.board.set_reader(SHIFT)
        self.shows(*records)

    def now(self) -> datetime:
        """Returns the platform's time (UTC); each call returns one second more than the last."""
        self.time += timedelta(seconds=1)
        return self.time

    def shows(self, *records: Record) -> None:
        """Replaces the board's records by the district's reference records and `records`."""
        self.board.replace([DISTRICT, CALENDAR, *reference(), *records])

    def stands(self, seq: int, epoch: int = 1) -> None:
        """Sets the board's position in the log to `epoch`:`seq`."""
        self.position.at = position(epoch, seq)

    def listens(self) -> None:
        """Appends the number of open acts to `freed` from now on, whenever an act ends while others wait."""
        self.store.freed.connect(lambda _: self.freed.append(len(self.acts.open)))

    async def give(self, command: Command, person: Person = SHIFT) -> Act:
        """Gives `command` as `person` on the basis of the board, writes it to the journal and returns its act."""
        facts = decide(self.board, command, person, NOON)
        assert isinstance(facts, tuple), facts
        return await self.store.keep(command, person, facts, self.display.current_view_for(command))

    async def send(self, command: Command) -> Act:
        """Gives the command and marks it as being sent; returns its act."""
        act = await self.give(command)
        self.commands.mark_sending([self.row(act)])
        return act

    async def hears(self, act: Act, status: str, *, epoch: int = 1, cursor: int = 10, **said: Any) -> None:
        """Applies the platform's result for `act`, while the board is at `cursor` in `epoch`."""
        await self.answers.answered(epoch, [Result(cmd_id=act.cmd_id, status=status, **said)], cursor)

    async def moves(self, act: Act, state: RowState, **other: Any) -> None:
        """Moves the journal row of `act` to `state`, with `other` fields changed."""
        async with self.store.lock:
            await self.store.move([replace(self.row(act), state=state, **other)])

    def row(self, act: Act) -> JournalRow:
        """Returns the journal row of an open act."""
        return next(row for row in self.commands.rows if row.cmd_id == act.cmd_id)

    def case(self, key: str = "c1") -> Case:
        """Returns the case as the board shows it."""
        found = self.board.find("case", key)
        assert isinstance(found, Case)
        return found

    @property
    def open(self) -> dict[str, str]:
        """The state of each open act by its command id."""
        return {act.cmd_id: act.state for act in self.acts.open}

    @property
    def ended(self) -> dict[str, str]:
        """The state of each recent act that is no longer open, by its command id."""
        return {act.cmd_id: act.state for act in self.acts.recent if act.cmd_id not in self.open}


def ids(rows: Iterable[JournalRow | Act]) -> list[str]:
    """Returns the command ids of rows or acts."""
    return [one.cmd_id for one in rows]


@asynccontextmanager
async def books(folder: Path, *records: Record, epoch: int | None = 1) -> AsyncIterator[Books]:
    """Yields the books over the journal in `folder`, as after a start of the program; closes the journal at the end."""
    made = Books(folder, *records, epoch=epoch)
    try:
        yield made
    finally:
        await made.journal.close()
