"""The routes of figures, which the database counts."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.responsibility import CarriedTime
from commandcenter.protocol import paths
from commandcenter.protocol.messages import SeatDay, Summary
from commandcenter.server import documents
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.queries import figures, seat_days
from commandcenter.server.queries.carried import carried
from commandcenter.server.queries.query_times import Moment, with_zone, zone_of
from commandcenter.server.routes.dependencies import SignedInToken, json, read_as_user

router = APIRouter(tags=["figures"])


class Period(BaseModel):
    """From `since` (inclusive) until `until` (exclusive)."""

    model_config = ConfigDict(extra="forbid")

    district: str | None = None
    since: Moment
    until: Moment

    def between(self, zone: ZoneInfo) -> dict[str, datetime]:
        """Returns `since` and `until`; without a zone of their own they are taken in `zone`, the district's."""
        since, until = with_zone(self.since, zone, "since"), with_zone(self.until, zone, "until")
        assert since is not None
        assert until is not None
        return {"since": since, "until": until}


@router.get(paths.FIGURES, **documents.reads("Cases counted", Summary))
async def summary(request: Request, seat: SignedInToken, period: Annotated[Period, Query()]) -> Response:
    """The cases in scope received in the period, by what they are, and what was done in it, by when it was done."""

    def count(connection: Connection, current: CurrentRole) -> Summary:
        between = period.between(zone_of(connection, current.scope.district))
        return figures.summary(connection, current.person, **between)

    return json(await read_as_user(request, seat, count))


@router.get(paths.SEAT_DAY, **documents.reads("What a seat did", SeatDay))
async def seat_day(request: Request, seat: SignedInToken, period: Annotated[Period, Query()]) -> Response:
    """What the user's holder accepted, reported and asked to return, from the log; zero for who holds no cases."""

    def count(connection: Connection, current: CurrentRole) -> SeatDay:
        between = period.between(zone_of(connection, current.scope.district))
        if current.scope.holder is None:
            return seat_days.EMPTY_DAY
        return seat_days.seat_day(connection, current.scope.district, current.scope.holder, **between)

    return json(await read_as_user(request, seat, count))


@router.get(paths.CARRIED, **documents.reads("Working time carried", CarriedTime))
async def carried_time(request: Request, seat: SignedInToken, period: Annotated[Period, Query()]) -> Response:
    """The working time that each body carried the cases in scope until steps in the period, from the steps."""

    def add_up(connection: Connection, current: CurrentRole) -> CarriedTime:
        between = period.between(zone_of(connection, current.scope.district))
        return carried(connection, current.person, **between)

    return json(await read_as_user(request, seat, add_up))
