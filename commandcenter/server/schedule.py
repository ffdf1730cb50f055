"""The platform's periodic work: trims what has passed its retention and revokes access tokens of ended sign-ins."""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from commandcenter.server.auth import accounts
from commandcenter.server.command_pipeline import dedupe
from commandcenter.server.platform import Platform
from commandcenter.server.storage import audit, event_log
from commandcenter.server.storage.districts import district_ids
from commandcenter.server.storage.settings import FRAMES_DAYS, RESULTS_DAYS, UNKNOWN_KEPT, SettingValues

_EVERY = 3600.0  # seconds
SIGN_IN_CHECK_SECONDS = 30.0  # seconds
_log = logging.getLogger(__name__)


async def trim_periodically(platform: Platform) -> None:
    """Trims now and every hour, until cancelled; a failure is logged and tried again an hour later."""
    while True:
        try:
            await platform.writer.do(lambda connection: trim(connection, platform.now(), platform.settings))
        except DBAPIError as fault:
            _log.error("the database was not trimmed (%s); it is tried again in an hour", fault.orig)
        except Exception:
            _log.exception("the hourly trimming failed; it is tried again in an hour")
        await asyncio.sleep(_EVERY)


async def revoke_ended_sign_ins(platform: Platform) -> None:
    """Revokes every 30 seconds the access tokens of sign-ins that are no longer stored, until cancelled.

    This also covers sign-ins that were deleted from the database by other means than a sign-out.
    """

    def look(connection: Connection) -> None:
        platform.seats.keep(accounts.live_sign_ins(connection, platform.now()))

    while True:
        try:
            await platform.writer.do(look)
        except DBAPIError as fault:
            _log.error("whose sign-in was ended could not be looked up (%s); it is tried again", fault.orig)
        except Exception:
            _log.exception("looking up whose sign-in was ended failed; it is tried again")
        await asyncio.sleep(SIGN_IN_CHECK_SECONDS)


def trim(connection: Connection, now: datetime, settings: SettingValues | None = None) -> None:
    """Trims the database to what its retention periods allow.

    Drops the after-images of older log entries and the records shown in older command results, as `settings` say;
    deletes expired sessions, and the older audit rows of failed sign-ins under unknown names. The outcome of a command
    is kept for ever: the command may be sent again, however late.
    """
    kept = settings or SettingValues()
    for district in district_ids(connection):
        event_log.trim(connection, district, before=now - timedelta(days=kept[FRAMES_DAYS]))
    dedupe.drop_shown_records(connection, before=now - timedelta(days=kept[RESULTS_DAYS]))
    accounts.trim_sessions(connection, now=now)
    audit.trim_unknown_users(connection, most=int(kept[UNKNOWN_KEPT]))
