"""What is kept at a seat on its way to a platform that a story writes: each request, each answer, each wait."""

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
    """A ledger whose commands leave; `answer` gives results, a fault, or something to wait for that gives these."""

    def __init__(self, folder: Path, *records: Record) -> None:
        super().__init__(folder, *records)
        self.hour, self.tasks = SlowHour(), BackgroundTasks()
        self.connection = Connection(lambda: self.time)
        self.connection.to(State.CONNECTING)
        self.batches: list[CommandBatch] = []
        self.shown: list[str | None] = []  # the cursor token with each of them
        self.answer: Answer = applied
        self.lost: list[str] = []
        around = Surroundings("console-1", lambda: self.mono, "monday", self.hour.sleep, lambda: 0.5)
        self.outbound = Outbound(self.store, self, self.connection, around, self.tasks)  # type: ignore[arg-type]
        self.outbound.lost = lambda fault: self.lost.append(fault.code)

    def cursor_in(self, epoch: int) -> int:
        """The board stands at place 10 of the log."""
        return 10

    async def ask(self, method: str, path: str, shape: type, *, body: bytes, headers: Mapping[str, str]) -> Results:
        """As a session asks the platform."""
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
        """There is a way for what `person` gives."""
        route = Route(self, person, epoch, memory)  # type: ignore[arg-type]
        self.outbound.open(route)
        return route

    async def asks(self, count: int) -> list[tuple[str, bool]]:
        """The (case, whether it is withdrawn) of the `count`th request, as soon as it is there."""
        await until(lambda: len(self.batches) >= count)
        assert len(self.batches) == count, self.sent
        return self.sent[-1]

    @property
    def sent(self) -> list[list[tuple[str, bool]]]:
        """What was in each request."""
        return [[(decode(bytes(w.args), dict)["case"], w.withdraw) for w in batch.commands] for batch in self.batches]

    @property
    def codes(self) -> dict[str, tuple[str, str | None, str | None]]:
        """How far each open act has come and why no further, by its case."""
        return {act.ref[1]: (act.state, act.code, act.about) for act in self.acts.open}

    @property
    def log(self) -> list[tuple[str | None, str]]:
        """What the connection's log says."""
        return [(line.code, line.about) for line in self.connection.log if line.code]


def applied(batch: CommandBatch) -> list[Result]:
    """Each has its effect, where the board has not come yet; what is withdrawn has none."""
    return [
        withdrawn(w.cmd_id) if w.withdraw else Result(cmd_id=w.cmd_id, status="applied", seq=11) for w in batch.commands
    ]


def withdrawn(cmd_id: str) -> Result:
    """It will have no effect."""
    return Result(cmd_id=cmd_id, status="refused", code="withdrawn")


def cases(count: int) -> list[Case]:
    """So many of them, c1 and on."""
    return [a_case(f"c{number}") for number in range(1, count + 1)]


def fails_on(*keys: str, fault: Any) -> Any:
    """The platform fails on these cases, and takes the others."""

    def answer(batch: CommandBatch) -> Any:
        named = [key for key in keys if any(f'"{key}"'.encode() in bytes(wish.args) for wish in batch.commands)]
        return fault if named else applied(batch)

    return answer


def again(batch: CommandBatch) -> list[Result]:
    """All of it is asked for once more."""
    return [Result(cmd_id=wish.cmd_id, status="retry", code="internal") for wish in batch.commands]


@asynccontextmanager
async def sending(folder: Path, *records: Record) -> AsyncIterator[Sending]:
    """A seat whose commands leave as soon as there is a way."""
    made = Sending(folder, *records)
    made.tasks.run(made.outbound.run(), "send what is kept")
    try:
        yield made
    finally:
        await made.tasks.close()
        await made.journal.close()
