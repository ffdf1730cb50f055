"""The platform as a whole: its data folder, its one writer, its readers, who sits where, who listens."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey
from sqlalchemy import Connection

from commandcenter.domain.ids import uuid7
from commandcenter.server.entry import accounts
from commandcenter.server.entry.quotas import Quotas
from commandcenter.server.entry.seats import Seats
from commandcenter.server.entry.sign_in import Entrance
from commandcenter.server.keeping import store, vault
from commandcenter.server.keeping.cursor_tokens import CursorTokens
from commandcenter.server.keeping.holding import hold
from commandcenter.server.keeping.lane import InlineLane, Lane
from commandcenter.server.keeping.readers import Readers
from commandcenter.server.keeping.site_key import SiteKey, site_key
from commandcenter.server.telling.digests import Digests
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
    digests: Digests
    cursor_tokens: CursorTokens
    seal_key: PrivateKey
    quotas: Quotas
    now: Callable[[], datetime]
    mono: Callable[[], float] = time.monotonic

    @property
    def site_key(self) -> SiteKey:
        """The secrets of this site."""
        return site_key(self.seal_key)

    def new_id(self) -> str:
        """A UUIDv7 of this moment."""
        return uuid7(int(self.now().timestamp() * 1000), os.urandom(10))


@contextmanager
def open_platform(
    data: Path,
    *,
    now: Callable[[], datetime] = wall_clock,
    on_death: Callable[[BaseException], None] = lambda error: None,
    mono: Callable[[], float] = time.monotonic,
    inline: bool = False,
    quota_factor: float = 1.0,
) -> Iterator[Platform]:
    """The platform on the folder `data`, held for this block and its lane running; Unusable in one sentence.

    `mono`: seconds of a clock that does not jump; `inline`: without threads, for a simulation in virtual time;
    `quota_factor`: how many times the usual quotas an account has.
    """
    aside = _at_once if inline else asyncio.to_thread
    with ExitStack() as stack:
        stack.enter_context(hold(data))
        writer = store.open_writer(data)
        stack.callback(writer.dispose)
        readers = Readers(store.open_readers(data), aside)
        stack.callback(readers.engine.dispose)
        publisher, seats, seal_key = Publisher(), Seats(now), vault.open_key(data)
        tokens = CursorTokens(site_key(seal_key))
        readers.now(tokens.after_commit)

        def after_commit(connection: Connection) -> None:
            _end_access(seats, connection)
            publisher.after_commit(connection)
            tokens.after_commit(connection)

        lane = (InlineLane if inline else Lane)(writer, after_commit=after_commit, on_death=on_death)
        quotas = Quotas(mono, quota_factor)
        entrance = Entrance(lane, readers, seats, now, site_key(seal_key), quotas, mono=mono, aside=aside)
        lane.start()
        stack.callback(lane.stop)
        yield Platform(data, lane, readers, seats, entrance, publisher, Digests(), tokens, seal_key, quotas, now, mono)


def _end_access(seats: Seats, connection: Connection) -> None:
    """In the lane's thread: access tokens of sign-ins that were ended end before anybody is told anything more."""
    for user in accounts.take_ended(connection):
        seats.revoke(user=user)


async def _at_once(work: Callable[..., Any], *arguments: Any) -> Any:
    return work(*arguments)
