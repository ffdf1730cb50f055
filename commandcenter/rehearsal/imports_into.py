"""Where imported cases go: into a data folder that nobody else holds, or to a platform over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

import httpx
import msgspec
from sqlalchemy import Connection, Engine

from commandcenter.client.errors import (
    Broken,
    Busy,
    Declined,
    Garbled,
    NewerProtocol,
    NotAPlatform,
    Unreachable,
    WorldFault,
)
from commandcenter.client.session import Session
from commandcenter.domain.commands import Import
from commandcenter.domain.ids import uuid7
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.records import Record
from commandcenter.protocol import paths
from commandcenter.protocol.codec import command_args, keep
from commandcenter.rehearsal.imports_reasons import sentence
from commandcenter.server.handling.districts import put_reference
from commandcenter.server.handling.handle import perform
from commandcenter.server.handling.identities import identified
from commandcenter.server.intake.mapping import Misread
from commandcenter.server.keeping.site_key import SiteKey

IMPORTER = "importer"
LONGEST = 300.0  # seconds that the platform may ask an import to wait
ROWS = 200  # in one request
BYTES = 900_000  # of rows in one request: a platform takes a megabyte, of which the rest of the request needs little
SILENCE = 60.0  # seconds: a chunk of rows takes longer than what a console asks


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one row: new, changed, unchanged or refused (then `why`)."""

    word: str
    why: str = ""


class Goal(Protocol):
    """Takes the reference records that rows name, and then the rows."""

    def refer(self, records: Iterable[Record]) -> None:
        """Make the records that are not there yet."""

    def carry(self, wishes: list[Import]) -> list[Fate]:
        """Import the wishes, all in one go; their fates in the same order."""


class Folder:
    """A data folder: each chunk of rows is one transaction, so that an interruption loses at most the last chunk."""

    def __init__(self, engine: Engine, district: str, site: SiteKey) -> None:
        self._engine = engine
        self._site = site
        self._person = Person(IMPORTER, Role.SYSTEM, Scope(district))

    def refer(self, records: Iterable[Record]) -> None:
        """Make the records that are not there yet."""
        with self._engine.begin() as connection:
            put_reference(connection, self._person.scope.district, records, actor=IMPORTER, keep=True)

    def carry(self, wishes: list[Import]) -> list[Fate]:
        """Import the wishes in one transaction."""
        with self._engine.begin() as connection:
            return [self._one(connection, wish) for wish in wishes]

    def _one(self, connection: Connection, wish: Import) -> Fate:
        now = datetime.now(UTC)
        digest = sha256(f"{wish.case}{wish.source_hash}{now.timestamp()}".encode()).digest()
        cmd_id = uuid7(int(now.timestamp() * 1000), digest[:10])
        known = identified(connection, wish, self._person, self._site)
        result = perform(connection, known, self._person, now, cmd_id=cmd_id, bases={})
        if result.status != "applied":
            return Fate("refused", sentence(result.code, result.about))
        if result.seq is None:
            return Fate("unchanged")
        return Fate("new" if 1 in result.revs.values() else "changed")


class Over:
    """A platform over HTTP, signed in as somebody who may import, for as long as the table takes."""

    def __init__(
        self,
        session: Session,
        runner: asyncio.Runner,
        district: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`runner` keeps the loop that `session` lives in."""
        self._session = session
        self._runner = runner
        self._district = district
        self._sleep = sleep

    def refer(self, records: Iterable[Record]) -> None:
        """Send the records that rows name."""
        for some in _requests(msgspec.json.encode(keep(record)) for record in records):
            self._post({"district": self._district, "reference": some, "commands": []})

    def carry(self, wishes: list[Import]) -> list[Fate]:
        """Send the wishes."""
        fates: list[Fate] = []
        for some in _requests(command_args(wish) for wish in wishes):
            fates += self._post({"district": self._district, "reference": [], "commands": some})
        return fates

    def _post(self, body: dict[str, object]) -> list[Fate]:
        content = msgspec.json.encode(body)
        try:
            told = self._runner.run(self._sent(content))
        except (Declined, Busy, Broken) as wrong:
            raise Misread(
                f"The platform did not take the rows ({_reason(wrong)}); what it took before is kept."
            ) from wrong
        return [Fate(one.status, sentence(one.code, one.about) if one.code else "") for one in told.results]

    async def _sent(self, content: bytes) -> "_Answer":
        """What the platform says of the rows; too many for a minute, they wait as long as it says."""
        while True:
            try:
                return await self._session.ask("POST", paths.IMPORTS, _Answer, body=content)
            except Busy as wrong:
                if wrong.code != "over_quota" or not wrong.retry_after or wrong.retry_after > LONGEST:
                    raise
                await self._sleep(wrong.retry_after)


def _requests(rows: Iterable[bytes]) -> Iterator[list[msgspec.Raw]]:
    """The rows in their order, as many at a time as one request holds; one row alone always fits."""
    some: list[msgspec.Raw] = []
    size = 0
    for row in rows:
        if some and (len(some) == ROWS or size + len(row) > BYTES):
            yield some
            some, size = [], 0
        some.append(msgspec.Raw(row))
        size += len(row) + 1  # and a comma
    if some:
        yield some


class _Row(msgspec.Struct):
    status: str
    code: str | None = None
    about: str | None = None


class _Answer(msgspec.Struct):
    results: list[_Row]


@contextmanager
def over(
    url: str,
    district: str,
    user: str,
    password: Callable[[], str],
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Iterator[Over]:
    """Sign in at `url` and give the way in; Misread says in a sentence why not.

    `password` is asked only for an address to which it may be sent. In tests `transport` replaces the network, and
    `sleep` the waiting.
    """
    with asyncio.Runner() as runner:
        try:
            session = Session(url, mono=time.monotonic, transport=transport, silence=SILENCE)
            said = password()
            try:
                runner.run(_signed_in(session, user, said))
                yield Over(session, runner, district, sleep)
            finally:
                runner.run(session.close())
        except WorldFault as wrong:
            raise Misread(_sentence(url, wrong)) from wrong


async def _signed_in(session: Session, user: str, password: str) -> None:
    try:
        await session.sign_in(user, password)
    except (Declined, Busy, Broken) as wrong:
        raise Misread(
            f"{session.url} did not let {user} in ({_reason(wrong)}): nothing was imported; sign in as another."
        ) from wrong
    except (NotAPlatform, NewerProtocol, Garbled) as wrong:
        raise Misread(
            f"{session.url} does not answer like a platform: check the address; nothing was imported."
        ) from wrong


def _sentence(url: str, wrong: WorldFault) -> str:
    """Why the world did not let the import begin, or go on."""
    match wrong.code:
        case "bad_address":
            return f"{url!r} is no address of a platform: write https://HOST:PORT; nothing was imported."
        case "not_secure":
            return f"http would send the password to {wrong.about} in clear: write https://HOST:PORT; nothing was sent."
        case "with_password":
            return "An address holds no user and password: name them by --user and --password-file; nothing was sent."
        case _ if isinstance(wrong, Unreachable):
            return f"{url} cannot be reached ({_reason(wrong)}): what it took before is kept; run again to go on."
        case _:
            return f"{url} does not answer like a platform. What it took before is kept."


def _reason(wrong: WorldFault) -> str:
    words = wrong.code.replace("_", " ")
    return f"{words}: {wrong.about}" if wrong.about else words
