"""The routes of figures, which the database counts."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.protocol import paths
from commandcenter.protocol.messages import SeatDay, Summary
from commandcenter.server import documents
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.queries import figures, seat_days
from commandcenter.server.queries.query_times import Moment, with_zone, zone_of
from commandcenter.server.routes.dependencies import SignedInToken, json, read_as_user

router = APIRouter(tags=["figures"])


class Period(BaseModel):
    """From `since` (inclusive) until `until` (exclusive)."""

    model_config = ConfigDict(extra="forbid")

    district: str | None = None
    since: Moment
    until: Moment


@router.get(
    paths.FIGURES,
    responses=documents.json_response_of(Summary) | documents.problem_responses(*documents.READ),
    summary="Cases counted",
)
async def summary(request: Request, seat: SignedInToken, period: Annotated[Period, Query()]) -> Response:
    """The cases in scope received in the period, by what they are, and what was done in it, by when it was done."""

    def count(connection: Connection, current: CurrentRole) -> Summary:
        zone = zone_of(connection, current.scope.district)
        since, until = with_zone(period.since, zone, "since"), with_zone(period.until, zone, "until")
        assert since is not None
        assert until is not None
        return figures.summary(connection, current.person, since=since, until=until)

    return json(await read_as_user(request, seat, count))


@router.get(
    paths.SEAT_DAY,
    responses=documents.json_response_of(SeatDay) | documents.problem_responses(*documents.READ),
    summary="What a seat did",
)
async def seat_day(request: Request, seat: SignedInToken, period: Annotated[Period, Query()]) -> Response:
    """Acceptances and reports of the user's holder in the period, from the log; zero for a user who holds no cases."""

    def count(connection: Connection, current: CurrentRole) -> SeatDay:
        zone = zone_of(connection, current.scope.district)
        since, until = with_zone(period.since, zone, "since"), with_zone(period.until, zone, "until")
        assert since is not None
        assert until is not None
        if current.scope.holder is None:
            return seat_days.EMPTY_DAY
        return seat_days.seat_day(connection, current.scope.district, current.scope.holder, since=since, until=until)

    return json(await read_as_user(request, seat, count))
