"""The outbound side of one seat against a scripted platform, whose test sees each request and writes each answer."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.protocol.codec import decode
from commandcenter.protocol.messages import CommandBatch, Result, Results
from commandcenter.protocol.retention import FOR_EVER
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.batches import Route
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.outbound import Outbound, Surroundings
from tests.kit.books import SHIFT, Books
from tests.kit.console import until
from tests.kit.scripted import a_case
from tests.kit.slow_hour import SlowHour

Answer = Callable[[CommandBatch], Any]


class Sending(Books):
    """Books whose commands are sent.

    `answer` returns the results for a batch, an exception to raise, or an awaitable of either. `shown` holds the cursor
    token of each request, `lost` the codes of the faults for which the connection must restart.
    """

    def __init__(self, folder: Path, *records: Record) -> None:
        super().__init__(folder, *records)
        self.stands(10)
        self.hour, self.tasks = SlowHour(), BackgroundTasks()
        self.connection = Connection(lambda: self.time)
        self.connection.to(State.CONNECTING)
        self.batches: list[CommandBatch] = []
        self.shown: list[str | None] = []  # the cursor token sent with each batch
        self.answer: Answer = applied
        self.lost: list[str] = []
        around = Surroundings("console-1", lambda: self.mono, "monday", self.hour.sleep, lambda: 0.5, lambda given: ())
        self.outbound = Outbound(self.store, self.answers, self.position, self.connection, around, self.tasks)
        self.outbound.lost.connect(lambda fault: self.lost.append(fault.code))

    async def ask(self, method: str, path: str, shape: type, *, body: bytes, headers: Mapping[str, str]) -> Results:
        """Answers a request as a session does."""
        batch = decode(body, CommandBatch)
        self.shown.append(headers.get("cursor-token"))
        self.batches.append(batch)
        answer = self.answer(batch)
        if hasattr(answer, "__await__"):
            answer = await answer
        if isinstance(answer, Exception):
            raise answer
        return Results(tuple(answer))

    def opens(self, person: Person = SHIFT, epoch: int = 1, memory: timedelta = FOR_EVER) -> Route:
        """Opens a route for the commands of `person` in `epoch`; returns it."""
        route = Route(self, person, epoch, memory)  # type: ignore[arg-type]
        self.outbound.open(route)
        return route

    async def asks(self, count: int) -> list[tuple[str, bool]]:
        """Waits for the `count`th request; returns (case, whether it is withdrawn) for each of its commands."""
        await until(lambda: len(self.batches) >= count)
        assert len(self.batches) == count, self.sent
        return self.sent[-1]

    @property
    def sent(self) -> list[list[tuple[str, bool]]]:
        """The commands of each request, as (case, whether it is withdrawn)."""
        return [[(decode(bytes(w.args), dict)["case"], w.withdraw) for w in batch.commands] for batch in self.batches]

    @property
    def codes(self) -> dict[str, tuple[str, str | None, str | None]]:
        """(state, code, about) of each open act by its case."""
        return {act.ref[1]: (act.state, act.code, act.about) for act in self.acts.open}

    @property
    def log(self) -> list[tuple[str | None, str]]:
        """(code, about) of the connection log's entries that have a code."""
        return [(line.code, line.about) for line in self.connection.log if line.code]


def applied(batch: CommandBatch) -> list[Result]:
    """Returns a result for each command: applied at sequence 11, which the board has not reached, or withdrawn."""
    return [
        withdrawn(w.cmd_id) if w.withdraw else Result(cmd_id=w.cmd_id, status="applied", seq=11) for w in batch.commands
    ]


def withdrawn(cmd_id: str) -> Result:
    """Returns the result of a command that will never have an effect."""
    return Result(cmd_id=cmd_id, status="refused", code="withdrawn")


def cases(count: int) -> list[Case]:
    """Returns `count` cases with the ids c1, c2, …."""
    return [a_case(f"c{number}") for number in range(1, count + 1)]


def fails_on(*keys: str, fault: Any) -> Any:
    """Returns an `answer` that is `fault` for batches with one of the cases `keys`, and applies all others."""

    def answer(batch: CommandBatch) -> Any:
        named = [key for key in keys if any(f'"{key}"'.encode() in bytes(wish.args) for wish in batch.commands)]
        return fault if named else applied(batch)

    return answer


def again(batch: CommandBatch) -> list[Result]:
    """Returns a `retry` result for each command."""
    return [Result(cmd_id=wish.cmd_id, status="retry", code="internal") for wish in batch.commands]


@asynccontextmanager
async def sending(folder: Path, *records: Record) -> AsyncIterator[Sending]:
    """Yields a seat whose commands leave as soon as there is a route."""
    made = Sending(folder, *records)
    made.tasks.run(made.outbound.run(), "send what is kept")
    try:
        yield made
    finally:
        await made.tasks.close()
        await made.journal.close()
