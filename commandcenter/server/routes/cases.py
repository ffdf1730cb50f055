"""Cases: found, one by one, and their history."""

from collections.abc import Callable
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.cases import Case, Light, Stage, Tier
from commandcenter.domain.people import Person
from commandcenter.domain.secrecy import readable_by
from commandcenter.protocol import paths
from commandcenter.protocol.codec import record_bytes
from commandcenter.protocol.frames import CasePage, History
from commandcenter.server import documents
from commandcenter.server.asking import listing
from commandcenter.server.asking.listing import Filter, Order
from commandcenter.server.asking.moments import Moment, aware, zone_of
from commandcenter.server.entry.held import Held
from commandcenter.server.entry.seats import Seat
from commandcenter.server.handling import audit
from commandcenter.server.keeping import eventlog
from commandcenter.server.keeping.projections import find, place_of
from commandcenter.server.names import is_plain
from commandcenter.server.platform import Platform
from commandcenter.server.routes.doors import Seated, json, platform_of, raw_json, reading, trace, trace_once
from commandcenter.server.scope import sees
from commandcenter.server.secrecy import said_to
from commandcenter.server.trouble import unknown

T = TypeVar("T")
PAGE_MOST = 200
router = APIRouter(tags=["cases"])
_Some = Annotated[list[str], Field(default_factory=list, max_length=50)]


class Wanted(BaseModel):
    """The parameters of a list of cases; several values of one are alternatives."""

    model_config = ConfigDict(extra="forbid")

    district: str | None = None
    stage: list[Stage] = Field(default_factory=list)
    tier: list[Tier] = Field(default_factory=list)
    street: _Some
    kind: _Some
    light: list[Light] = Field(default_factory=list)
    since: Moment | None = None
    until: Moment | None = None
    q: str = Field(default="", max_length=200)
    sort: Order = Order.NEWEST
    limit: int = Field(default=50, ge=1, le=PAGE_MOST)
    cursor: str | None = Field(default=None, max_length=60)

    def filter(self, zone: ZoneInfo) -> Filter:
        """As the list takes it; times without a zone are the district's."""
        return Filter(
            stage=tuple(self.stage),
            tier=tuple(self.tier),
            street=tuple(self.street),
            kind=tuple(self.kind),
            light=tuple(self.light),
            since=aware(self.since, zone, "since"),
            until=aware(self.until, zone, "until"),
            q=self.q,
        )

    @property
    def chooses(self) -> bool:
        """Whether it asks for cases of some kind or with some words in them, not for whatever there is."""
        return any((self.stage, self.tier, self.street, self.kind, self.light, self.q.strip()))


@router.get(
    paths.CASES, responses=documents.says(CasePage) | documents.no(401, 403, 404, 422, 429), summary="Find cases"
)
async def cases(request: Request, seat: Seated, wanted: Annotated[Wanted, Query()]) -> Response:
    """Cases in scope that fit all filters and contain `q`, a page at a time.

    It leaves a trace beyond the first page, and where moments are chosen: so a whole archive is read as well. So it is
    by first pages of ever other words; as these are everybody's daily work, one a minute of an account leaves a trace.
    """
    now = platform_of(request).now()

    def look(connection: Connection, held: Held) -> CasePage:
        return listing.page(
            connection,
            held.person,
            wanted.filter(zone_of(connection, held.scope.district)),
            order=wanted.sort,
            limit=wanted.limit,
            cursor=wanted.cursor,
            now=now,
        )

    page = await reading(request, seat, look)
    outcome = f"{len(page.items)} of {page.total}"
    if any(one is not None for one in (wanted.cursor, wanted.since, wanted.until)):
        trace(request, seat, "list", outcome=outcome)
    elif wanted.chooses or page.next is not None:
        trace_once(request, seat, "list", outcome=outcome)
    return json(page)


@router.get(paths.CASE, responses=documents.says(Case) | documents.no(401, 403, 404, 422, 429), summary="One case")
async def one_case(request: Request, seat: Seated, id: str) -> Response:
    """The case as it is, without the petitioner's words where these are withheld from whoever asks.

    What is out of scope is answered like what is not there.
    """
    case, person = await _in_scope(request, seat, id, lambda connection, held: held.person)
    return raw_json(record_bytes(readable_by(person, case)))


@router.get(
    paths.HISTORY, responses=documents.says(History) | documents.no(401, 403, 404, 422, 429), summary="Its history"
)
async def history(request: Request, seat: Seated, id: str) -> Response:
    """All facts about a case, oldest first."""

    def look(connection: Connection, held: Held) -> tuple[Person, list[tuple[str, set[str], bytes]]]:
        return held.person, eventlog.since(connection, held.scope.district, "case", id, base=0)

    case, (person, happened) = await _in_scope(request, seat, id, look)
    return json(History(facts=said_to(person, case, eventlog.said(facts for _, _, facts in happened))))


async def _in_scope(request: Request, seat: Seat, key: str, more: Callable[[Connection, Held], T]) -> tuple[Case, T]:
    """The case and what `more` finds about it, at one moment; who asks beyond their scope is noted.

    An id that there is not costs the same statements and leaves the same trace: nobody learns which of the two it is.
    """

    def look(connection: Connection, held: Held) -> tuple[Case, T] | Person:
        case = find(connection, held.scope.district, "case", key)
        if isinstance(case, Case) and sees(held.scope, "case", place_of(case)):
            return case, more(connection, held)
        return held.person

    found = await reading(request, seat, look)
    if isinstance(found, Person):
        if is_plain(key):
            _note(platform_of(request), found, key)
        raise unknown("id")
    return found


def _note(platform: Platform, person: Person, key: str) -> None:
    def work(connection: Connection) -> None:
        audit.note(connection, person, "read", at=platform.now(), outcome="out_of_scope", record=f"case:{key}")

    platform.lane.submit(work)
