"""The route of events, as a stream or by polling."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.protocol import codes, paths
from commandcenter.protocol.limits import NUMBER_MOST, POLL_MOST
from commandcenter.protocol.media import LAST_EVENT_ID, SCOPE_VERSION
from commandcenter.server import documents
from commandcenter.server.auth.access_tokens import AccessToken
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.errors import HttpProblem, not_found
from commandcenter.server.routes.dependencies import SignedInToken, json, platform_of, queue_audit_once, read_as_user
from commandcenter.server.storage import event_log
from commandcenter.server.storage.cursor_tokens import CursorTokens
from commandcenter.server.storage.districts import find_district
from commandcenter.server.streaming.event_stream import EventStream, StreamStart
from commandcenter.server.streaming.frames import StreamEntry
from commandcenter.server.streaming.publisher import STREAMS_A_USER

_CURSOR = re.compile(r"(?:([0-9]{1,15}):)?([0-9]{1,15})")
BULK_READ = 200  # frames asked for at once: more than a client that follows the events ever finds
router = APIRouter(tags=["board"])


class PolledEvent(msgspec.Struct, frozen=True):
    """A frame with its event's name, `put` or `evict`, and the same data as in the stream."""

    event: str
    data: msgspec.Raw


@dataclass(frozen=True, slots=True)
class StreamCursor:
    """Where a reader goes on: `<epoch>:<seq>` (None: now), and the scope version of its board (None: not told)."""

    after: str | None = None
    scope_ver: int | None = None


class PollAnswer(msgspec.Struct, frozen=True):
    """The frames after a cursor, the head visible to the user, and the version of the user's scope."""

    epoch: int
    head: int
    scope_ver: int
    events: tuple[PolledEvent, ...]


_SAYS = documents.stream_response("Events, or with `limit` a page of them")
_SAYS[200]["content"] |= documents.json_response_of(PollAnswer)[200]["content"]


@router.get(
    paths.EVENTS,
    responses=_SAYS | documents.problem_responses(*documents.READ, 409, 410),
    summary="What happens",
)
async def events(
    request: Request,
    seat: SignedInToken,
    after: Annotated[str | None, Query(max_length=32, description="Cursor <epoch>:<seq>")] = None,
    limit: Annotated[int | None, Query(ge=1, le=POLL_MOST, description="With it the answer is JSON and ends")] = None,
    last_event_id: Annotated[str | None, Header(alias=LAST_EVENT_ID, max_length=32)] = None,
    scope_version: Annotated[
        int | None, Header(alias=SCOPE_VERSION, ge=0, le=NUMBER_MOST, description="Of the board that is followed")
    ] = None,
) -> Response:
    """Server-sent events after Last-Event-ID (or `after`); with `limit` the same frames as JSON.

    Without a cursor it begins now; when the user's role or scope changes, it sends `scope` and ends. 409: the log has
    another epoch, ask hello. 410: take a new snapshot; the log does not reach back so far, or the scope is another than
    that of the board. A request for so many frames that it reads the log rather than the news is audited, at most once
    a minute and account.
    """
    platform = platform_of(request)
    cursor, tokens = StreamCursor(last_event_id or after, scope_version), platform.cursor_tokens
    if limit is not None:
        polled, left = await read_as_user(
            request, seat, lambda connection, current: _poll(connection, current, cursor, limit, tokens)
        )
        if max(len(polled.events), left) >= BULK_READ:
            queue_audit_once(request, seat, "events", outcome=f"behind {cursor.after}")
        return json(polled)
    refuse = partial(_refuse_without_room, request, seat)
    refuse()  # before anything is read for it
    start = await read_as_user(request, seat, lambda connection, current: _start(connection, current, cursor))
    if start.visible - start.cursor >= BULK_READ:
        queue_audit_once(request, seat, "events", outcome=f"behind {cursor.after}")
    return EventStream(platform, seat, start, refuse=refuse)


def _refuse_without_room(request: Request, seat: AccessToken) -> None:
    """Raises HttpProblem 429 or 503 when no further stream can be opened.

    One stream too many ends the oldest of its user; 429 is for a user whose ended streams do not close.
    """
    publisher = platform_of(request).publisher
    if publisher.streams_of_user(seat.user) >= 2 * STREAMS_A_USER:
        queue_audit_once(request, seat, "stream", outcome=codes.TOO_MANY_STREAMS)
        raise HttpProblem(
            429, codes.TOO_MANY_STREAMS, "This account has too many streams.", headers={"Retry-After": "20"}
        )
    if publisher.is_closing or publisher.listeners() >= request.app.state.exposure.streams:
        raise HttpProblem(503, codes.UNAVAILABLE, "There is no stream to be had now.", headers={"Retry-After": "2"})


def _poll(
    connection: Connection, current: CurrentRole, cursor: StreamCursor, limit: int, tokens: CursorTokens
) -> tuple[PollAnswer, int]:
    """Returns the page and how far behind the visible head it ends."""
    start = _start(connection, current, cursor)
    issuer = tokens.issuer(current.scope.district, start.epoch)
    happened, prev = [], start.cursor
    for entry in event_log.read(connection, current.person, after=start.cursor, limit=limit):
        frame = StreamEntry(entry).frame(current.person, prev, issuer)
        if frame is not None:
            happened.append(PolledEvent(frame[0], msgspec.Raw(frame[1])))
            prev = entry.seq
    polled = PollAnswer(epoch=start.epoch, head=start.visible, scope_ver=current.scope_ver, events=tuple(happened))
    return polled, start.visible - prev


def _start(connection: Connection, current: CurrentRole, cursor: StreamCursor) -> StreamStart:
    row = find_district(connection, current.scope.district)
    if row is None:
        raise not_found("district")
    if cursor.scope_ver not in (None, current.scope_ver):  # its frames would be added to a board of another role
        raise HttpProblem(410, codes.GONE, "The scope has moved since: ask hello, take a new snapshot.", about="scope")
    after = row.head if cursor.after is None else _after(cursor.after, row.epoch)
    if after > row.head:
        raise HttpProblem(409, codes.WRONG_EPOCH, "The cursor lies ahead of this log: ask hello.", about="cursor")
    if after + 1 < row.floor:
        raise HttpProblem(410, codes.GONE, "The log does not reach back so far: take a new snapshot.", about="cursor")
    visible = event_log.visible_head(connection, current.person, row.floor)
    return StreamStart(current, row.epoch, after, row.head, visible)


def _after(cursor: str, epoch: int) -> int:
    read = _CURSOR.fullmatch(cursor)
    if read is None:
        raise HttpProblem(422, "bad_cursor", "A cursor is <epoch>:<seq>.", about="cursor")
    if read[1] is not None and int(read[1]) != epoch:
        raise HttpProblem(409, codes.WRONG_EPOCH, "The log has another epoch now: ask hello.", about="cursor")
    return int(read[2])
