"""What the platform's answers, its frames and its restores make of the open commands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.cache.mirror import MirrorPosition
from commandcenter.protocol import codes
from commandcenter.protocol.messages import Result
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.outcome import adopted_outcome, done, outcome, withdrawn


class CommandAnswers:
    """Moves commands in `store`; a result is final, an effect counts once the board and the mirror have it."""

    def __init__(self, journal: Journal, store: CommandStore) -> None:
        self._journal = journal
        self._store = store
        self._commands = store.commands
        self._display = store.display
        self._quiet: frozenset[str] = frozenset()  # acknowledged before everything visible had come the last time

    async def answered(self, epoch: int, results: Sequence[Result], cursor: int) -> None:
        """Applies the platform's results for commands; `cursor` is the position of the board in `epoch`."""
        async with self._store.lock:
            for result in results:
                row = self._commands.by_id.get(result.cmd_id)
                if row is not None:
                    is_here = self._display.has_effect_of(result, epoch, cursor)
                    moved = outcome(row, result, epoch, is_here=is_here, rows=self._commands.rows)
                    await self._store.move([*moved, *await self._adopted_outcome(row, result, epoch, cursor)])

    async def settled(self, epoch: int, results: Sequence[Result], cursor: int) -> None:
        """Applies the platform's results for withdrawn commands: done before, or without an effect for good."""
        async with self._store.lock:
            for result in reversed(results):  # those behind another act first: the result of that one may free them
                row = self._commands.asked_about(result.cmd_id)
                if row is not None:
                    is_here = self._display.has_effect_of(result, epoch, cursor)
                    await self._store.move(withdrawn(row, result, epoch, is_here=is_here))

    async def seen(self, effects: Mapping[str, int], epoch: int) -> None:
        """Marks own commands as done: their effects (command id: seq) are on the board and in the mirror."""
        async with self._store.lock:
            known = self._commands.known(effects)
            await self._store.move([done(row, epoch, effects[row.cmd_id]) for row in known])

    async def reached(self, at: MirrorPosition) -> None:
        """Marks as done what the board's district acknowledged up to `at`, the position of the board."""
        async with self._store.lock:
            here = (row for row in self._commands.sent if row.district == at.district)
            past = [row for row in here if ((row.epoch or 0), (row.seq or 0)) <= (at.epoch, at.seq)]
            await self._store.move([done(row, at.epoch, row.seq) for row in past])

    async def end_invisible(self) -> None:
        """Marks as done what was acknowledged before the last call; its effect, still not here, is invisible here.

        To be called when the platform has said that everything visible has come.
        """
        async with self._store.lock:
            beyond = [row for row in self._commands.sent if row.cmd_id in self._quiet]
            self._quiet = frozenset(row.cmd_id for row in self._commands.sent)
            await self._store.move([done(row, row.epoch, row.seq) for row in beyond])

    async def offer_again(self, district: str, epoch: int, bases: dict[str, int]) -> int:
        """After a restore, keeps again what the platform had acknowledged and lost; returns how many commands."""
        async with self._store.lock:
            lost = await self._journal.lost_by_restore(district, epoch, bases)
            self._commands.begin_epoch(epoch, await self._journal.dropped_before(district, epoch), lost)
            self._quiet = frozenset()
            now = self._store.now()
            rows = [replace(row, state=RowState.KEPT, epoch=None, seq=None, code=None, moved_at=now) for row in lost]
            await self._journal.move(rows)
            for row in rows:
                self._commands.put(row)
                self._display.show_again(row)
            return len(rows)

    async def _adopted_outcome(self, row: JournalRow, result: Result, epoch: int, cursor: int) -> list[JournalRow]:
        """What the answer to `row` says about the act in whose place it was given."""
        if row.behalf is None:
            return []
        cmd_id = result.about or "" if result.code == codes.ALREADY_DONE else row.behalf.act
        former = await self._store.find_dropped(cmd_id)
        return [] if former is None else adopted_outcome(former, result, epoch, reached=cursor)
