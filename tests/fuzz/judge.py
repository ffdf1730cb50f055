"""Judges an answer: it must be documented, an RFC 9457 problem when it is an error, and without data out of scope."""

import json
from collections.abc import Mapping
from typing import Any

from commandcenter.domain.people import Person
from commandcenter.protocol.codec import Unreadable, decode
from commandcenter.protocol.media import PROBLEM
from commandcenter.protocol.problems import Problem
from tests.fuzz.caller import STREAM, Heard, Request
from tests.fuzz.hall import Canary, Hall

_INSIDE = (b"Traceback", b"sqlalchemy", b"sqlite3", b".py", b"OperationalError", b"site-packages")


def wrong(hall: Hall, been: set[Person], request: Request, heard: Heard, said: Mapping[str, Any] | None) -> list[str]:
    """Returns what is wrong with the answer to an account that has `been` these people (empty: not signed in).

    `said` are the documented responses by status; None when none are documented.
    """
    found = [*_shape(heard, said), *_error(heard)]
    return found + [f"leak: {canary.word}" for canary in leaks(hall, been, request, heard)]


def leaks(hall: Hall, been: set[Person], request: Request, heard: Heard) -> list[Canary]:
    """Returns the canaries in the answer that none of these people may see.

    A word that is in the request leaks only when a search for it finds something.
    """
    told = heard.body.decode(errors="replace") + json.dumps(heard.headers)
    asked = " ".join((request.path, *(value for _, value in request.query), request.body.decode(errors="replace")))
    found = []
    for canary in hall.canaries:
        is_echo = canary.word in asked
        if (canary.word in told and not is_echo) or (is_echo and _counts(request, heard, canary)):
            found.append(canary)
    return [canary for canary in found if not any(hall.may_see(person, canary) for person in been)]


def _counts(request: Request, heard: Heard, canary: Canary) -> bool:
    """Whether the request is a search for the word and found something."""
    if heard.status != 200 or ("q", canary.word) not in request.query or not request.path.endswith("/cases"):
        return False
    page = json.loads(heard.body)
    return bool(page["total"] or page["items"]) and request.query.count(("q", canary.word)) == 1


def _shape(heard: Heard, said: Mapping[str, Any] | None) -> list[str]:
    if heard.status >= 500:
        return [f"HTTP {heard.status}: {heard.body[:200]!r}"]
    if said is None:
        return [] if heard.status >= 400 else [f"HTTP {heard.status} where nothing is documented"]
    answer = said.get(str(heard.status))
    if answer is None:
        return [f"HTTP {heard.status} is not documented"]
    media = {name.partition(";")[0] for name in answer.get("content", {})}
    if heard.body and heard.media not in media:
        return [f"{heard.media} is not documented for HTTP {heard.status}"]
    if heard.media.endswith("json") and heard.media != "application/x-ndjson":
        return _parses(heard)
    return []


def _parses(heard: Heard) -> list[str]:
    try:
        json.loads(heard.body)
    except ValueError as error:
        return [f"no JSON: {error}"]
    return []


def _error(heard: Heard) -> list[str]:
    if heard.status < 400 or heard.media == STREAM:
        return []
    if heard.media != PROBLEM:
        return [f"an error as {heard.media or 'nothing'}"]
    try:
        problem = decode(heard.body, Problem)
    except Unreadable as error:
        return [f"no problem of RFC 9457: {error}"]
    found = [] if problem.status == heard.status else [f"a problem of {problem.status} under HTTP {heard.status}"]
    return found + [f"the inside shows: {word!r}" for word in _INSIDE if word in heard.body]
