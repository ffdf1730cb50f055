"""Questions of the screens that the board cannot answer, and their answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, overload

from commandcenter.client import queries
from commandcenter.client.errors import Declined, Garbled, Unreachable, WorldFault
from commandcenter.domain.cases import Case, Light, Stage, Tier
from commandcenter.domain.facts import Fact, Imported, Taken
from commandcenter.protocol.codec import Unreadable, read_facts
from commandcenter.protocol.frames import SeatDay, Summary
from commandcenter.protocol.paths import PLACE_LAYERS

if TYPE_CHECKING:
    from commandcenter.cache.history import Histories
    from commandcenter.cache.layers import Layers
    from commandcenter.client.session import Session
    from commandcenter.sync.inbound import Inbound

NO_PLACES = b'{"type": "FeatureCollection", "features": []}'


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """All facts about a case → tuple[Fact, ...], oldest first."""

    case_id: str


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """Cases of the whole archive → CaseAnswer; `since` and `until` bound the moment received, `cursor` a next page."""

    q: str = ""
    stage: Stage | None = None
    tier: Tier | None = None
    street: str | None = None
    kind: str | None = None
    light: Light | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """A page: `total` counts all pages, `next` is the cursor of the following one."""

    items: tuple[Case, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of the cases received in [since, until) → Summary."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """What the seat's own holder did in [since, until) → SeatDay."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Places:
    """A layer of places (outline, streets or grids) → GeoJSON as a dict, WGS 84; from the cache when offline.

    Of a district that has no such layer it is empty.
    """

    layer: str


Query = CaseHistory | CaseSearch | Figures | Day | Places


class Answers:
    """Asks the platform; what it said before serves when it cannot be asked.

    An answer is for whoever sat here when it was asked for: it is neither told nor kept once another sits here.
    """

    def __init__(
        self, session: "Callable[[], Session]", *, inbound: "Inbound", histories: "Histories", layers: "Layers"
    ) -> None:
        """`session` gives the one that is signed in, or raises Unreachable."""
        self._session = session
        self._inbound = inbound
        self._histories = histories
        self._layers = layers

    @overload
    async def to(self, query: CaseHistory) -> tuple[Fact, ...]: ...
    @overload
    async def to(self, query: CaseSearch) -> CaseAnswer: ...
    @overload
    async def to(self, query: Figures) -> Summary: ...
    @overload
    async def to(self, query: Day) -> SeatDay: ...
    @overload
    async def to(self, query: Places) -> dict[str, Any]: ...
    async def to(self, query: Query) -> object:
        """The answer; raises a WorldFault when there is none, and Unseated when another sits here by now."""
        view = self._inbound.view
        answer = await self._asked(query, view)
        self._inbound.check(view)
        return answer

    async def _asked(self, query: Query, view: object) -> object:
        match query:
            case CaseHistory():
                return await self._history(query.case_id, view)
            case CaseSearch():
                return CaseAnswer(*await queries.find_cases(self._session(), _params(query)))
            case Figures():
                return await queries.figures(self._session(), _period(query))
            case Day():
                return await queries.seat_day(self._session(), _period(query))
            case Places():
                return await self._places(query.layer, view)

    async def _history(self, case_id: str, view: object) -> tuple[Fact, ...]:
        try:
            said = await queries.history(self._session(), case_id)
            facts = _facts(said)
        except Unreachable:
            facts = _facts(await self._histories.of("case", case_id))
            if not facts or not isinstance(facts[0], (Taken, Imported)):
                raise  # its beginning was never seen here
        else:
            async with self._inbound.keeping(view) as at:
                if at is not None:  # without a board the cache is nobody's
                    await self._histories.keep("case", case_id, said)
        return facts

    async def _places(self, layer: str, view: object) -> dict[str, Any]:
        if layer not in PLACE_LAYERS:
            raise ValueError(f"no layer {layer!r}")
        kept = await self._layers.of(layer)
        try:
            fetched = await queries.places(self._session(), layer, kept[0] if kept else None)
        except WorldFault as fault:
            if isinstance(fault, Declined) and fault.status == HTTPStatus.NOT_FOUND:
                fetched = ("", NO_PLACES)  # a district without it: what was kept belongs to another one
            elif kept is None:
                raise
            else:
                fetched = None
        found = _geojson((fetched or kept or ("", b""))[1])
        if fetched is not None:
            async with self._inbound.keeping(view):
                await self._layers.keep(layer, *fetched)
        return found


def _period(query: Figures | Day) -> dict[str, str]:
    return {"since": query.since.isoformat(), "until": query.until.isoformat()}


def _facts(said: Any) -> tuple[Fact, ...]:
    try:
        return read_facts(said)
    except Unreadable as wrong:
        raise Garbled(str(wrong)) from wrong


def _geojson(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise Garbled("no GeoJSON") from wrong
    if not isinstance(found, dict):
        raise Garbled("no GeoJSON")
    return found


def _params(query: CaseSearch) -> dict[str, str]:
    said = {
        "q": query.q or None,
        "stage": query.stage,
        "tier": query.tier,
        "street": query.street,
        "kind": query.kind,
        "light": query.light,
        "since": query.since and query.since.isoformat(),
        "until": query.until and query.until.isoformat(),
        "limit": str(query.limit),
        "cursor": query.cursor,
    }
    return {name: str(value) for name, value in said.items() if value is not None}
