"""What happens, as a stream or by asking again and again."""

import re
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.protocol import paths
from commandcenter.server import documents
from commandcenter.server.entry.held import Held
from commandcenter.server.entry.seats import Seat
from commandcenter.server.handling.districts import find_district
from commandcenter.server.keeping import eventlog
from commandcenter.server.keeping.cursor_tokens import CursorTokens
from commandcenter.server.routes.doors import Seated, json, platform_of, reading, trace_once
from commandcenter.server.telling.frames import Told
from commandcenter.server.telling.publish import STREAMS_A_USER
from commandcenter.server.telling.stream import TOO_MANY, EventStream, Start
from commandcenter.server.trouble import Trouble, unknown

_CURSOR = re.compile(r"(?:([0-9]{1,15}):)?([0-9]{1,15})")
MANY = 200  # frames asked for at once: more than whoever follows what happens finds at one time
router = APIRouter(tags=["board"])


class Happened(msgspec.Struct, frozen=True):
    """A frame by its event's name: `put` or `evict`, with the same data as in the stream."""

    event: str
    data: msgspec.Raw


class Polled(msgspec.Struct, frozen=True):
    """The frames behind a cursor, the head visible to whoever asked, and which scope of theirs that is."""

    epoch: int
    head: int
    scope_ver: int
    events: tuple[Happened, ...]


_SAYS = documents.says(Polled)
_SAYS[200]["content"] |= {"text/event-stream": {"schema": {"type": "string"}}}


@router.get(paths.EVENTS, responses=_SAYS | documents.no(401, 403, 404, 409, 410, 422, 429), summary="What happens")
async def events(
    request: Request,
    seat: Seated,
    after: Annotated[str | None, Query(max_length=32, description="Cursor <epoch>:<seq>")] = None,
    limit: Annotated[int | None, Query(ge=1, le=500, description="With it the answer is JSON and ends")] = None,
    last_event_id: Annotated[str | None, Header(max_length=32)] = None,
) -> Response:
    """Server-sent events behind Last-Event-ID (or `after`); with `limit` the same frames as JSON.

    So many at once that it is the log that is read, not the news, leave a trace, of an account's one a minute.
    Without a cursor it begins now; when the user's role or scope moves it says `scope` and ends.
    409: the epoch is another one, ask hello. 410: take a new snapshot.
    """
    platform = platform_of(request)
    cursor, tokens = last_event_id or after, platform.cursor_tokens
    if limit is not None:
        polled, left = await reading(
            request, seat, lambda connection, held: _poll(connection, held, cursor, limit, tokens)
        )
        if max(len(polled.events), left) >= MANY:
            trace_once(request, seat, "events", outcome=f"behind {cursor}")
        return json(polled)
    refuse = partial(_refuse_without_room, request, seat)
    refuse()  # before anything is read for it
    start = await reading(request, seat, lambda connection, held: _start(connection, held, cursor))
    if start.visible - start.cursor >= MANY:
        trace_once(request, seat, "events", outcome=f"behind {cursor}")
    return EventStream(platform, seat, start, refuse=refuse)


def _refuse_without_room(request: Request, seat: Seat) -> None:
    """One stream too many ends the oldest of its user; only those that do not go when told are waited for."""
    publisher = platform_of(request).publisher
    if publisher.listeners_as(seat.user) >= 2 * STREAMS_A_USER:
        trace_once(request, seat, "stream", outcome=TOO_MANY)
        raise Trouble(429, TOO_MANY, "This account has too many streams.", headers={"Retry-After": "20"})
    if publisher.is_closing or publisher.listeners() >= request.app.state.exposure.streams:
        raise Trouble(503, "unavailable", "There is no stream to be had now.", headers={"Retry-After": "2"})


def _poll(
    connection: Connection, held: Held, cursor: str | None, limit: int, tokens: CursorTokens
) -> tuple[Polled, int]:
    """The page, and how far behind the visible head it ends."""
    start, scope = _start(connection, held, cursor), held.scope
    issuer = tokens.issuer(scope.district, start.epoch)
    happened, prev = [], start.cursor
    for entry in eventlog.read(connection, scope, after=start.cursor, limit=limit):
        frame = Told(entry).frame(held.person, prev, issuer)
        if frame is not None:
            happened.append(Happened(frame[0], msgspec.Raw(frame[1])))
            prev = entry.seq
    polled = Polled(epoch=start.epoch, head=start.visible, scope_ver=held.scope_ver, events=tuple(happened))
    return polled, start.visible - prev


def _start(connection: Connection, held: Held, cursor: str | None) -> Start:
    row = find_district(connection, held.scope.district)
    if row is None:
        raise unknown("district")
    after = row.head if cursor is None else _after(cursor, row.epoch)
    if after > row.head:
        raise Trouble(409, "wrong_epoch", "The cursor lies ahead of this log: ask hello.", about="cursor")
    if after + 1 < row.floor:
        raise Trouble(410, "gone", "The log does not reach back so far: take a new snapshot.", about="cursor")
    return Start(held, row.epoch, after, row.head, eventlog.visible_head(connection, held.scope, row.floor))


def _after(cursor: str, epoch: int) -> int:
    read = _CURSOR.fullmatch(cursor)
    if read is None:
        raise Trouble(422, "bad_cursor", "A cursor is <epoch>:<seq>.", about="cursor")
    if read[1] is not None and int(read[1]) != epoch:
        raise Trouble(409, "wrong_epoch", "The log has another epoch now: ask hello.", about="cursor")
    return int(read[2])
