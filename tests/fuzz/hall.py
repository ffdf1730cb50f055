"""Two districts of two streets each, an account for every role, and a canary word in each record, to find leaks."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from commandcenter.client.seal import sealed
from commandcenter.domain.commands import Command, Dispatch, File
from commandcenter.domain.people import ADMINISTRATORS, NOWHERE, Person, Role, Scope
from commandcenter.domain.teams import Crew
from commandcenter.server.auth import accounts, roles
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.errors import HttpProblem
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage import vault
from tests.fuzz.followed import Followed
from tests.fuzz.values import REF
from tests.kit.console import take
from tests.kit.district import (
    DISTRICT,
    NOON,
    PASSWORD,
    STREETS,
    hashed,
    reference,
    seats,
    small_accounts,
    small_district,
)
from tests.kit.platform import Clock, new_id

DISTRICTS = {DISTRICT.id: "", "d2": "far-"}  # district id: prefix of its users
_HELD = (None, "urban", "team", "housing")  # holders of the cases of a street; None: not dispatched


@dataclass(frozen=True, slots=True)
class Canary:
    """A word that is only in one record, or in a sealed part (`record` None), which nobody may see.

    `is_secret`: it is in what a petitioner said who asked for secrecy.
    """

    word: str
    district: str
    record: tuple[str, str] | None
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Hall:
    """The platform, its people (None: not signed in), the canaries, the case ids by district, the followed log."""

    platform: Platform
    people: tuple[Person | None, ...]
    canaries: tuple[Canary, ...]
    cases: dict[str, tuple[str, ...]]
    followed: Followed

    async def token(self, person: Person) -> str:
        """Returns a new access token; an empty one when the account cannot sign in any more."""
        try:
            tokens = await self.platform.sign_ins.sign_in(person.user, PASSWORD, address="fuzz")
        except HttpProblem:
            return ""
        return tokens.access

    def person_now(self, user: str) -> Person | None:
        """Returns who `user` is at this moment; None without a role."""
        now = self.platform.now()
        known = self.platform.readers.now(lambda connection: roles.role_history(connection, user, now))
        span = None if known is None else known.at(now)
        return None if span is None else span.person

    def may_see(self, person: Person | None, canary: Canary) -> bool:
        """Whether `person` may know the canary: its record is or once was in their scope.

        A secret canary also needs the right to read what the petitioner said.
        """
        if person is None or canary.record is None or person.scope.district != canary.district:
            return False
        self.followed.look(judged=False)
        key = (canary.district, *canary.record)
        return self.followed.may_read(person, key) if canary.is_secret else self.followed.may_see(person, key)


@contextmanager
def canary_hall(data: Path) -> Iterator[Hall]:
    """Opens the platform with all its records; its clock stands still, so that no token expires."""
    with open_platform(data, now=Clock(), quota_factor=1_000) as platform:
        canaries: list[Canary] = []
        people: list[Person | None] = [None]
        cases: dict[str, tuple[str, ...]] = {}

        def furnish(connection: Connection) -> None:
            for district, prefix in DISTRICTS.items():
                seated = {name: seat.person for name, seat in seats(district, prefix).items()}
                here = _District(connection, district, seated, vault.public(platform.seal_key), canaries)
                cases[district] = here.furnish(prefix)
                people.extend([*seated.values(), *here.others(prefix)])

        platform.writer.submit(furnish).result()

        def who(user: str) -> Person | None:
            return platform.readers.now(lambda connection: roles.last_of(connection, user, platform.now()))

        followed = Followed(platform, who)
        followed.look(judged=False)
        yield Hall(platform, tuple(people), tuple(canaries), cases, followed)


class _District:
    _numbers = itertools.count(1)

    def __init__(
        self, connection: Connection, key: str, people: dict[str, Person], seal_key: str, canaries: list[Canary]
    ) -> None:
        self._connection = connection
        self._key = key
        self._people = people
        self._seal_key = seal_key
        self._canaries = canaries

    def furnish(self, prefix: str) -> tuple[str, ...]:
        small_district(self._connection, district=replace(DISTRICT, id=self._key))
        small_accounts(self._connection, district=self._key, prefix=prefix)
        crews = (one for one in reference() if isinstance(one, Crew))
        named = [replace(crew, rev=2, name=self._word(("crew", crew.id))) for crew in crews]
        put_reference(self._connection, self._key, named, now=NOON)
        every = [(street, held) for street in STREETS for held in _HELD]
        return tuple(self._case(*where, prefix, secret=bool(at % 2)) for at, where in enumerate(every))

    def others(self, prefix: str) -> list[Person]:
        """Makes accounts for the roles that have no seat in the small district; returns their people."""
        seen = {person.role for person in self._people.values()}
        scopes = {role: Scope(self._key, street=NOWHERE if role in ADMINISTRATORS else None) for role in Role}
        missing = [Person(f"{prefix}{role}", role, scopes[role]) for role in Role if role not in seen]
        for person in missing:
            accounts.put(self._connection, person, hashed())
        return missing

    def _case(self, street: str, held: str | None, prefix: str, *, secret: bool) -> str:
        case = new_id()
        word = self._word(("case", case))
        said = {"text": f"积水 {word}"} if not secret else self._whispered(case)
        name = self._word(None)
        part = sealed(self._seal_key, f'{{"name": "{name}", "phone": "{name}"}}'.encode())
        self._canaries.append(Canary(part[:40], self._key, None))
        wish = take(street, case=case, place=word, petitioner=new_id(), sealed=part, **said)
        self._do(wish, f"{prefix}clerk", 0)
        if held is not None:
            self._do(File(case), f"{prefix}shift", 1)
            self._do(Dispatch(case, "housing" if held == "housing" else f"{street}-{held}"), f"{prefix}dispatcher", 2)
        return case

    def _whispered(self, case: str) -> dict[str, Any]:
        text, external = (self._word(("case", case), is_secret=True) for _ in range(2))
        return {"text": f"积水 {text}", "external": external, "secret": True}

    def _word(self, record: tuple[str, str] | None, *, is_secret: bool = False) -> str:
        word = f"cnry{self._key}n{next(self._numbers)}x"
        self._canaries.append(Canary(word, self._key, record, is_secret))
        return word

    def _do(self, command: Command, user: str, rev: int) -> None:
        person = next(one for one in self._people.values() if one.user == user)
        bases = {f"case:{command.case}": rev} if rev else {}  # type: ignore[union-attr]
        result = perform(self._connection, command, person, NOON, cmd_id=new_id(), bases=bases)
        assert result.status == "applied", result


def known(hall: Hall, choice: Callable[[Any], Any]) -> dict[str, Callable[[], Any]]:
    """Returns, by field name, makers of values that the platform knows; `choice` picks one of several."""
    every = [key for keys in hall.cases.values() for key in keys]
    words = [canary.word for canary in hall.canaries]
    holders = ["housing", *(f"{street}-{what}" for street in STREETS for what in ("urban", "police", "team"))]
    case = lambda: choice((choice(every), choice(every), new_id()))  # noqa: E731
    moment = lambda: choice(("2026-11-24T04:00:00Z", "2026-11-23T00:00:00+08:00", "0001-01-01T00:00:00Z"))  # noqa: E731
    adopting = [False]  # whether both fields of an adoption are set; more often neither is

    def behalf() -> str | None:
        adopting[0] = choice((False,) * 4 + (True,))
        whose = choice(("clerk", "dispatcher", "east-desk", "west-urban", "far-clerk", "nobody"))
        return whose if adopting[0] else None

    moments = dict.fromkeys(("made_at", "received_at", "ended_at", "filed_at", "due", "at"), moment)
    return moments | {
        "case": case,
        "id": case,
        "job": case,
        "merged_into": case,
        REF: lambda: choice((*(f"case:{key}" for key in every), f"crew:{choice(STREETS)}-crew", "epoch")),
        "to": lambda: choice(holders),
        "responsible": lambda: choice(holders),
        "street": lambda: choice((*STREETS, "north")),
        "role": lambda: choice(tuple(Role)),
        "crew": lambda: f"{choice(STREETS)}-crew",
        "kind": lambda: choice(("water", "stall", "lid")),
        "channel": lambda: choice(("hotline", "grid")),
        "district": lambda: choice((*DISTRICTS, DISTRICT.id)),
        "console_id": lambda: choice(("console-a", "console-b")),
        "cmd_id": new_id,
        "dep": lambda: None,
        "on_behalf_of": behalf,
        "replaces": lambda: new_id() if adopting[0] else None,
        "epoch": lambda: choice((1,) * 9 + (2,)),
        "after": lambda: choice(("1:0", "1:3", "0", "1:99999")),
        "last-event-id": lambda: choice(("1:0", "1:3")),
        "limit": lambda: choice((1, 50, 200)),
        "cursor": lambda: choice(("1795492800.0_3", "1795492800.0_3", "nan_1")),
        "layer": lambda: choice(("outline", "streets", "grids")),
        "q": lambda: choice((choice(words), "积水", "路")),
        "user": lambda: choice(("clerk", "far-clerk", "nobody")),
    }
