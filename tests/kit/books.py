"""The open commands of one seat over a journal on disk, without a line: a story tells what a platform says."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from commandcenter.cache.journal import Journal
from commandcenter.cache.lane import InlineLane
from commandcenter.cache.mirror import Standing
from commandcenter.cache.row import Row, RowState
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command
from commandcenter.domain.decide import decide
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.protocol.frames import Result
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.acts import ActList
from commandcenter.sync.attesting import Attestor
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.sources import Sources
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference, seats
from tests.kit.scripted import SEAL_KEY

SHIFT = seats()["shift"].person
_NUMBERS = count(1)  # of the acts, whatever starts anew


def standing(epoch: int, seq: int, district: str = DISTRICT.id) -> Standing:
    """The shift leader's board at that place."""
    return Standing(SHIFT.user, district, SEAL_KEY, epoch, 1, seq)


class Books:
    """The ledger of a seat at which the shift leader sits."""

    def __init__(self, folder: Path, *records: Record, epoch: int | None = 1) -> None:
        self.journal = Journal(folder / "j.db", lane=InlineLane(), now=lambda: 0.0, new_id=lambda: "console")
        self.board, self.acts = Board(), ActList()
        self.time, self.mono = NOON, 100.0
        self.freed: list[int] = []
        sources = Sources(lambda: f"id{next(_NUMBERS)}", self.now, lambda: self.mono, "monday", Attestor())
        self.ledger = Ledger(self.journal, self.board, self.acts, sources)
        if epoch is not None:
            self.ledger.epoch = self.ledger.heard_of = epoch
        self.board.read_by(SHIFT)
        self.shows(*records)

    def now(self) -> datetime:
        """The platform's time; each look at it is a second later."""
        self.time += timedelta(seconds=1)
        return self.time

    def shows(self, *records: Record) -> None:
        """The board is that of the district, with these records."""
        self.board.replace([DISTRICT, CALENDAR, *reference(), *records])

    def stands(self, seq: int, epoch: int = 1) -> None:
        """The board stands there."""
        self.ledger.shown = lambda: standing(epoch, seq)

    def listens(self) -> None:
        """From now on `freed` has how many acts were open each time that others were said to be free."""
        self.ledger.freed = lambda: self.freed.append(len(self.acts.open))

    async def give(self, command: Command, person: Person = SHIFT) -> Act:
        """`person` gives the command from what the board shows."""
        facts = decide(self.board, command, person, NOON)
        assert isinstance(facts, tuple), facts
        return await self.ledger.keep(command, person, facts, self.ledger.before_eyes(command))

    async def send(self, command: Command) -> Act:
        """The command is given, and on its way."""
        act = await self.give(command)
        self.ledger.leaving([self.row(act)])
        return act

    async def hears(self, act: Act, status: str, *, epoch: int = 1, cursor: int = 10, **said: Any) -> None:
        """The platform answers, while the board is at `cursor`."""
        await self.ledger.answered(epoch, [Result(cmd_id=act.cmd_id, status=status, **said)], cursor)

    async def moves(self, act: Act, state: RowState, **other: Any) -> None:
        """The act comes to another state."""
        async with self.ledger.lock:
            await self.ledger.move([replace(self.row(act), state=state, **other)])

    def row(self, act: Act) -> Row:
        """The row of an open act."""
        return next(row for row in self.ledger.rows if row.cmd_id == act.cmd_id)

    def case(self, key: str = "c1") -> Case:
        """The case as it is shown."""
        found = self.board.find("case", key)
        assert isinstance(found, Case)
        return found

    @property
    def open(self) -> dict[str, str]:
        """The state of each open act."""
        return {act.cmd_id: act.state for act in self.acts.open}

    @property
    def ended(self) -> dict[str, str]:
        """The state of each act that has come to its end."""
        return {act.cmd_id: act.state for act in self.acts.recent if act.cmd_id not in self.open}


def ids(rows: Iterable[Row | Act]) -> list[str]:
    """What they are known by."""
    return [one.cmd_id for one in rows]


@asynccontextmanager
async def books(folder: Path, *records: Record, epoch: int | None = 1) -> AsyncIterator[Books]:
    """The ledger over the journal in `folder`, as after a start of the program."""
    made = Books(folder, *records, epoch=epoch)
    try:
        yield made
    finally:
        await made.journal.close()
