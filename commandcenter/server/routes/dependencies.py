"""Checks what a request needs before its route works: access token, current role, quota, a body of limited size."""

import asyncio
from collections.abc import Callable
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from commandcenter.domain.people import Person, Role
from commandcenter.protocol import codes
from commandcenter.protocol.codec import decode, encode
from commandcenter.protocol.limits import BODY_MOST
from commandcenter.protocol.media import CURSOR_TOKEN, JSON, media_of
from commandcenter.server.auth import roles
from commandcenter.server.auth.access_tokens import AccessToken
from commandcenter.server.auth.current_role import CurrentRole, current_role_of
from commandcenter.server.auth.quotas import NO_ROLE_TRACED, ROLE_TRACED
from commandcenter.server.errors import HttpProblem, not_found, unauthenticated
from commandcenter.server.platform import Platform
from commandcenter.server.storage.districts import district_ids

T = TypeVar("T")
NO_STORE = {"Cache-Control": "no-store"}
_OF_EACH_DISTRICT = frozenset({Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN})
_BODY_SECONDS = 30.0
bearer = HTTPBearer(auto_error=False, description="The access token of /v1/sign-in.")


def platform_of(request: Request) -> Platform:
    """Returns the platform that the application serves."""
    return cast(Platform, request.app.state.platform)


async def access_token_of(
    request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> AccessToken:
    """Returns the access token that the request shows; raises HttpProblem 401 unless it is in force."""
    seat = platform_of(request).seats.find(shown.credentials) if shown is not None else None
    if seat is None:
        raise unauthenticated()
    request.state.seat = seat
    return seat


SignedInToken = Annotated[AccessToken, Depends(access_token_of)]
ShownCursorToken = Annotated[str | None, Header(alias=CURSOR_TOKEN, description="The newest that the platform gave")]


def role_of_request(connection: Connection, request: Request, seat: AccessToken) -> CurrentRole:
    """Returns the role and scope that the user of `seat` has at this moment.

    A system or audit administrator of the whole platform acts in the district that the request names, or in the only
    one that there is. Raises HttpProblem: 401 when the account was stopped, 403 when it has no role now, 404 when the
    request names another district or the role has none.
    """
    current = current_role_of(connection, seat.user, platform_of(request).now())
    own, wanted = current.scope.district, request.query_params.get("district")
    if not own and current.person.role in _OF_EACH_DISTRICT:
        named = [district for district in district_ids(connection) if wanted in (None, district)]
        if len(named) == 1:
            return current.in_district(named[0])
        raise HttpProblem(404, "unknown_district", "There is no such district, or none of several was named.")
    if not own or wanted not in (None, own):
        raise not_found("district")
    return current


def administrator_of(connection: Connection, request: Request, seat: AccessToken, *roles: Role) -> Person:
    """Returns who the user of `seat` is, whether or not of a district.

    Raises HttpProblem: 401 when the account was stopped, 403 unless its role now is one of `roles`.
    """
    person = current_role_of(connection, seat.user, platform_of(request).now()).person
    if person.role not in roles:
        raise HttpProblem(403, "role", "This is for other administrators of the platform.")
    return person


def whole_platform(connection: Connection, request: Request, seat: AccessToken, *roles: Role) -> Person:
    """Returns the administrator of the whole platform; raises HttpProblem also, 403, for one of a single district."""
    person = administrator_of(connection, request, seat, *roles)
    if person.scope.district:
        raise HttpProblem(403, "role", "This is for administrators of the whole platform.")
    return person


async def read_as_user(request: Request, seat: AccessToken, look: Callable[[Connection, CurrentRole], T]) -> T:
    """Returns what `look` finds for the user's current role, both read in one transaction.

    Raises HttpProblem as `role_of_request` does, and 429 beyond the quota.
    """
    spend(request, seat, "reads")
    readers = platform_of(request).readers
    return await readers.do(lambda connection: look(connection, role_of_request(connection, request, seat)))


def spend(request: Request, seat: AccessToken, kind: str, amount: int = 1) -> None:
    """Counts `amount` against the user's quota of `kind`.

    Raises HttpProblem 429 beyond it, which is audited at most once a minute.
    """
    try:
        platform_of(request).quotas.spend(seat.user, kind, amount)
    except HttpProblem:
        queue_audit_once(request, seat, "quota", outcome=kind)
        raise


def queue_audit_once(request: Request, seat: AccessToken, action: str, *, outcome: str, seconds: float = 60) -> None:
    """Does the same as `queue_audit`, but at most once in so many seconds for this user and `action`."""
    if platform_of(request).quotas.is_news(seat.user, action, seconds=seconds):
        queue_audit(request, seat, action, outcome=outcome)


def queue_audit(request: Request, seat: AccessToken, action: str, *, outcome: str) -> None:
    """Queues an audit row of what the user of `seat` did and from which address; the answer does not wait for it.

    The row is in the user's own district, whichever district was asked for.
    """
    platform, how = platform_of(request), {"outcome": outcome, "record": f"address:{address_of(request)}"}
    platform.writer.submit(lambda connection: roles.note(connection, seat.user, action, now=platform.now(), **how))


def audit_refusal(request: Request, refusal: HttpProblem) -> None:
    """Queues an audit row of a signed-in user's request that was refused for want of a role, with the route.

    At most one in ten seconds and route, for nobody's rows may fill the disk; of an account without any role, whose
    console asks again by itself, one in ten minutes.
    """
    seat: AccessToken | None = getattr(request.state, "seat", None)
    if seat is None:
        return
    outcome = f"{refusal.code} {request.method} {request.scope['route'].path}"
    seconds = NO_ROLE_TRACED if refusal.code == codes.NO_ROLE else ROLE_TRACED
    if platform_of(request).quotas.is_news(seat.user, outcome, seconds=seconds):
        queue_audit(request, seat, "refused", outcome=outcome)


async def body_of(request: Request, shape: type[T]) -> T:
    """Returns the request's body as `shape`.

    Raises HttpProblem: 415 unless it is JSON (forms and plain text can be sent by a web page without a preflight
    request), 413 beyond a megabyte, 408 when it does not arrive in 30 seconds, 400 when it breaks off. Raises
    Unreadable, answered with 422, when it is not of `shape`.
    """
    if media_of(request.headers.get("content-type")) != JSON:
        raise HttpProblem(415, "not_json", f"The body has to be {JSON}.", headers={"Connection": "close"})
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            raw = await _read(request)
    except TimeoutError as wrong:
        raise HttpProblem(408, "too_slow", "The body did not arrive in time.") from wrong
    except ClientDisconnect as wrong:  # nobody reads this answer: the client is gone
        raise HttpProblem(400, "cut_off", "The body broke off.") from wrong
    return decode(raw, shape)


def json(value: object) -> Response:
    """Returns `value` as a JSON response."""
    return raw_json(encode(value))


def raw_json(body: bytes) -> Response:
    """Returns `body`, already JSON, as a response that no cache may store."""
    return Response(body, media_type=JSON, headers=NO_STORE)


def address_of(request: Request) -> str:
    """Returns the address of the client, or `unknown`."""
    return request.client.host if request.client is not None else "unknown"


async def _read(request: Request) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_MOST:
            raise HttpProblem(413, "too_long", "The body is longer than a megabyte.", headers={"Connection": "close"})
    return bytes(raw)
