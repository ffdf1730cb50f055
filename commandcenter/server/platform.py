"""The platform as a whole: its data folder, its one writer, its readers, who sits where, who listens."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nacl.public import PrivateKey

from commandcenter.domain.ids import uuid7
from commandcenter.server.entry.seats import Seats
from commandcenter.server.entry.sign_in import Entrance
from commandcenter.server.keeping import store, vault
from commandcenter.server.keeping.holding import hold
from commandcenter.server.keeping.lane import Lane
from commandcenter.server.keeping.readers import Readers
from commandcenter.server.telling.publish import Publisher


def wall_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Platform:
    """What the routes work with."""

    data: Path
    lane: Lane
    readers: Readers
    seats: Seats
    entrance: Entrance
    publisher: Publisher
    seal_key: PrivateKey
    now: Callable[[], datetime]

    def new_id(self) -> str:
        """A UUIDv7 of this moment."""
        return uuid7(int(self.now().timestamp() * 1000), os.urandom(10))


@contextmanager
def open_platform(
    data: Path,
    *,
    now: Callable[[], datetime] = wall_clock,
    on_death: Callable[[BaseException], None] = lambda error: None,
) -> Iterator[Platform]:
    """The platform on the folder `data`, held for this block and its lane running; Unusable in one sentence."""
    with ExitStack() as stack:
        stack.enter_context(hold(data))
        writer = store.open_writer(data)
        stack.callback(writer.dispose)
        readers = Readers(store.open_readers(data))
        stack.callback(readers.engine.dispose)
        publisher = Publisher()
        lane = Lane(writer, after_commit=publisher.after_commit, on_death=on_death)
        seats = Seats(now)
        entrance = Entrance(lane, readers, seats, now)
        lane.start()
        stack.callback(lane.stop)
        yield Platform(data, lane, readers, seats, entrance, publisher, vault.open_key(data), now)
