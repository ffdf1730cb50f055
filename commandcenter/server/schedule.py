"""What the platform does by the clock: hourly it lets go of what has left its window."""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from commandcenter.server.entry import accounts
from commandcenter.server.handling import dedupe
from commandcenter.server.handling.districts import district_ids
from commandcenter.server.keeping import eventlog
from commandcenter.server.platform import Platform

FRAMES_KEPT = timedelta(days=7)
RESULTS_KEPT = timedelta(days=30)
_EVERY = 3600.0  # seconds
_log = logging.getLogger(__name__)


async def keep_trim(platform: Platform) -> None:
    """Trim now and every hour, until cancelled."""
    while True:
        try:
            await platform.lane.do(lambda connection: trim(connection, platform.now()))
        except DBAPIError as fault:
            _log.error("the database was not trimmed (%s); it is tried again in an hour", fault.orig)
        except Exception:
            _log.exception("the hourly trimming failed; it is tried again in an hour")
        await asyncio.sleep(_EVERY)


def trim(connection: Connection, now: datetime) -> None:
    """After-images older than a week, what answers older than a month showed, sessions that ran out.

    What became of a command is never forgotten: who offers it again, however late, is told.
    """
    for district in district_ids(connection):
        eventlog.trim(connection, district, before=now - FRAMES_KEPT)
    dedupe.shorten(connection, before=now - RESULTS_KEPT)
    accounts.trim_sessions(connection, now=now)
