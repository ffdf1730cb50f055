"""Keeps the commands given at this console: on disk first, then in memory, in the act list and on the board."""

import asyncio
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import ENDED, JournalRow, RowState
from commandcenter.domain.commands import Command, name_of, records_of
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.protocol.codec import command_args
from commandcenter.store.overlay import Act
from commandcenter.store.signal import Signal
from commandcenter.sync.board_position import BoardPosition
from commandcenter.sync.command_display import CommandDisplay
from commandcenter.sync.command_sources import CommandSources
from commandcenter.sync.cursor_tokens import KnownCursorTokens
from commandcenter.sync.open_commands import OpenCommands
from commandcenter.sync.outcome import refuse_behind_dropped, released
from commandcenter.sync.prediction import SeenState
from commandcenter.sync.send_order import blocker, predecessor


class CommandStore:
    """Writes the journal, then changes `commands` and `display`; `lock` allows one change at a time."""

    def __init__(
        self,
        journal: Journal,
        commands: OpenCommands,
        display: CommandDisplay,
        sources: CommandSources,
        position: BoardPosition,
    ) -> None:
        self._journal = journal
        self.commands = commands
        self.display = display
        self._from = sources
        self._position = position
        self.tokens = KnownCursorTokens(journal.log_places)
        self.freed: Signal[None] = Signal()  # emitted when acts may leave that waited for others
        self.lock = asyncio.Lock()

    def now(self) -> datetime:
        """Returns the platform's time as known (UTC)."""
        return self._from.now()

    async def open(self) -> None:
        """Shows what the journal holds, also done commands whose effect a power cut removed from the mirror."""
        at = self._position.at
        beyond = [] if at is None else await self._journal.done_beyond(at)
        sent = {row.cmd_id: replace(row, state=RowState.SENT) for row in beyond}
        ended = [row for row in await self._journal.ended_rows() if row.cmd_id not in sent]
        self.display.fill(ended)
        self.commands.remember(row for row in ended if row.state is RowState.DROPPED)
        left = sorted([*sent.values(), *await self._journal.open_rows()], key=lambda row: row.cseq)
        for row in refuse_behind_dropped(left, left):
            self.commands.put(row)
            self.display.show_again(row)

    async def keep(self, command: Command, person: Person, facts: tuple[Fact, ...], seen: SeenState) -> Act:
        """Writes a new command to the journal, then shows it; raises DiskFault when neither was done."""
        async with self.lock:
            row = self.new(command, person, seen)
            before = blocker(replace(row, cseq=sys.maxsize), self.commands.rows)
            if before is not None:
                held = replace(row, state=RowState.HELD, code="held", about=before.cmd_id, dep=None)
                row = replace(held, epoch=self.commands.platform_epoch)
            return await self.enter(row, facts)

    async def hold(self, why: dict[str, tuple[str, str]]) -> None:
        """Makes kept commands wait for a person; `why`: (code, about) by id. The caller holds `lock`."""
        kept = [row for row in self.commands.rows if row.cmd_id in why and row.state is RowState.KEPT]
        told = [(row, *why[row.cmd_id]) for row in kept]
        await self.move([replace(row, state=RowState.HELD, code=code, about=about) for row, code, about in told])

    def new(self, command: Command, person: Person, seen: SeenState, *, without: Collection[str] = ()) -> JournalRow:
        """Returns an unwritten row: `person`, having `seen` this, gives `command` now; `dep` is none of `without`."""
        refs = records_of(command)
        before = predecessor(refs, person.user, (row for row in self.commands.rows if row.cmd_id not in without))
        return JournalRow(
            cmd_id=self._from.new_id(),
            cseq=0,
            person=person,
            type=name_of(command),
            args=command_args(command),
            refs=refs,
            bases=seen.bases,
            dep=before.cmd_id if before else None,
            made_at=self._from.now(),
            acted_at=self._from.mono(),
            boot=self._from.boot,
            seen=seen.records,
        )

    async def enter(self, row: JournalRow, facts: tuple[Fact, ...]) -> Act:
        """Writes `row` as the newest, in place of the one it replaces, and shows it. The caller holds `lock`."""
        row = await self._journal.keep(self._from.attestor.attested(row))
        former = self.commands.by_id.get(row.replaces or "")
        if former is not None:
            ended = replace(former, state=RowState.DROPPED, moved_at=row.made_at, code="replaced", about=row.cmd_id)
            self._end(ended)
        self.commands.put(row, is_new=True)
        return self.display.show(row, facts)

    async def move(self, rows: Sequence[JournalRow]) -> None:
        """Writes the new state of `rows` and of what that frees, then shows it. The caller holds `lock`."""
        if not rows:
            return
        rows = [self._stamped(row) for row in (*rows, *released(rows, self.commands.by_id, self.commands.is_settled))]
        places = self.tokens.unwritten()
        await self._journal.move(rows, shown=self._position.at, places=places)
        self.tokens.wrote(places)
        for row in rows:
            if row.state in ENDED:
                self._end(row)
            else:
                self.commands.put(row)
                self.display.follow(row)
        is_hindered = any(row.state is RowState.KEPT and row.code for row in self.commands.by_id.values())
        if any(row.state is RowState.KEPT for row in rows) or (is_hindered and any(row.state in ENDED for row in rows)):
            self.freed.emit(None)

    async def taken_over(self, row: JournalRow) -> JournalRow | None:
        """Returns the act in whose place `row` was given, if it was dropped; otherwise None."""
        return None if row.behalf is None else await self.find_dropped(row.behalf.act)

    async def find_dropped(self, cmd_id: str) -> JournalRow | None:
        """Returns the act if it was dropped, no matter how long ago; memory holds only the newest dropped acts."""
        former = self.commands.dropped(cmd_id) or await self._journal.find(cmd_id)
        return former if former is not None and former.state is RowState.DROPPED else None

    def _stamped(self, row: JournalRow) -> JournalRow:
        """Adds the time of a new state, and to a held row that was never sent the epoch: it has no effect."""
        former = self.commands.by_id.get(row.cmd_id) or self.commands.dropped(row.cmd_id)
        if row.state is not (RowState.DROPPED if former is None else former.state):  # None: it was dropped long ago
            row = replace(row, moved_at=self._from.now())
        is_new = row.state is RowState.HELD and self.commands.is_never_sent(row)
        return replace(row, epoch=self.commands.platform_epoch) if is_new else row

    def _end(self, row: JournalRow) -> None:
        self.commands.end(row)
        self.display.end(row)
