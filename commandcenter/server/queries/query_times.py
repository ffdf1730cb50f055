"""Reads the times in queries: RFC 3339 or a date alone, in the district's time zone when they name none."""

import re
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator
from sqlalchemy import Connection

from commandcenter.domain.calendar import YEARS
from commandcenter.server.errors import HttpProblem, not_found
from commandcenter.server.storage.districts import find_district

_BEGINS_WITH_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LOST_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) (\d\d:\d\d)$")


def _written(value: object) -> object:
    """Restores the plus of a zone that was not escaped in the URL and arrived as a space.

    Raises ValueError for a bare number, which pydantic would take for seconds since 1970.
    """
    if not isinstance(value, str) or not _BEGINS_WITH_DATE.match(value):
        raise ValueError("a time is written like 2026-11-24T09:30:00+08:00")
    return _LOST_PLUS.sub(r"\1+\2", value)


Moment = Annotated[datetime, BeforeValidator(_written)]


def zone_of(connection: Connection, district: str) -> ZoneInfo:
    """Returns the district's time zone; raises HttpProblem 404 for an unknown district."""
    row = find_district(connection, district)
    if row is None:
        raise not_found("district")
    return ZoneInfo(row.zone)


def with_zone(moment: datetime | None, zone: ZoneInfo, about: str) -> datetime | None:
    """Returns `moment` with a zone, by default `zone`; raises HttpProblem 422 for a year that no calendar has."""
    if moment is None:
        return None
    if moment.year not in YEARS:
        raise HttpProblem(422, "invalid", "That time lies outside of all calendars.", about=about)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
