"""Fetches the case that somebody looks at when it is not live, and keeps what is fetched true."""

from collections.abc import Awaitable, Callable

from commandcenter.domain.cases import Case
from commandcenter.domain.records import Ref
from commandcenter.store.board import Board
from commandcenter.store.fetched import ASKING, UNKNOWN
from commandcenter.store.touched import Touched
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.queries import CaseQuery, Query
from commandcenter.sync.unavailable import Unavailable

_ENDED = (State.STARTING, State.WAITING, State.SIGNED_OUT, State.REFUSED)  # nothing can be asked; it says why


class CaseLookup:
    """Asks the platform while the stream is live, so that a frame tells when what was fetched changes."""

    def __init__(
        self,
        board: Board,
        connection: Connection,
        tasks: BackgroundTasks,
        ask: Callable[[Query[Case | None]], Awaitable[Case | None]],
    ) -> None:
        self._board, self._connection, self._tasks, self._ask = board, connection, tasks, ask
        self._fetched = board.fetched
        self._state = connection.state
        self._answered: set[Ref] = set()  # since the stream began
        self._asking: set[Ref] = set()
        self._touched: set[Ref] = set()  # while they were being asked for
        board.changed.connect(self._hear)
        connection.changed.connect(self._connect)

    def look_at(self, case: str | None) -> None:
        """Keeps the case with the id `case` at hand from now on, fetched if it is not live; None: no case."""
        ref = None if case is None else ("case", case)
        self._board.watch(ref)
        if ref is not None and self._board.confirmed(*ref) is None:
            self._answered.discard(ref)
        self._ask_for_missing()

    def _hear(self, touched: Touched) -> None:
        self._touched |= self._asking if touched.everything else self._asking & touched.refs

    def _connect(self, _: None) -> None:
        was, self._state = self._state, self._connection.state
        if self._state is not was and self._state is State.LIVE:
            self._answered.clear()
        if self._state is State.LIVE or (self._state is not was and self._state in _ENDED):
            self._ask_for_missing()

    def _ask_for_missing(self) -> None:
        watched, wanted = self._fetched.watched, set(self._fetched.doubtful)
        if watched is not None and self._board.confirmed(*watched) is None:
            if self._state in _ENDED:
                self._board.miss(watched, self._connection.code or "offline")
            elif self._fetched.why_missing != UNKNOWN:
                wanted.add(watched)
        for ref in wanted - self._answered - self._asking if self._state is State.LIVE else ():
            self._asking.add(ref)
            self._tasks.run(self._fetch(ref), "fetch a case")

    async def _fetch(self, ref: Ref) -> None:
        """Asks until nothing touched the case while the answer was on its way, or the stream has ended."""
        try:
            while self._state is State.LIVE:
                self._touched.discard(ref)
                answer = await self._answer(ref)
                if ref not in self._touched:
                    self._answered.add(ref)
                    self._settle(ref, answer)
                    break
        finally:
            self._asking.discard(ref)

    def _settle(self, ref: Ref, answer: Case | str) -> None:
        if isinstance(answer, Case):
            self._board.fetch(answer)
        else:
            self._board.miss(ref, answer)

    async def _answer(self, ref: Ref) -> Case | str:
        """Returns the ended case, or why there is none; an open one comes by the stream."""
        try:
            case = await self._ask(CaseQuery(ref[1]))
        except Unavailable as fault:
            return fault.code
        if case is None:
            return UNKNOWN
        return ASKING if case.is_open else case
