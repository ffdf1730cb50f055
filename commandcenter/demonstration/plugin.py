"""The plug-in that `serve --demo` loads: seeds an empty data folder, creates accounts and plays the shift."""

import logging
from pathlib import Path

from commandcenter.demonstration import shift
from commandcenter.demonstration.accounts import replace_demo_accounts
from commandcenter.demonstration.seed_process import seed_apart
from commandcenter.demonstration.shift_accounts import shift_accounts
from commandcenter.operations.administrator import has_administrator
from commandcenter.operations.http_server import Work
from commandcenter.server.platform import Platform
from commandcenter.sync.demo_accounts import DemoAccount, write_accounts

_log = logging.getLogger(__name__)


def fill(data: Path) -> None:
    """Seeds the demonstration's district into a folder without a database."""
    seed_apart(data)


async def prepare(platform: Platform) -> Work | None:
    """Creates the accounts and returns the coroutine function that plays the shift while `platform` serves.

    Returns None on a hall's own database (one with an administrator).
    """
    if await platform.writer.do(has_administrator):
        _log.warning("%s holds a hall's own accounts: no seats and no shift of a demonstration", platform.data)
        return None
    accounts = await _accounts(platform)
    return lambda url, stop: shift.run(url, accounts, stop=stop)


async def _accounts(platform: Platform) -> list[DemoAccount]:
    """Returns the accounts that the shift uses: those written for people, and one for every holder without one."""
    seats = await platform.writer.do(replace_demo_accounts)
    _log.info("accounts of the demonstration: %s", write_accounts(platform.data, seats))
    if not seats:
        _log.warning("there is no district in %s: nobody can sign in; take a --data without a database", platform.data)
    return seats + await platform.writer.do(lambda connection: shift_accounts(connection, shift.district_id()))
