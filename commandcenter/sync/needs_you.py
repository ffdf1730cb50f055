"""What waits for a person 需处理: again, or drop; the console never decides it by itself."""

from collections.abc import Iterable
from dataclasses import replace

from commandcenter.cache.row import WAITING, Row, RowState
from commandcenter.domain.commands import Command
from commandcenter.domain.decide import Refused, decide
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.comparing import versions
from commandcenter.sync.foresight import Sight
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.order import behind, blocker
from commandcenter.sync.versions import Versions


class NeedsYou:
    """Decisions of the person who gave the command, on the board as it is now."""

    def __init__(self, ledger: Ledger, board: Board) -> None:
        self._ledger = ledger
        self._board = board

    def look(self, cmd_id: str, person: Person, told: tuple[Fact, ...]) -> Versions | None:
        """The act in its three versions; None when it does not wait any more."""
        rows = self._ledger.rows
        row = next((row for row in rows if row.cmd_id == cmd_id), None)
        if row is None or (row.state not in WAITING and row.user == person.user):
            return None
        barred = self._barred(row, person)
        again = barred or self._held(row) or self._decision(row, row.command())
        return versions(row, rows, self._board, person, again=again, drop=barred, told=told)

    async def again(self, cmd_id: str, person: Person) -> Act | Refused:
        """A new command in its place, from what the person sees now; those behind it follow in their order."""
        async with self._ledger.lock:
            row = self._waiting(cmd_id, person)
            if isinstance(row, Refused):
                return row
            held = self._held(row)
            if held is not None:
                return held
            followers = behind(row, self._ledger.rows)
            act = await self._redo(row, fresh=True)
            if not isinstance(act, Refused):
                await self._let_follow(followers, fresh_for=person.user)
            return act

    async def drop(self, cmd_id: str, person: Person) -> Refused | None:
        """Not wanted any more; those behind it are free, if they still make sense on the board."""
        async with self._ledger.lock:
            row = self._waiting(cmd_id, person)
            if isinstance(row, Refused):
                return row
            followers = () if blocker(row, self._ledger.rows) else behind(row, self._ledger.rows)
            await self._ledger.move([replace(row, state=RowState.DROPPED)])
            await self._let_follow(followers, fresh_for=None)
            return None

    def _waiting(self, cmd_id: str, person: Person) -> Row | Refused:
        row = next((row for row in self._ledger.rows if row.cmd_id == cmd_id), None)
        if row is None or row.state not in WAITING:
            return Refused("not_waiting", cmd_id)
        return self._barred(row, person) or row

    def _barred(self, row: Row, person: Person) -> Refused | None:
        """Why `person` may not decide on `row`."""
        if row.user != person.user:
            return Refused("other_user", row.user)
        return None if self._ledger.is_settled(row) else Refused("unsettled", row.cmd_id)

    def _held(self, row: Row) -> Refused | None:
        before = blocker(row, self._ledger.rows)
        return None if before is None else Refused("held", before.cmd_id)

    def _decision(self, row: Row, command: Command | None) -> tuple[Fact, ...] | Refused:
        """What would follow if it were given once more now; `command`: its own."""
        if command is None:
            return Refused("unreadable", row.type)
        return decide(self._board, command, row.person, self._ledger.now())

    async def _redo(self, row: Row, *, fresh: bool) -> Act | Refused:
        """`fresh`: the person sees the present revisions; otherwise the guards still hold for what was seen then."""
        command = row.command()
        facts = self._decision(row, command)
        if isinstance(facts, Refused):
            return facts
        assert command is not None
        seen = self._ledger.before_eyes(command) if fresh else Sight(row.bases, row.seen)
        new = replace(self._ledger.new(command, row.person, seen), replaces=row.cmd_id)
        return await self._ledger.enter(new, facts)

    async def _let_follow(self, followers: Iterable[Row], *, fresh_for: str | None) -> None:
        for row in followers:
            if not self._ledger.is_settled(row):  # it may have its effect: under another id it would have a second one
                await self._ledger.move([replace(row, state=RowState.KEPT, code=None, about=None, epoch=None)])
                continue
            answer = await self._redo(row, fresh=row.user == fresh_for)
            if isinstance(answer, Refused):
                held = replace(row, state=RowState.HELD, code=answer.code, about=answer.about)
                await self._ledger.move([held])
