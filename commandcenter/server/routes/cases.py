"""Cases: found, one by one, and their history."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.cases import Case, Light, Stage, Tier
from commandcenter.domain.people import Person, Scope
from commandcenter.protocol import paths
from commandcenter.protocol.codec import record_bytes
from commandcenter.protocol.frames import CasePage, History
from commandcenter.server import documents
from commandcenter.server.asking import listing
from commandcenter.server.asking.listing import Filter, Order
from commandcenter.server.asking.moments import Moment, aware, zone_of
from commandcenter.server.handling import audit
from commandcenter.server.keeping import eventlog
from commandcenter.server.keeping.projections import find, place_of
from commandcenter.server.platform import Platform
from commandcenter.server.routes.doors import Seated, json, platform_of, scope_of
from commandcenter.server.scope import sees
from commandcenter.server.trouble import unknown

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


@router.get(paths.CASES, responses=documents.says(CasePage) | documents.no(401, 404, 422), summary="Find cases")
async def cases(request: Request, seat: Seated, wanted: Annotated[Wanted, Query()]) -> Response:
    """Cases in scope that fit all filters and contain `q`, a page at a time."""
    platform, scope = platform_of(request), scope_of(seat)

    def look(connection: Connection) -> CasePage:
        return listing.page(
            connection,
            scope,
            wanted.filter(zone_of(connection, scope.district)),
            order=wanted.sort,
            limit=wanted.limit,
            cursor=wanted.cursor,
            now=platform.now(),
        )

    return json(await platform.readers.do(look))


@router.get(paths.CASE, responses=documents.says(Case) | documents.no(401, 404, 422), summary="One case")
async def one_case(request: Request, seat: Seated, id: str) -> Response:
    """The case as it is; what is out of scope is answered like what is not there."""
    platform = platform_of(request)
    case = await _in_scope(platform, seat.person, id)
    return Response(record_bytes(case), media_type="application/json")


@router.get(paths.HISTORY, responses=documents.says(History) | documents.no(401, 404, 422), summary="Its history")
async def history(request: Request, seat: Seated, id: str) -> Response:
    """All facts about a case, oldest first."""
    platform, scope = platform_of(request), scope_of(seat)
    await _in_scope(platform, seat.person, id)

    def look(connection: Connection) -> list[tuple[str, set[str], bytes]]:
        return eventlog.since(connection, scope.district, "case", id, base=0)

    happened = await platform.readers.do(look)
    return json(History(facts=eventlog.said(facts for _, _, facts in happened)))


async def _in_scope(platform: Platform, person: Person, key: str) -> Case:
    case = await platform.readers.do(lambda connection: find(connection, person.scope.district, "case", key))
    if not isinstance(case, Case):
        raise unknown("id")
    if not _sees(person.scope, case):
        platform.lane.submit(lambda connection: _note(connection, platform, person, key))
        raise unknown("id")
    return case


def _sees(scope: Scope, case: Case) -> bool:
    return sees(scope, "case", place_of(case))


def _note(connection: Connection, platform: Platform, person: Person, key: str) -> None:
    audit.note(connection, person, "read", at=platform.now(), outcome="out_of_scope", record=f"case:{key}")
