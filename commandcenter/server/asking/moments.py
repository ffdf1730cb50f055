"""Times in questions: those without a zone are meant in the district's."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from commandcenter.server.handling.districts import find_district
from commandcenter.server.trouble import Trouble, unknown


def zone_of(connection: Connection, district: str) -> ZoneInfo:
    """The district's time zone."""
    row = find_district(connection, district)
    if row is None:
        raise unknown("district")
    return ZoneInfo(row.zone)


def aware(moment: datetime | None, zone: ZoneInfo, about: str) -> datetime | None:
    """`moment` with a zone; 422 for years that no hall has seen."""
    if moment is None:
        return None
    if not 1900 <= moment.year <= 2999:
        raise Trouble(422, "invalid", "That time lies outside of all calendars.", about=about)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
