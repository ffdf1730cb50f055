"""Where imported cases go: into a data folder that nobody else holds, or to a platform over HTTP."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

import httpx
import msgspec
from sqlalchemy import Connection, Engine

from commandcenter.domain.commands import Import
from commandcenter.domain.ids import uuid7
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.records import Record
from commandcenter.protocol import paths
from commandcenter.protocol.codec import Unreadable, command_args, decode, keep
from commandcenter.protocol.frames import Renewal, SignIn, Tokens
from commandcenter.rehearsal.imports_reasons import sentence
from commandcenter.server.handling.districts import put_reference
from commandcenter.server.handling.handle import perform
from commandcenter.server.handling.identities import identified
from commandcenter.server.intake.mapping import Misread
from commandcenter.server.keeping.site_key import SiteKey

IMPORTER = "importer"


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

    def __init__(self, client: httpx.Client, district: str, tokens: Tokens) -> None:
        self._client = client
        self._district = district
        self._hold(tokens)

    def refer(self, records: Iterable[Record]) -> None:
        """Send the records that rows name."""
        kept = [keep(record) for record in records]
        for at in range(0, len(kept), 500):
            self._post({"district": self._district, "reference": kept[at : at + 500], "commands": []})

    def carry(self, wishes: list[Import]) -> list[Fate]:
        """Send the wishes."""
        args = [msgspec.Raw(command_args(wish)) for wish in wishes]
        fates: list[Fate] = []
        for at in range(0, len(args), 200):  # well below the platform's limit of 1 MB a request
            fates += self._post({"district": self._district, "reference": [], "commands": args[at : at + 200]})
        return fates

    def _post(self, body: dict[str, object]) -> list[Fate]:
        content = msgspec.json.encode(body)
        answer = self._client.post(paths.IMPORTS, content=content, headers=_JSON)
        if answer.status_code == 401 and self._renew():
            answer = self._client.post(paths.IMPORTS, content=content, headers=_JSON)
        if answer.status_code != 200:
            raise Misread(f"The platform did not take the rows ({_reason(answer)}); what it took before is kept.")
        results = decode(answer.content, _Answer).results
        return [Fate(one.status, sentence(one.code, one.about) if one.code else "") for one in results]

    def _renew(self) -> bool:
        """An access token lives for minutes, an import for as long as it takes: the next pair, if it is given."""
        wish = msgspec.json.encode(Renewal(refresh=self._tokens.refresh))
        answer = self._client.post(paths.REFRESH, content=wish, headers=_JSON)
        if answer.status_code == 200:
            self._hold(decode(answer.content, Tokens))
        return answer.status_code == 200

    def _hold(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._client.headers["Authorization"] = f"Bearer {tokens.access}"


class _Row(msgspec.Struct):
    status: str
    code: str | None = None
    about: str | None = None


class _Answer(msgspec.Struct):
    results: list[_Row]


class _Title(msgspec.Struct):
    title: str


_JSON = {"Content-Type": "application/json"}


@contextmanager
def over(url: str, district: str, user: str, password: str) -> Iterator[Over]:
    """Sign in at `url` and give the way in; Misread says in a sentence why not."""
    try:
        with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
            answer = client.post(paths.SIGN_IN, content=msgspec.json.encode(SignIn(user, password)), headers=_JSON)
            if _says_nothing(answer):
                raise Misread(f"{url} does not answer like a platform: check the address; nothing was imported.")
            if answer.status_code != 200:
                raise Misread(
                    f"{url} did not let {user} in ({_reason(answer)}): nothing was imported; sign in as another."
                )
            yield Over(client, district, decode(answer.content, Tokens))
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as wrong:
        raise Misread(f"{url!r} is no address of a platform: write http://HOST:PORT; nothing was imported.") from wrong
    except httpx.HTTPError as wrong:
        reason = str(wrong).rstrip(".") or type(wrong).__name__
        raise Misread(
            f"{url} cannot be reached ({reason}): what it took before is kept; run again to go on."
        ) from wrong
    except Unreadable as wrong:
        raise Misread(f"{url} does not answer like a platform. What it took before is kept.") from wrong


def _says_nothing(answer: httpx.Response) -> bool:
    """Whether it is neither a pair of tokens nor a reason: a web page, a proxy, another program."""
    try:
        decode(answer.content, Tokens if answer.status_code == 200 else _Title)
    except Unreadable:
        return True
    return False


def _reason(answer: httpx.Response) -> str:
    try:
        return decode(answer.content, _Title).title.rstrip(".")
    except Unreadable:
        return f"it answered {answer.status_code}"
