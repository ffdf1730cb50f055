"""Opens and closes the platform as a whole: data folder, writer, readers, access tokens, sign-ins and publisher."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey
from sqlalchemy import Connection

from commandcenter.domain.ids import uuid7
from commandcenter.server.auth import accounts
from commandcenter.server.auth.access_tokens import AccessTokens
from commandcenter.server.auth.quotas import Quotas
from commandcenter.server.auth.sign_in import SignInService
from commandcenter.server.queries.lead_advice import LeadAdvisor
from commandcenter.server.storage import database, vault
from commandcenter.server.storage.cursor_tokens import CursorTokens
from commandcenter.server.storage.folder_lock import hold
from commandcenter.server.storage.readers import Readers
from commandcenter.server.storage.settings import QUOTA_FACTOR, SettingValues
from commandcenter.server.storage.site_key import SiteKey, site_key
from commandcenter.server.storage.writer import InlineWriter, Writer
from commandcenter.server.streaming.digests import Digests
from commandcenter.server.streaming.publisher import Publisher


def wall_clock() -> datetime:
    """Returns the machine's time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Platform:
    """The parts of an open platform that the routes work with.

    `seats` are the access tokens in force; `now` is the wall clock, `mono` gives seconds of a clock that does not jump.
    """

    data: Path
    writer: Writer
    readers: Readers
    seats: AccessTokens
    sign_ins: SignInService
    publisher: Publisher
    digests: Digests
    cursor_tokens: CursorTokens
    seal_key: PrivateKey
    quotas: Quotas
    now: Callable[[], datetime]
    mono: Callable[[], float] = time.monotonic
    settings: SettingValues = field(default_factory=SettingValues)
    leads: LeadAdvisor = field(default_factory=LeadAdvisor)

    @property
    def site_key(self) -> SiteKey:
        """The secrets of this site, derived from the private seal key."""
        return site_key(self.seal_key)

    def new_id(self) -> str:
        """Returns a UUIDv7 of this moment."""
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
    """Yields the platform on the folder `data`, held and with its writer running until the block ends.

    Raises UnusableEnvironment in one sentence when the folder is held by another platform or cannot be used.
    `on_death`: called in the writer's thread with the error that ended it; `mono`: seconds of a clock that does not
    jump; `inline`: no threads, for a simulation in virtual time; `quota_factor`: how many times the usual quotas an
    account has, until a security administrator sets it.
    """
    aside = _at_once if inline else asyncio.to_thread
    with ExitStack() as stack:
        stack.enter_context(hold(data))
        engine = database.open_writer(data)
        stack.callback(engine.dispose)
        readers = Readers(database.open_readers(data), aside)
        stack.callback(readers.engine.dispose)
        settings = SettingValues({QUOTA_FACTOR: quota_factor})
        readers.now(settings.load)
        publisher, seats, seal_key = Publisher(), AccessTokens(now, settings), vault.open_key(data)
        tokens = CursorTokens(site_key(seal_key))
        readers.now(tokens.after_commit)

        def after_commit(connection: Connection) -> None:
            _end_access(seats, connection)
            publisher.after_commit(connection)
            tokens.after_commit(connection)

        writer = (InlineWriter if inline else Writer)(engine, after_commit=after_commit, on_death=on_death)
        quotas = Quotas(mono, settings)
        parts = (writer, readers, seats, now, site_key(seal_key), quotas, settings)
        sign_ins = SignInService(*parts, mono=mono, aside=aside)
        writer.start()
        stack.callback(writer.stop)
        yield Platform(
            *(data, writer, readers, seats, sign_ins, publisher, Digests(), tokens, seal_key, quotas),
            *(now, mono, settings, LeadAdvisor(mono)),
        )


def _end_access(seats: AccessTokens, connection: Connection) -> None:
    """Revokes, in the writer's thread and before anything is published, the access tokens of ended sign-ins."""
    for user in accounts.pop_ended_users(connection):
        seats.revoke(user=user)


async def _at_once(work: Callable[..., Any], *arguments: Any) -> Any:
    return work(*arguments)
