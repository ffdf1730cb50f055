"""What waits for a person 需处理: again, drop, or take it over; the console never decides it by itself."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from commandcenter.cache.row import WAITING, Behalf, Row, RowState
from commandcenter.domain.decide import Refused
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.domain.powers import may_adopt
from commandcenter.protocol.attestation import Attestation
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.attesting import Attestor
from commandcenter.sync.comparing import versions
from commandcenter.sync.foresight import Sight, decided
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.order import GIVEN_BACK, PARKED, behind, blocker, is_parked
from commandcenter.sync.versions import Versions

_OF_AUTHOR = frozenset({"role", "unknown_user", "may_not_adopt"})  # what the platform says of whoever an act is


class NeedsYou:
    """Decisions of the person who gave the command, or of a shift leader for them, on the board as it is now."""

    def __init__(self, ledger: Ledger, board: Board, attestor: Attestor) -> None:
        self._ledger = ledger
        self._attestor = attestor
        self._board = board

    def look(self, cmd_id: str, person: Person, told: tuple[Fact, ...]) -> Versions | None:
        """The act in its versions; None when it does not wait any more."""
        row = self._find(cmd_id)
        if row is None or (not _is_for_person(row) and row.user == person.user):
            return None
        rows, aside = self._ledger.rows, self._aside(row)
        barred, drop = self._barred(row, person), self._kept_from(row, person)
        hindered = (None if is_parked(row) else barred) or self._hindered(row)
        again = hindered or self._decision(_as_now(person, row), without=aside)
        adopt = self._not_for(row, person) or self._decision(_of(person, row), without=aside)
        return versions(row, rows, self._board, person, again=again, drop=drop, adopt=adopt, told=told)

    async def again(self, cmd_id: str, person: Person) -> Act | Refused:
        """A new command in its place, from what the person sees now; those behind it follow in their order.

        One that is parked is tried no more from now on, and refused as `unsettled`: once the platform has said that it
        had no effect, it can be given again.
        """
        async with self._ledger.lock:
            row = self._waiting(cmd_id, person)
            if isinstance(row, Refused):
                return row
            barred = self._barred(row, person)
            if barred is not None and is_parked(row) and barred.code == "unsettled":
                await self._ledger.move([replace(row, state=RowState.HELD)])
            if barred is not None:
                return barred
            hindered = self._hindered(row)
            if hindered is not None:
                return hindered
            followers = behind(row, self._ledger.rows)
            act = await self._redo(_as_now(person, row), fresh=True, without=self._aside(row))
            if not isinstance(act, Refused):
                await self._let_follow(followers, fresh_for=person.user, given=partial(_as_now, person))
            return act

    async def adopt(self, cmd_id: str, person: Person) -> Act | Refused:
        """A command of `person` in the place of another's, from what `person` sees now; so is what that other one
        did after it to the same record, and those of others follow.

        Whether the act has left meanwhile nobody needs to know: the platform lets one of the two have its effect.
        """
        async with self._ledger.lock:
            row = self._find(cmd_id)
            if row is None:
                return Refused("not_waiting", cmd_id)
            refused = self._not_for(row, person)
            if refused is not None:
                return refused
            followers = behind(row, self._ledger.rows)
            act = await self._redo(_of(person, row), fresh=True, without=self._aside(row))
            if not isinstance(act, Refused):
                of_theirs = partial(_taken_over, person, row.user)
                await self._let_follow(followers, fresh_for=person.user, given=of_theirs)
            return act

    async def drop(self, cmd_id: str, person: Person) -> Refused | None:
        """Not wanted any more; those behind it are free, if they still make sense on the board and were not given back.

        An act that was taken over goes back to whose it was: only they can drop it.
        """
        async with self._ledger.lock:
            row = self._waiting(cmd_id, person)
            barred = row if isinstance(row, Refused) else self._kept_from(row, person)
            if isinstance(row, Refused) or barred is not None:
                return barred
            before = blocker(row, self._ledger.rows)
            followers = behind(row, self._ledger.rows) if before is None else ()
            others = [*await self._given_back(row), *self._held_behind(row, before)]
            await self._ledger.move([replace(row, state=RowState.DROPPED), *others])
            await self._let_follow([one for one in followers if one.code != GIVEN_BACK], fresh_for=None)
            return None

    def _held_behind(self, row: Row, before: Row | None) -> list[Row]:
        """What is held behind `row`, which goes, as it is held behind the one `before` that from now on."""
        if before is None:
            return []
        held = [one for one in self._ledger.rows if one.state is RowState.HELD and one.code == "held"]
        return [replace(one, about=before.cmd_id) for one in held if one.about == row.cmd_id]

    def _find(self, cmd_id: str) -> Row | None:
        return next((row for row in self._ledger.rows if row.cmd_id == cmd_id), None)

    def _waiting(self, cmd_id: str, person: Person) -> Row | Refused:
        row = self._find(cmd_id)
        return Refused("not_waiting", cmd_id) if row is None or not _is_for_person(row) else row

    def _barred(self, row: Row, person: Person) -> Refused | None:
        """Why `person` may not decide on `row`."""
        if row.user != person.user:
            return Refused("other_user", row.user)
        return None if self._ledger.is_settled(row) else Refused("unsettled", row.cmd_id)

    def _kept_from(self, row: Row, person: Person) -> Refused | None:
        """Why `person` may not drop `row`: one that the platform fails on may go before it has said what became of it,
        and is asked about afterwards.
        """
        barred = self._barred(row, person)
        return None if barred is not None and barred.code == "unsettled" and row.code == PARKED else barred

    def _not_for(self, row: Row, person: Person) -> Refused | None:
        """Why `person` may not take `row` over."""
        if row.user == person.user:
            return Refused("own_act", row.cmd_id)
        if row.state is RowState.SENT:
            return Refused("not_waiting", row.cmd_id)
        if not may_adopt(person, row.decider):
            return Refused("may_not_adopt", row.decider.user)
        if self._attestor.is_asked_for and _attested(row) is None:
            return Refused("unattested", row.cmd_id)
        return self._hindered(row)

    def _hindered(self, row: Row) -> Refused | None:
        """Why nobody can give `row` once more: one before it waits, it has been done, or its author may not do it now.

        What its author is now the platform alone knows; when that has changed the author has it back, dropped here.
        """
        before = blocker(row, self._ledger.rows)
        if before is not None:
            return Refused("held", before.cmd_id)
        if row.behalf is not None and row.code in _OF_AUTHOR:
            return Refused(row.code, row.about or "")
        return Refused("already_done", row.about or "") if row.code == "already_done" else None

    def _aside(self, row: Row) -> frozenset[str]:
        """What the board must not show where `row` is to be decided on anew: it, and what stands behind it."""
        return frozenset(one.cmd_id for one in (row, *behind(row, self._ledger.rows)))

    def _decision(self, row: Row, *, without: Collection[str] = ()) -> tuple[Fact, ...] | Refused:
        """What would follow if it were given once more now."""
        command = row.command()
        if command is None:
            return Refused("unreadable", row.type)
        return decided(self._board.without(without), command, row, self._ledger.now())

    async def _redo(self, row: Row, *, fresh: bool, without: Collection[str] = ()) -> Act | Refused:
        """`fresh`: the person sees the present revisions; otherwise the guards still hold for what was seen then."""
        facts = self._decision(row, without=without)
        if isinstance(facts, Refused):
            return facts
        command = row.command()
        assert command is not None
        seen = self._ledger.before_eyes(command, without=without) if fresh else Sight(row.bases, row.seen)
        new = self._ledger.new(command, row.person, seen, without=without)
        given = replace(new, args=row.args, replaces=row.cmd_id, behalf=row.behalf, attested=row.attested)
        return await self._ledger.enter(given, facts)

    async def _let_follow(
        self, followers: Sequence[Row], *, fresh_for: str | None, given: Callable[[Row], Row] = lambda row: row
    ) -> None:
        """`given`: each as it is to be given from now on, by its person or by a leader who takes it over."""
        left = [row.cmd_id for row in followers]
        for row in followers:
            new, is_settled = given(row), self._ledger.is_settled(row)
            answer: Act | Refused = Refused("unsettled")
            if is_settled or new.user != row.user:  # else it may have its effect, and would have a second one by its id
                answer = await self._redo(new, fresh=new.user == fresh_for, without=left)
            left.remove(row.cmd_id)
            if isinstance(answer, Refused) and is_settled:
                await self._ledger.move([replace(row, state=RowState.HELD, code=answer.code, about=answer.about)])
            elif isinstance(answer, Refused):
                await self._ledger.move([replace(row, state=RowState.KEPT, code=None, about=None, epoch=None)])

    async def _given_back(self, row: Row) -> list[Row]:
        """The act that `row` was given in the place of waits for its own person again, unless it was done."""
        former = None if row.code == "already_done" else await self._ledger.taken_over(row)
        return [] if former is None else [replace(former, state=RowState.HELD, code=GIVEN_BACK, about=row.cmd_id)]


def _is_for_person(row: Row) -> bool:
    return row.state in WAITING or is_parked(row)


def _as_now(person: Person, row: Row) -> Row:
    """`row` as a command of its person as they are now, who may have become somebody else since they gave it."""
    return replace(row, person=person) if row.user == person.user else row


def _of(leader: Person, row: Row) -> Row:
    """`row` as a command of `leader` on behalf of whoever it was given for in the first place."""
    behalf = row.behalf or Behalf(row.person, row.cmd_id, row.attested)
    return replace(row, person=leader, behalf=behalf)


def _attested(row: Row) -> Attestation | None:
    """The word of whoever `row` was given by in the first place."""
    return row.attested if row.behalf is None else row.behalf.attested


def _taken_over(leader: Person, user: str, row: Row) -> Row:
    """`row` as a command of `leader`, if it is one of `user` that they may take over."""
    return _of(leader, row) if row.user == user and may_adopt(leader, row.decider) else row
