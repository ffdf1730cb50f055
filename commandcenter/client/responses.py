"""Reads HTTP answers up to a size limit and distinguishes a platform's from those of proxies and other servers."""

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

import httpx

from commandcenter.client.errors import (
    MalformedAnswer,
    NotAPlatform,
    PlatformFault,
    Unreachable,
    Untrusted,
    error_of_answer,
)
from commandcenter.protocol.codec import Unreadable, decode
from commandcenter.protocol.media import GEO_JSON, JSON, media_of

T = TypeVar("T")
LARGEST = 48 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A complete HTTP answer: status, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """The media type without parameters, in lower case."""
        return media_of(self.headers.get("content-type"))


async def read_body(chunks: AsyncIterator[bytes], largest: int) -> bytes:
    """Returns the joined `chunks`. Raises NotAPlatform when they exceed `largest` bytes."""
    parts, size = [], 0
    async for chunk in chunks:
        size += len(chunk)
        if size > largest:
            raise NotAPlatform("an answer without an end")
        parts.append(chunk)
    return b"".join(parts)


@asynccontextmanager
async def open_body(response: httpx.Response) -> AsyncIterator[AsyncIterator[bytes]]:
    """Yields the body as it arrives. Raises NotAPlatform when it is compressed.

    Compression was not requested, and decompression has no size limit. The response is closed before the generators
    that read it, and these in the current task. Left to the garbage collector they would be closed outside any task,
    which httpcore does not support.
    """
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise NotAPlatform("a packed answer")
    body = cast("AsyncGenerator[bytes, None]", response.aiter_bytes())
    try:
        yield body
    finally:
        try:
            await response.aclose()
        finally:
            await body.aclose()


def expect_json(answer: HttpAnswer, now: datetime) -> HttpAnswer:
    """Returns `answer` when it is a success in JSON, or 304; otherwise raises the error that it stands for.

    `now` is the time that a Retry-After date is measured from.
    """
    if answer.status == 304 or (answer.status in (200, 201) and answer.media in (JSON, GEO_JSON)):
        return answer
    if 200 <= answer.status < 400:
        raise NotAPlatform(answer.media or f"HTTP {answer.status}")
    raise error_of_answer(answer.status, answer.headers, answer.body, now)


def decode_answer(answer: HttpAnswer, shape: type[T], *, otherwise: type[PlatformFault] = MalformedAnswer) -> T:
    """Returns the body decoded as `shape`; raises `otherwise` when it is something else."""
    try:
        return decode(answer.body, shape)
    except Unreadable as wrong:
        raise otherwise("JSON" if otherwise is NotAPlatform else str(wrong)) from wrong


def error_of_exception(wrong: Exception, url: str) -> PlatformFault:
    """Returns the error for a request to `url` that ended in `wrong`, an exception of httpx."""
    cause: BaseException | None = wrong
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Untrusted(getattr(cause, "verify_message", "") or "TLS")
        cause = cause.__cause__ or cause.__context__
    if isinstance(wrong, httpx.TimeoutException):
        return Unreachable(url, code="timed_out")
    is_cut = any(words in str(wrong) for words in ("closed connection", "disconnected"))
    if isinstance(wrong, (httpx.RemoteProtocolError, httpx.DecodingError)) and not is_cut:
        return NotAPlatform("not HTTP as a platform speaks it")
    return Unreachable(url)
