"""Decisions on the acts that need a person 需处理: again, drop or adopt; the console never decides by itself."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from commandcenter.cache.journal_row import WAITING, JournalRow, OnBehalfOf, RowState
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person, may_adopt
from commandcenter.protocol import codes
from commandcenter.protocol.attestation import Attestation
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from commandcenter.sync.attestor import Attestor
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.comparison import versions
from commandcenter.sync.prediction import SeenState, decided
from commandcenter.sync.send_order import GIVEN_BACK, PARKED, behind, blocker, first_waiting, is_held_behind, is_parked
from commandcenter.sync.versions import Versions

_OF_AUTHOR = frozenset({"role", "unknown_user", "may_not_adopt"})  # refusals that concern the author of an act


class NeedsYou:
    """Decides for the author of an act, or for a shift leader in their place, on the board as it is now."""

    def __init__(self, store: CommandStore, board: Board, attestor: Attestor) -> None:
        self._store = store
        self._commands = store.commands
        self._display = store.display
        self._attestor = attestor
        self._board = board

    def look(self, cmd_id: str, person: Person, told: tuple[Fact, ...]) -> Versions | None:
        """Returns the act in its versions; None when it does not wait any more."""
        row = self._commands.by_id.get(cmd_id)
        if row is None or (not _is_for_person(row) and row.user == person.user):
            return None
        rows, aside = self._commands.rows, self._aside(row)
        barred, drop = self._why_not_decide(row, person), self._why_not_drop(row, person)
        hindered = (None if is_parked(row) else barred) or self._why_not_give_again(row)
        again = hindered or self._decision(_with_present_role(person, row), without=aside)
        adopt = self._why_not_adopt(row, person) or self._decision(_adopted_by(person, row), without=aside)
        return versions(row, rows, self._board, person, again=again, drop=drop, adopt=adopt, told=told)

    async def again(self, cmd_id: str, person: Person) -> Act | Refused:
        """Gives a new command in its place, from what the person sees now; the acts behind it follow in their order.

        A parked act whose effect is unknown is held and refused as `unsettled`: once the platform has said that it had
        no effect, it can be given again.
        """
        async with self._store.lock:
            row = self._waiting(cmd_id, person)
            if isinstance(row, Refused):
                return row
            barred = self._why_not_decide(row, person)
            if barred is not None and is_parked(row) and barred.code == "unsettled":
                await self._store.move([replace(row, state=RowState.HELD)])
            refused = barred or self._why_not_give_again(row)
            if refused is not None:
                return refused
            followers = behind(row, self._commands.rows)
            act = await self._redo(_with_present_role(person, row), fresh=True, without=self._aside(row))
            if not isinstance(act, Refused):
                await self._redo_followers(followers, fresh_for=person.user, given=partial(_with_present_role, person))
            return act

    async def adopt(self, cmd_id: str, person: Person) -> Act | Refused:
        """Gives a command of `person` in the place of another's, from what `person` sees now.

        Later acts of the same author behind it are adopted too; those of others follow. Whether the act was sent
        meanwhile does not matter: the platform lets only one of the two have an effect.
        """
        async with self._store.lock:
            row = self._commands.by_id.get(cmd_id)
            if row is None:
                return Refused("not_waiting", cmd_id)
            refused = self._why_not_adopt(row, person)
            if refused is not None:
                return refused
            followers = behind(row, self._commands.rows)
            act = await self._redo(_adopted_by(person, row), fresh=True, without=self._aside(row))
            if not isinstance(act, Refused):
                of_theirs = partial(_adopted_if_of, person, row.user)
                await self._redo_followers(followers, fresh_for=person.user, given=of_theirs)
            return act

    async def drop(self, cmd_id: str, person: Person) -> Refused | None:
        """Drops an act; those behind it are given again if they are still valid on the board and were not given back.

        An adopted act goes back to its author: only they can drop it.
        """
        async with self._store.lock:
            row = self._waiting(cmd_id, person)
            barred = row if isinstance(row, Refused) else self._why_not_drop(row, person)
            if isinstance(row, Refused) or barred is not None:
                return barred
            freed, held = self._without(row)
            await self._store.move([replace(row, state=RowState.DROPPED), *await self._given_back(row), *held])
            await self._redo_followers([one for one in freed if one.code != GIVEN_BACK], fresh_for=None)
            return None

    def _without(self, row: JournalRow) -> tuple[list[JournalRow], list[JournalRow]]:
        """Returns what stands behind `row` alone, free once it is dropped, and what is held behind another act then.

        Of two records that an act names, another act on the other record may wait for a person as well.
        """
        others = [one for one in self._commands.rows if one.cmd_id != row.cmd_id]
        first, after = first_waiting(others), {one.cmd_id for one in behind(row, self._commands.rows)}
        after |= {one.cmd_id for one in others if one.about == row.cmd_id and is_held_behind(one)}
        found = [one for one in sorted(others, key=lambda one: one.cseq) if one.cmd_id in after]
        held = [replace(one, about=first[one.cmd_id]) for one in found if one.cmd_id in first and is_held_behind(one)]
        return [one for one in found if one.cmd_id not in first], held

    def _waiting(self, cmd_id: str, person: Person) -> JournalRow | Refused:
        row = self._commands.by_id.get(cmd_id)
        return Refused("not_waiting", cmd_id) if row is None or not _is_for_person(row) else row

    def _why_not_decide(self, row: JournalRow, person: Person) -> Refused | None:
        """Why `person` may not decide on `row`: it is another's, or its effect is unknown."""
        if row.user != person.user:
            return Refused("other_user", row.user)
        return None if self._commands.is_settled(row) else Refused("unsettled", row.cmd_id)

    def _why_not_drop(self, row: JournalRow, person: Person) -> Refused | None:
        """Why `person` may not drop `row`; a parked one may be dropped with unknown effect: it is asked about later."""
        barred = self._why_not_decide(row, person)
        return None if barred is not None and barred.code == "unsettled" and row.code == PARKED else barred

    def _why_not_adopt(self, row: JournalRow, person: Person) -> Refused | None:
        """Why `person` may not adopt `row`."""
        if row.user == person.user:
            return Refused("own_act", row.cmd_id)
        if row.state is RowState.SENT:
            return Refused("not_waiting", row.cmd_id)
        if not may_adopt(person, row.decider):
            return Refused("may_not_adopt", row.decider.user)
        if self._attestor.is_required and _attested(row) is None:
            return Refused("unattested", row.cmd_id)
        return self._why_not_give_again(row)

    def _why_not_give_again(self, row: JournalRow) -> Refused | None:
        """Why nobody can give `row` again: an earlier act waits, it is already done, or its author may not do it now.

        Only the platform knows the author's present role; when that has changed, dropping it here gives it back to
        them.
        """
        before = blocker(row, self._commands.rows)
        if before is not None:
            return Refused("held", before.cmd_id)
        if row.behalf is not None and row.code in _OF_AUTHOR:
            return Refused(row.code, row.about or "")
        return Refused(codes.ALREADY_DONE, row.about or "") if row.code == codes.ALREADY_DONE else None

    def _aside(self, row: JournalRow) -> frozenset[str]:
        """Ids of the acts that the board must leave out when `row` is decided again: it, and those behind it."""
        return frozenset(one.cmd_id for one in (row, *behind(row, self._commands.rows)))

    def _decision(self, row: JournalRow, *, without: Collection[str] = ()) -> tuple[Fact, ...] | Refused:
        """What would follow if `row` were given again now."""
        command = row.command()
        if command is None:
            return Refused("unreadable", row.type)
        return decided(self._board.without(without), command, row, self._store.now())

    async def _redo(self, row: JournalRow, *, fresh: bool, without: Collection[str] = ()) -> Act | Refused:
        """`fresh`: based on the revisions that the person sees now; otherwise on those that were seen at first."""
        facts = self._decision(row, without=without)
        if isinstance(facts, Refused):
            return facts
        command = row.command()
        assert command is not None
        seen = self._display.current_view_for(command, without=without) if fresh else SeenState(row.bases, row.seen)
        new = self._store.new(command, row.person, seen, without=without)
        given = replace(new, args=row.args, replaces=row.cmd_id, behalf=row.behalf, attested=row.attested)
        return await self._store.enter(given, facts)

    async def _redo_followers(
        self,
        followers: Sequence[JournalRow],
        *,
        fresh_for: str | None,
        given: Callable[[JournalRow], JournalRow] = lambda row: row,
    ) -> None:
        """Gives each follower again as `given` returns it: by its author, or by a leader who adopts it.

        `fresh_for`: the user whose commands are based on the present revisions.
        """
        left = [row.cmd_id for row in followers]
        for row in followers:
            new, is_settled = given(row), self._commands.is_settled(row)
            answer: Act | Refused = Refused("unsettled")
            if is_settled or new.user != row.user:  # else it may have two effects, under two ids
                answer = await self._redo(new, fresh=new.user == fresh_for, without=left)
            left.remove(row.cmd_id)
            if isinstance(answer, Refused) and is_settled:
                await self._store.move([replace(row, state=RowState.HELD, code=answer.code, about=answer.about)])
            elif isinstance(answer, Refused):
                await self._store.move([replace(row, state=RowState.KEPT, code=None, about=None, epoch=None)])

    async def _given_back(self, row: JournalRow) -> list[JournalRow]:
        """The act in whose place `row` was given, waiting for its author again unless it was done."""
        former = None if row.code == codes.ALREADY_DONE else await self._store.taken_over(row)
        return [] if former is None else [replace(former, state=RowState.HELD, code=GIVEN_BACK, about=row.cmd_id)]


def _is_for_person(row: JournalRow) -> bool:
    return row.state in WAITING or is_parked(row)


def _with_present_role(person: Person, row: JournalRow) -> JournalRow:
    """`row` with the present role and scope of its author, if that is `person`."""
    return replace(row, person=person) if row.user == person.user else row


def _adopted_by(leader: Person, row: JournalRow) -> JournalRow:
    """`row` as a command of `leader` on behalf of its first author."""
    behalf = row.behalf or OnBehalfOf(row.person, row.cmd_id, row.attested)
    return replace(row, person=leader, behalf=behalf)


def _attested(row: JournalRow) -> Attestation | None:
    """The attestation of the first author of `row`."""
    return row.attested if row.behalf is None else row.behalf.attested


def _adopted_if_of(leader: Person, user: str, row: JournalRow) -> JournalRow:
    """`row` as a command of `leader`, if it is one of `user` that `leader` may adopt."""
    return _adopted_by(leader, row) if row.user == user and may_adopt(leader, row.decider) else row
