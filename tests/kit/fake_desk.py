"""A desk for tests of single screens, which decides commands on its own board and sends nothing."""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from commandcenter.cache.journal_row import JournalRow
from commandcenter.domain import facts as fact
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import NAMES, Command, name_of, next_commands, records_of, refusal_code
from commandcenter.domain.decisions import Refused, decide
from commandcenter.domain.lead_advice import LeadAdvice
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.messages import SeatDay, Summary
from commandcenter.store.board import Board
from commandcenter.store.overlay import Act, Delivery
from commandcenter.store.signal import Signal
from commandcenter.sync.act_list import ActList, in_order
from commandcenter.sync.attestor import Attestor
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.board_position import BoardPosition
from commandcenter.sync.case_lookup import CaseLookup
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.needs_you import NeedsYou
from commandcenter.sync.prediction import act_of, preview_all
from commandcenter.sync.queries import SearchResult
from commandcenter.sync.unavailable import Unavailable
from commandcenter.sync.versions import Versions
from tests.kit import hall


def person(role: Role = Role.DISPATCHER, **scope: str) -> Person:
    """Returns a person with `role`, for the whole district unless `scope` narrows it."""
    return Person("d07", role, Scope("baohe", **scope))


def looking(
    rows: Sequence[JournalRow], board: Board, now: Callable[[], datetime], unsettled: Collection[str] = ()
) -> NeedsYou:
    """Returns the real NeedsYou over `rows`; acts in `unsettled` may have an effect that is unknown here."""
    by_id = {row.cmd_id: row for row in rows}
    commands = SimpleNamespace(rows=rows, by_id=by_id, is_settled=lambda row: row.cmd_id not in unsettled)
    return NeedsYou(SimpleNamespace(commands=commands, display=None, now=now), board, Attestor())


class FakeOutages:
    """A history of outages that the test writes."""

    def __init__(self) -> None:
        self.changed: Signal[None] = Signal()
        self.history: tuple[Any, ...] = ()

    @property
    def current(self) -> Any:
        return self.history[-1] if self.history and self.history[-1].until is None else None


class FakeDrafts:
    """Drafts in memory: `kept`, by key."""

    user = "d07"

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}

    async def keep(self, key: str, fields: dict[str, str] | None) -> None:
        if fields is None:
            self.kept.pop(key, None)
        else:
            self.kept[key] = fields

    async def of(self, key: str) -> dict[str, str]:
        return self.kept.get(key, {})


class FakeDesk:
    """The part of a desk that screens use.

    `heard` holds the commands given, `asked` the queries, `decided` the decisions; `offline` makes every query fail.
    """

    def __init__(self, board: Board | None = None, *, by: Person | None = None, now: datetime = hall.NOW) -> None:
        self._now = now
        self.board = board or hall.board()
        self.person: Person | None = by or person()
        self.board.set_reader(self.person)
        self.has_role = True
        self.user = SimpleNamespace(since=None, became=Signal(), sign_ins=0)
        self.acts = ActList()
        self.connection = Connection(self.now)
        self.connection.to(State.CONNECTING)
        self.connection.to(State.LIVE)
        self.archive: dict[str, Case] = {}  # what the platform has beyond the board, by id
        self.unread: set[str] = set()  # ids of those of the archive that only a newer program can read
        self.lookup = CaseLookup(self.board, self.connection, BackgroundTasks(), self.ask)
        self.unsent: dict[str, int] = {}
        self.position = BoardPosition()
        self.outages = FakeOutages()
        self.rows: list[JournalRow] = []
        self.unsettled: set[str] = set()
        self.decided: list[tuple[str, str]] = []
        self.heard: list[Command] = []
        self.asked: list[Any] = []
        self.sealed: list[Any] = []
        self.drafts = FakeDrafts()
        self.has_key = True
        self.offline = False
        self.advice = LeadAdvice(case="", rev=0)
        self.day = SeatDay(accepted=0, wait=None, reported=0, on_time=0)
        self.figures = Summary(0, {}, {}, (), (), (), ())

    def now(self) -> datetime:
        return self._now

    def pass_time(self, seconds: float) -> None:
        """Moves the platform's clock forward."""
        self._now += timedelta(seconds=seconds)

    def may(self, case: Case) -> tuple[str, ...]:
        return next_commands(self.person, case)

    def why_not(self, name: str, case: Case | None) -> str | None:
        return refusal_code(name, self.person, case) or self.connection.refuse_unless_live(NAMES[name].rule)

    def preview(self, command: Command) -> Any:
        return self.preview_all((command,))[0]

    def preview_all(self, commands: Sequence[Command]) -> Any:
        found = preview_all(self.board, commands, self.person, self.now())
        codes = [self.connection.refuse_unless_live(command.rule) for command in commands]
        return tuple(Refused(code) if code else after for code, after in zip(codes, found, strict=True))

    async def do(self, command: Command) -> Act | Refused:
        decided = decide(self.board, command, self.person, self.now())
        if isinstance(decided, Refused):
            return decided
        self.heard.append(command)
        key = secrets.token_hex(8)
        count, user, ref = len(self.heard), self.person.user, records_of(command)[0]
        act = Act(
            key,
            count,
            user,
            name_of(command),
            ref,
            decided,
            Delivery.KEPT,
            command=command,
            state="kept",
            made_at=self.now(),
        )
        self.acts.put(act)
        self.board.pend(act)
        return act

    @property
    def waiting(self) -> tuple[Act, ...]:
        return in_order(self.acts.open, self.person.user)

    @property
    def decisions(self) -> "FakeDesk":
        """The part of the desk that decides on acts that wait."""
        return self

    def hold(self, row: JournalRow) -> Act:
        """Adds an open act as if it had been read from the journal row `row`; returns the act."""
        self.rows.append(row)
        act = act_of(row, self.look(row.cmd_id).act.facts)
        self.acts.put(act)
        return act

    def look(self, cmd_id: str, told: tuple[fact.Fact, ...] = ()) -> Versions | None:
        return looking(self.rows, self.board, self.now, self.unsettled).look(cmd_id, self.person, told)

    async def again(self, cmd_id: str) -> Act | Refused:
        self.decided.append(("again", cmd_id))
        command = self.look(cmd_id).act.command
        self._end(cmd_id, "replaced")
        return await self.do(command)

    async def adopt(self, cmd_id: str) -> Act | Refused:
        self.decided.append(("adopt", cmd_id))
        act = self.look(cmd_id).act
        self._end(cmd_id, "replaced")
        mine = replace(act, cmd_id=f"{cmd_id}-mine", user=self.person.user, on_behalf_of=act.user)
        kept = replace(mine, delivery=Delivery.KEPT, code=None, about=None, state="kept", made_at=self.now())
        self.acts.put(kept)
        self.board.pend(kept)
        return kept

    async def drop(self, cmd_id: str) -> Refused | None:
        self.decided.append(("drop", cmd_id))
        self._end(cmd_id, None)
        return None

    def _end(self, cmd_id: str, code: str | None) -> None:
        act = self.acts.find(cmd_id)
        self.rows = [row for row in self.rows if row.cmd_id != cmd_id]
        self.acts.end([replace(act, state="dropped", delivery=Delivery.DONE, code=code, moved_at=self.now())])

    async def ask(self, query: Any) -> Any:
        self.asked.append(query)
        if self.offline:
            raise Unavailable("unreachable")
        return getattr(self, f"_{type(query).__name__.lower()}")(query)

    def seal(self, petitioner: Any) -> tuple[str, str]:
        if not self.has_key:
            raise Unavailable("no_seal_key")
        self.sealed.append(petitioner)
        return "p-77", "c2VhbGVk"

    def _leadadvicequery(self, query: Any) -> LeadAdvice:
        return replace(self.advice, case=query.case_id)

    def _historyquery(self, query: Any) -> tuple[fact.Fact, ...]:
        case = self.board.confirmed("case", query.case_id)
        return history(case) if isinstance(case, Case) else ()

    def _casequery(self, query: Any) -> Case | None:
        if query.case_id in self.unread:
            raise Unavailable("older_program", "1")
        return self.archive.get(query.case_id)

    def _searchquery(self, query: Any) -> Any:
        known = (*self.board.all("case"), *self.archive.values())
        found = tuple(case for case in known if query.q in case.place)
        page = found[: query.limit]
        items = tuple(case for case in page if case.id not in self.unread)
        return SearchResult(items, len(found), None, unread=len(page) - len(items))

    def _seatdayquery(self, query: Any) -> SeatDay:
        return self.day

    def _figuresquery(self, query: Any) -> Summary:
        return self.figures

    def _placesquery(self, query: Any) -> dict:
        return hall.grid_layer()


def history(case: Case) -> tuple[fact.Fact, ...]:
    """Returns the facts that led to `case`, oldest first."""
    kind, street = case.kind or "", case.street or ""
    said: list[fact.Fact] = [
        fact.Taken(case.id, "i03", case.received_at, case.number, case.channel, kind, case.text, case.place, street)
    ]
    if case.filed_at and case.due and case.green_until:
        said.append(fact.Filed(case.id, "l01", case.filed_at, kind, case.due, case.green_until))
    if case.dispatched_at and case.responsible:
        said.append(fact.Dispatched(case.id, "d07", case.dispatched_at, case.responsible, case.tier))
    if case.accepted_at:
        said.append(fact.Accepted(case.id, "u12", case.accepted_at))
    if case.application:
        said.append(fact.ReturnApplied(case.id, "u12", case.application.at, case.application.reason))
    if case.reported_at:
        said.append(fact.Reported(case.id, "u12", case.reported_at, case.finding))
    return tuple(said)
