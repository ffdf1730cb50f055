"""The queries of the screens that the board cannot answer, and their answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from commandcenter.client import queries
from commandcenter.client.errors import Declined, MalformedAnswer, PlatformFault, Unreachable
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.facts import Beginning, Fact
from commandcenter.domain.lead_advice import LeadAdvice
from commandcenter.domain.lights import Light
from commandcenter.domain.responsibility import CarriedTime
from commandcenter.protocol.codec import Unreadable, read_history
from commandcenter.protocol.messages import SeatDay, Summary
from commandcenter.protocol.paths import PLACE_LAYERS

if TYPE_CHECKING:
    from commandcenter.cache.history import HistoryCache
    from commandcenter.cache.place_layers import PlaceLayers
    from commandcenter.client.session import Session
    from commandcenter.sync.inbound import Inbound

T = TypeVar("T")
LAYERS = PLACE_LAYERS  # for the screens, which know no protocol
NO_PLACES = b'{"type": "FeatureCollection", "features": []}'


class Query(Generic[T]):
    """A query whose answer is a `T`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class HistoryQuery(Query[tuple[Fact, ...]]):
    """All facts about a case, oldest first."""

    case_id: str


@dataclass(frozen=True, slots=True)
class CaseQuery(Query[Case | None]):
    """The case as it is now, on the board or not; None when there is none that the user may see."""

    case_id: str


@dataclass(frozen=True, slots=True)
class LeadAdviceQuery(Query[LeadAdvice]):
    """Whom the platform proposes as lead and co-handlers of a case, with the reasons; for those who may ask."""

    case_id: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page: `total` counts the cases of all pages, `next` is the cursor of the following page (None: the last).

    `unread` counts the cases of this page that only a newer program can read.
    """

    items: tuple[Case, ...]
    total: int
    next: str | None
    unread: int = 0


@dataclass(frozen=True, slots=True)
class SearchQuery(Query[SearchResult]):
    """Cases of the whole archive; `since` and `until` bound the time received, `cursor` asks for a following page."""

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
class FiguresQuery(Query[Summary]):
    """Counts of the cases received, and of what was done, in [since, until)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class SeatDayQuery(Query[SeatDay]):
    """What the seat's own holder did in [since, until)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CarriedQuery(Query[CarriedTime]):
    """The working time that each body carried the cases of this seat in [since, until)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class PlacesQuery(Query[dict[str, Any]]):
    """A layer of places (outline, streets or grids) as GeoJSON, WGS 84; from the cache when offline.

    It is empty for a district without that layer.
    """

    layer: str


class QueryRunner:
    """Asks the platform; earlier answers serve for histories and places when it cannot be asked.

    An answer is for the user who was signed in when it was asked for: after a change of user it is neither returned nor
    stored.
    """

    def __init__(
        self, session: "Callable[[], Session]", *, inbound: "Inbound", histories: "HistoryCache", layers: "PlaceLayers"
    ) -> None:
        """`session` returns the signed-in session, or raises Unreachable."""
        self._session = session
        self._inbound = inbound
        self._histories = histories
        self._layers = layers

    async def to(self, query: Query[T]) -> T:
        """Returns the answer.

        Raises PlatformFault when there is none, OwnerChanged when another user has signed in meanwhile.
        """
        view = self._inbound.view
        answer = await self._asked(query, view)
        self._inbound.check_view(view)
        return cast("T", answer)

    async def _asked(self, query: Query[Any], view: object) -> object:
        match query:
            case HistoryQuery():
                return await self._history(query.case_id, view)
            case CaseQuery():
                return await self._case(query.case_id)
            case LeadAdviceQuery():
                return await queries.lead_advice(self._session(), query.case_id)
            case SearchQuery():
                return SearchResult(*await queries.find_cases(self._session(), _params(query)))
            case FiguresQuery():
                return await queries.figures(self._session(), _period(query))
            case SeatDayQuery():
                return await queries.seat_day(self._session(), _period(query))
            case CarriedQuery():
                return await queries.carried(self._session(), _period(query))
            case PlacesQuery():
                return await self._places(query.layer, view)
            case _:
                raise TypeError(f"no query: {query!r}")

    async def _case(self, case_id: str) -> Case | None:
        try:
            at = self._inbound.position.at
            return await queries.one_case(self._session(), case_id, scope_ver=None if at is None else at.scope_ver)
        except Declined as no:
            if no.status != HTTPStatus.NOT_FOUND:
                raise
            return None

    async def _history(self, case_id: str, view: object) -> tuple[Fact, ...]:
        try:
            said = await queries.history(self._session(), case_id)
            facts = _facts(said)
        except Unreachable:
            facts = _facts(await self._histories.of("case", case_id))
            if not facts or not isinstance(facts[0], Beginning):
                raise  # incomplete: its beginning was never received
        else:
            async with self._inbound.storing(view) as at:
                if at is not None:  # without a board the cache is nobody's
                    await self._histories.keep("case", case_id, said)
        return facts

    async def _places(self, layer: str, view: object) -> dict[str, Any]:
        if layer not in LAYERS:
            raise ValueError(f"no layer {layer!r}")
        kept = await self._layers.of(layer)
        try:
            fetched = await queries.places(self._session(), layer, kept[0] if kept else None)
        except PlatformFault as fault:
            if isinstance(fault, Declined) and fault.status == HTTPStatus.NOT_FOUND:
                fetched = ("", NO_PLACES)  # no such layer here: what was kept is another district's
            elif kept is None:
                raise
            else:
                fetched = None
        found = _geojson((fetched or kept or ("", b""))[1])
        if fetched is not None:
            async with self._inbound.storing(view):
                await self._layers.keep(layer, *fetched)
        return found


def _period(query: FiguresQuery | SeatDayQuery | CarriedQuery) -> dict[str, str]:
    return {"since": query.since.isoformat(), "until": query.until.isoformat()}


def _facts(said: Any) -> tuple[Fact, ...]:
    try:
        return read_history(said)
    except Unreadable as wrong:
        raise MalformedAnswer(str(wrong)) from wrong


def _geojson(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise MalformedAnswer("no GeoJSON") from wrong
    if not isinstance(found, dict):
        raise MalformedAnswer("no GeoJSON")
    return found


def _params(query: SearchQuery) -> dict[str, str]:
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
