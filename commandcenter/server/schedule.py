"""What the platform does by the clock: it lets go of what has left its window, and of who was signed out."""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from commandcenter.server.entry import accounts
from commandcenter.server.handling import audit, dedupe
from commandcenter.server.handling.districts import district_ids
from commandcenter.server.keeping import eventlog
from commandcenter.server.platform import Platform

FRAMES_KEPT = timedelta(days=7)
NOBODYS_KEPT = 100_000
RESULTS_KEPT = timedelta(days=30)
_EVERY = 3600.0  # seconds
LOOK = 30.0
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


async def keep_signed_in(platform: Platform) -> None:
    """Every half minute the access tokens of sign-ins that were ended, by whomever, end too; until cancelled."""

    def look(connection: Connection) -> None:
        platform.seats.keep(accounts.live_sign_ins(connection, platform.now()))

    while True:
        try:
            await platform.lane.do(look)
        except DBAPIError as fault:
            _log.error("whose sign-in was ended could not be looked up (%s); it is tried again", fault.orig)
        except Exception:
            _log.exception("looking up whose sign-in was ended failed; it is tried again")
        await asyncio.sleep(LOOK)


def trim(connection: Connection, now: datetime) -> None:
    """After-images older than a week, what answers older than a month showed, sessions that ran out, nobody's failures.

    What became of a command is never forgotten: who offers it again, however late, is told.
    """
    for district in district_ids(connection):
        eventlog.trim(connection, district, before=now - FRAMES_KEPT)
    dedupe.shorten(connection, before=now - RESULTS_KEPT)
    accounts.trim_sessions(connection, now=now)
    audit.trim_nobodys(connection, most=NOBODYS_KEPT)
