"""What each request has to show before a route looks at it: a seat, a role at this moment, a body not too long."""

import asyncio
from collections.abc import Callable
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from commandcenter.protocol.codec import decode, encode
from commandcenter.server.entry.held import Held, held_now
from commandcenter.server.entry.seats import Seat
from commandcenter.server.handling import audit
from commandcenter.server.platform import Platform
from commandcenter.server.trouble import Trouble, signed_out, unknown

T = TypeVar("T")
BODY_MOST = 1_000_000  # bytes
NO_STORE = {"Cache-Control": "no-store"}
_BODY_SECONDS = 30.0
_JSON = "application/json"
bearer = HTTPBearer(auto_error=False, description="The access token of /v1/sign-in.")


def platform_of(request: Request) -> Platform:
    """The platform that the application was made for."""
    return cast(Platform, request.app.state.platform)


async def seat_of(request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Seat:
    """The seat whose token was shown; 401 without one."""
    seat = platform_of(request).seats.find(shown.credentials) if shown is not None else None
    if seat is None:
        raise signed_out()
    return seat


Seated = Annotated[Seat, Depends(seat_of)]


def held_of(connection: Connection, request: Request, seat: Seat) -> Held:
    """What the user of `seat` is at this moment.

    401 when the account was stopped, 403 when it has no role now, 404 when another district is asked for.
    """
    held = held_now(connection, seat.user, platform_of(request).now())
    own = held.scope.district
    if not own or request.query_params.get("district", own) != own:
        raise unknown("district")
    return held


async def reading(request: Request, seat: Seat, look: Callable[[Connection, Held], T]) -> T:
    """What `look` finds for whoever the user of `seat` is now, both read at one moment; 429 beyond the quota."""
    spend(request, seat, "reads")
    readers = platform_of(request).readers
    return await readers.do(lambda connection: look(connection, held_of(connection, request, seat)))


def spend(request: Request, seat: Seat, kind: str, amount: int = 1) -> None:
    """Count it against the quota of the user of `seat`; 429 beyond it, which leaves a trace once a minute."""
    try:
        platform_of(request).quotas.spend(seat.user, kind, amount)
    except Trouble:
        trace_once(request, seat, "quota", outcome=kind)
        raise


def trace_once(request: Request, seat: Seat, action: str, *, outcome: str, seconds: float = 60) -> None:
    """As `trace`, but of all that the user of `seat` did of `action` within so many seconds the first alone."""
    if platform_of(request).quotas.is_news(seat.user, action, seconds=seconds):
        trace(request, seat, action, outcome=outcome)


def trace(request: Request, seat: Seat, action: str, *, outcome: str) -> None:
    """A row in the audit, written behind the answer: what the user of `seat` did, from which address.

    Whichever district was asked for, it stands in the user's own.
    """
    platform, address = platform_of(request), address_of(request)

    def work(connection: Connection) -> None:
        person = held_now(connection, seat.user, platform.now()).person
        audit.note(connection, person, action, at=platform.now(), outcome=outcome, record=f"address:{address}")

    platform.lane.submit(work)


async def body_of(request: Request, shape: type[T]) -> T:
    """The body as `shape`; 413 beyond a megabyte, 408 when it does not come, 422 when it is something else.

    415 for what a web page can send without being asked whether it may: forms and plain text.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise Trouble(415, "not_json", "The body has to be application/json.", headers={"Connection": "close"})
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            raw = await _read(request)
    except TimeoutError as wrong:
        raise Trouble(408, "too_slow", "The body did not arrive in time.") from wrong
    except ClientDisconnect as wrong:  # of no interest to anybody: whoever sent it is gone
        raise Trouble(400, "cut_off", "The body broke off.") from wrong
    return decode(raw, shape)


def json(value: object) -> Response:
    """`value` as the answer."""
    return raw_json(encode(value))


def raw_json(body: bytes) -> Response:
    """What is JSON already as the answer, which nobody on the way may keep."""
    return Response(body, media_type=_JSON, headers=NO_STORE)


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client is not None else "unknown"


async def _read(request: Request) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_MOST:
            raise Trouble(413, "too_long", "The body is longer than a megabyte.", headers={"Connection": "close"})
    return bytes(raw)
