"""Answers every error, from whichever layer, as a problem of RFC 9457, never with a stack trace."""

import logging
from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from commandcenter.protocol import codes
from commandcenter.protocol.codec import Unreadable, encode
from commandcenter.protocol.limits import ABOUT_MOST
from commandcenter.protocol.media import PROBLEM
from commandcenter.protocol.problems import problem
from commandcenter.server.errors import HttpProblem
from commandcenter.server.storage.writer import WriterClosed

_log = logging.getLogger(__name__)
_NO_STORE = {"Cache-Control": "no-store"}
_CODES = {404: ("unknown", "There is no such thing here."), 405: ("method", "That cannot be done here.")}


def add_to(app: FastAPI, *, audit_refusal: Callable[[Request, HttpProblem], None]) -> None:
    """Registers the handlers that answer all errors of `app` with problems; `audit_refusal` is told of each 403."""

    async def trouble(request: Request, error: Exception) -> Response:
        assert isinstance(error, HttpProblem)
        if error.status == 403:
            audit_refusal(request, error)
        return answer(error.status, error.code, error.title, about=error.about, headers=error.headers)

    app.add_exception_handler(HttpProblem, trouble)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Unreadable, _unreadable)
    app.add_exception_handler(DBAPIError, _unavailable)
    app.add_exception_handler(WriterClosed, _unavailable)
    app.add_exception_handler(Exception, _ours)


def answer(
    status: int,
    code: str,
    title: str,
    *,
    detail: str = "",
    about: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Returns the problem as a response that may not be stored."""
    body = encode(problem(status, code, title, detail=detail, about=about))
    return Response(body, status_code=status, media_type=PROBLEM, headers={**_NO_STORE, **(headers or {})})


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, title = _CODES.get(error.status_code, ("http", "That was not understood."))
    return answer(error.status_code, code, title, headers=error.headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0] if error.errors() else {}
    about = ".".join(str(part) for part in first.get("loc", ())[1:])[:100]
    detail = str(first.get("msg", ""))
    return answer(422, "invalid", "A parameter is not what it has to be.", detail=detail, about=about or None)


async def _unreadable(request: Request, error: Exception) -> Response:
    return answer(422, "unreadable", "The body is not what it has to be.", detail=str(error)[:ABOUT_MOST])


async def _unavailable(request: Request, error: Exception) -> Response:
    _log.error("the database did not answer: %s", getattr(error, "orig", error))
    title = "The platform cannot write now; nothing was changed."
    return answer(503, codes.UNAVAILABLE, title, headers={"Retry-After": "2"})


async def _ours(request: Request, error: Exception) -> Response:
    return answer(500, "internal", "The platform made a mistake; it was written to its log.")
