"""The targets of an import: a data folder that no platform holds, or a platform over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol, TypeVar

import httpx
import msgspec
from sqlalchemy import Connection, Engine

from commandcenter.client.errors import (
    Declined,
    MalformedAnswer,
    NewerProtocol,
    NotAPlatform,
    PlatformBroken,
    PlatformBusy,
    PlatformFault,
    Unreachable,
)
from commandcenter.client.session import Session
from commandcenter.domain.commands import Import
from commandcenter.domain.ids import uuid7
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.records import Record
from commandcenter.protocol import codes, paths
from commandcenter.protocol.codec import command_args, encode, record_envelope
from commandcenter.protocol.imports import ImportBatch, ImportResult, ImportResults, NotTaken
from commandcenter.protocol.limits import BODY_MOST
from commandcenter.server.command_pipeline.districts import bring_reference
from commandcenter.server.command_pipeline.identities import with_site_ids
from commandcenter.server.command_pipeline.imports import import_case
from commandcenter.server.intake.mapping import ImportFailed
from commandcenter.server.storage.site_key import SiteKey

T = TypeVar("T")
IMPORTER = "importer"
LONGEST_WAIT = 300.0  # seconds that the platform may ask an import to wait
ROWS_AT_ONCE = 200  # rows in one request, fewer than a platform takes
BYTES_AT_ONCE = BODY_MOST - 100_000  # bytes of the rows in one request; the rest of the request is small
IMPORT_SILENCE = 60.0  # seconds without a byte of the answer: a chunk of rows takes longer than a console's request


class ImportTarget(Protocol):
    """A target of an import: takes the reference records that rows name, and then the rows."""

    def put_references(self, records: Iterable[Record]) -> Sequence[NotTaken]:
        """Creates the records that do not exist yet; returns those that the hall has otherwise or cannot have."""

    def carry(self, commands: list[Import]) -> list[ImportResult]:
        """Imports the cases of `commands`; returns their results in the same order."""


class FolderTarget:
    """A data folder: each chunk of rows is one transaction, so that an interruption loses at most the last chunk."""

    def __init__(self, engine: Engine, district: str, site: SiteKey) -> None:
        self._engine = engine
        self._site = site
        self._person = Person(IMPORTER, Role.SYSTEM, Scope(district))

    def put_references(self, records: Iterable[Record]) -> Sequence[NotTaken]:
        """Creates the records that do not exist yet."""
        made = list(records)
        if not made:
            return ()
        with self._engine.begin() as connection:
            return bring_reference(connection, self._person, made, now=datetime.now(UTC)).not_taken

    def carry(self, commands: list[Import]) -> list[ImportResult]:
        """Imports the cases in one transaction."""
        with self._engine.begin() as connection:
            return [self._one(connection, command) for command in commands]

    def _one(self, connection: Connection, command: Import) -> ImportResult:
        now = datetime.now(UTC)
        digest = sha256(f"{command.case}{command.source_hash}{now.timestamp()}".encode()).digest()
        cmd_id = uuid7(int(now.timestamp() * 1000), digest[:10])
        known = with_site_ids(connection, command, self._person, self._site)
        assert isinstance(known, Import)
        return import_case(connection, known, self._person, now, cmd_id=cmd_id)


class PlatformTarget:
    """A platform over HTTP, with a user signed in who may import."""

    def __init__(
        self,
        session: Session,
        runner: asyncio.Runner,
        district: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`runner` owns the event loop that `session` lives in."""
        self._session = session
        self._runner = runner
        self._district = district
        self._sleep = sleep

    def put_references(self, records: Iterable[Record]) -> Sequence[NotTaken]:
        """Sends the records that rows name; raises ImportFailed when the platform does not take them."""
        batches = (ImportBatch(self._district, reference=some) for some in _requests(map(record_envelope, records)))
        return [one for batch in batches for one in self._post(batch).not_taken]

    def carry(self, commands: list[Import]) -> list[ImportResult]:
        """Sends the rows; raises ImportFailed when the platform does not take them."""
        rows = _requests(msgspec.Raw(command_args(command)) for command in commands)
        return [one for some in rows for one in self._post(ImportBatch(self._district, commands=some)).results]

    def _post(self, batch: ImportBatch) -> ImportResults:
        content = encode(batch)
        try:
            return self._runner.run(self._sent(content))
        except (Declined, PlatformBusy, PlatformBroken) as wrong:
            raise ImportFailed(
                f"The platform did not take the rows ({_reason(wrong)}); what it took before is kept."
            ) from wrong

    async def _sent(self, content: bytes) -> ImportResults:
        """Returns the platform's answer to the rows; over the quota, waits as long as the platform asks."""
        while True:
            try:
                return await self._session.ask("POST", paths.IMPORTS, ImportResults, body=content)
            except PlatformBusy as wrong:
                if wrong.code != codes.OVER_QUOTA or not wrong.retry_after or wrong.retry_after > LONGEST_WAIT:
                    raise
                await self._sleep(wrong.retry_after)


def _requests(rows: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Yields the rows in their order, as many at a time as fit into one request; one row alone always fits."""
    some: list[T] = []
    size = 0
    for row in rows:
        long = len(encode(row))
        if some and (len(some) == ROWS_AT_ONCE or size + long > BYTES_AT_ONCE):
            yield tuple(some)
            some, size = [], 0
        some.append(row)
        size += long + 1  # and a comma
    if some:
        yield tuple(some)


@contextmanager
def signed_in_target(
    url: str,
    district: str,
    user: str,
    password: Callable[[], str],
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Iterator[PlatformTarget]:
    """Signs in at `url` and yields the platform as a target; raises ImportFailed in one sentence when that fails.

    `password` is called only for an address to which it may be sent. In tests `transport` replaces the network, and
    `sleep` the waiting.
    """
    with asyncio.Runner() as runner:
        try:
            session = Session(url, mono=time.monotonic, transport=transport, silence=IMPORT_SILENCE)
            said = password()
            try:
                runner.run(_signed_in(session, user, said))
                yield PlatformTarget(session, runner, district, sleep)
            finally:
                runner.run(session.close())
        except PlatformFault as wrong:
            raise ImportFailed(_sentence(url, wrong)) from wrong


async def _signed_in(session: Session, user: str, password: str) -> None:
    try:
        await session.sign_in(user, password)
    except (Declined, PlatformBusy, PlatformBroken) as wrong:
        raise ImportFailed(
            f"{session.url} did not let {user} in ({_reason(wrong)}): nothing was imported; sign in as another."
        ) from wrong
    except (NotAPlatform, NewerProtocol, MalformedAnswer) as wrong:
        raise ImportFailed(
            f"{session.url} does not answer like a platform: check the address; nothing was imported."
        ) from wrong


def _sentence(url: str, wrong: PlatformFault) -> str:
    """Returns why an environment or network error kept the import from beginning or going on."""
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


def _reason(wrong: PlatformFault) -> str:
    words = wrong.code.replace("_", " ")
    return f"{words}: {wrong.about}" if wrong.about else words
