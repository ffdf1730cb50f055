"""The route of accounts, for security administrators."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.protocol import paths
from commandcenter.protocol.accounts import AccountAnswer, AccountChange, AccountPage
from commandcenter.protocol.limits import ID_MOST, PAGE_MOST
from commandcenter.server import documents
from commandcenter.server.auth import accounts, administration
from commandcenter.server.errors import HttpProblem
from commandcenter.server.routes.dependencies import (
    SignedInToken,
    address_of,
    administrator_of,
    body_of,
    json,
    platform_of,
    queue_audit,
    spend,
)

router = APIRouter(tags=["accounts"])


@router.get(paths.ACCOUNTS, **documents.reads("Who has an account", AccountPage, (401, 403, 422, 429)))
async def listed(
    request: Request,
    seat: SignedInToken,
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 50,
    cursor: Annotated[str, Query(max_length=ID_MOST)] = "",
) -> Response:
    """The accounts of the administrator's district, or of the platform, by name. Pages after the first are audited."""
    platform = platform_of(request)
    spend(request, seat, "reads")

    def look(connection: Connection) -> AccountPage:
        within = administrator_of(connection, request, seat, Role.SECURITY_ADMIN).scope.district
        return administration.page(connection, within, now=platform.now(), limit=limit, after=cursor)

    page = await platform.readers.do(look)
    if cursor:
        queue_audit(request, seat, "accounts", outcome=f"{len(page.items)} until {page.next or 'the last'}")
    return json(page)


@router.post(paths.ACCOUNTS, **documents.writes("Add, change or stop an account", AccountAnswer, AccountChange))
async def changed(request: Request, seat: SignedInToken) -> Response:
    """Adds an account, changes its role, stops it or gives it a new password, which is in the answer this once.

    Whoever is stopped or has a new password is signed out at once; who changes the role goes on with the new one.
    """
    asked, platform = await body_of(request, AccountChange), platform_of(request)
    spend(request, seat, "commands")
    await platform.readers.do(lambda connection: administrator_of(connection, request, seat, Role.SECURITY_ADMIN))
    password = accounts.new_password() if asked.makes_password else None
    stored = "" if password is None else await asyncio.to_thread(accounts.hashed, password)

    def work(connection: Connection) -> HttpProblem | None:
        by, origin = administrator_of(connection, request, seat, Role.SECURITY_ADMIN), f"address:{address_of(request)}"
        return administration.change(connection, asked, stored, by=by, now=platform.now(), origin=origin)

    refused = await platform.writer.do(work)
    if refused is not None:
        raise refused
    return json(AccountAnswer(asked.user, password))
