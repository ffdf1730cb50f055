"""Asks the platform for what the board does not hold: searches, single cases, histories, figures and map layers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from commandcenter.client.errors import Gone, MalformedAnswer, NewerRecord
from commandcenter.domain.cases import Case
from commandcenter.domain.lead_advice import LeadAdvice
from commandcenter.domain.responsibility import CarriedTime
from commandcenter.protocol import paths
from commandcenter.protocol.codec import FactEnvelope, NewerContent, Unreadable, decode
from commandcenter.protocol.media import SCOPE_VERSION
from commandcenter.protocol.messages import CasePage, History, SeatDay, Summary
from commandcenter.protocol.validity import is_believable, validated

if TYPE_CHECKING:
    from commandcenter.client.session import Session


async def find_cases(session: "Session", params: Mapping[str, str]) -> tuple[tuple[Case, ...], int, str | None, int]:
    """Returns a page of the cases that match the query parameters: items, total count, cursor of the next page.

    Cases of a newer platform that this program cannot read are left out; the last number counts them.
    """
    page = await session.ask("GET", paths.CASES, CasePage, params=params)
    found = tuple(case for item in page.items if (case := _case(bytes(item))) is not None)
    return found, page.total, page.next, len(page.items) - len(found)


def _case(body: bytes) -> Case | None:
    try:
        return decode(body, Case)
    except NewerContent:
        return None
    except Unreadable as wrong:
        raise MalformedAnswer(str(wrong)) from wrong


async def one_case(session: "Session", case_id: str, *, scope_ver: int | None) -> Case:
    """Returns the case as it is now. Raises Declined (404) when there is none that the user may see.

    Raises NewerRecord for one that only a newer program can read.

    `scope_ver` is that of the board it is read beside: by another one it would be hidden or shown wrongly (Gone).
    """
    answer = await session.request("GET", paths.CASE.format(id=quote(case_id, safe="")))
    if answer.headers.get(SCOPE_VERSION, str(scope_ver)) != str(scope_ver):
        raise Gone("the scope has moved since the board was read", code="scope")
    try:
        case = decode(answer.body, Case)
        validated(case)
    except NewerContent as wrong:
        raise NewerRecord("1") from wrong
    except Unreadable as wrong:
        raise MalformedAnswer(str(wrong)) from wrong
    if case.id != case_id:
        raise MalformedAnswer(f"{case.id[:40]!r} instead of {case_id}")
    return case


async def history(session: "Session", case_id: str) -> tuple[FactEnvelope, ...]:
    """Returns all facts about a case, oldest first, in their envelopes."""
    found = await session.ask("GET", paths.HISTORY.format(id=quote(case_id, safe="")), History)
    return found.facts


async def lead_advice(session: "Session", case_id: str) -> LeadAdvice:
    """Returns whom the platform proposes as lead and co-handlers of a case."""
    found = await session.ask("GET", paths.RECOMMENDATION.format(id=quote(case_id, safe="")), LeadAdvice)
    arguments = (one for body in (*found.leads, *found.co_handlers) for one in (*body.reasons, *body.against))
    moments = (*(one.at for one in arguments), *(one.at for one in found.precedents))
    if found.case != case_id or not all(at is None or is_believable(at) for at in moments):
        raise MalformedAnswer(f"no advice on {case_id}")
    return found


async def figures(session: "Session", params: Mapping[str, str]) -> Summary:
    """Returns counts of the cases received, and of what was done, in a period."""
    return await session.ask("GET", paths.FIGURES, Summary, params=params)


async def seat_day(session: "Session", params: Mapping[str, str]) -> SeatDay:
    """Returns what the user's holder (grid team, unit or department) did in a period."""
    return await session.ask("GET", paths.SEAT_DAY, SeatDay, params=params)


async def carried(session: "Session", params: Mapping[str, str]) -> CarriedTime:
    """Returns the working time that each body carried cases in a period."""
    return await session.ask("GET", paths.CARRIED, CarriedTime, params=params)


async def places(session: "Session", layer: str, etag: str | None) -> tuple[str, bytes] | None:
    """Returns (ETag, GeoJSON) of a map layer, or None when the version named by `etag` is still current."""
    headers = {"if-none-match": etag} if etag else {}
    answer = await session.request("GET", paths.PLACES.format(layer=quote(layer, safe="")), headers=headers)
    return None if answer.status == 304 else (answer.headers.get("etag", ""), answer.body)
