"""The routes of cases: lists, single cases and their history."""

from collections.abc import Callable
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.lead_advice import LeadAdvice
from commandcenter.domain.lights import Light
from commandcenter.domain.people import Person, Role
from commandcenter.domain.secrecy import readable_by
from commandcenter.domain.visibility import sees
from commandcenter.protocol import paths
from commandcenter.protocol.codec import record_bytes
from commandcenter.protocol.limits import PAGE_MOST
from commandcenter.protocol.media import SCOPE_VERSION
from commandcenter.protocol.messages import CasePage, History
from commandcenter.server import documents
from commandcenter.server.auth.access_tokens import AccessToken
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.errors import HttpProblem, not_found
from commandcenter.server.identifiers import is_valid_id
from commandcenter.server.platform import Platform
from commandcenter.server.queries import case_lists
from commandcenter.server.queries.case_lists import CaseFilter, SortOrder
from commandcenter.server.queries.query_times import Moment, with_zone, zone_of
from commandcenter.server.routes.dependencies import (
    SignedInToken,
    json,
    platform_of,
    queue_audit,
    queue_audit_once,
    raw_json,
    read_as_user,
)
from commandcenter.server.storage import audit, event_log
from commandcenter.server.storage.projections import find
from commandcenter.server.storage.secrecy import facts_readable_by

T = TypeVar("T")
router = APIRouter(tags=["cases"])
_ADVISED = frozenset({Role.COORDINATOR, Role.DISPATCHER, Role.SHIFT_LEADER})
_Some = Annotated[list[str], Field(default_factory=list, max_length=50)]


class ListParameters(BaseModel):
    """The parameters of a list of cases; several values of one parameter are alternatives."""

    model_config = ConfigDict(extra="forbid")

    district: str | None = None
    stage: list[Stage] = Field(default_factory=list)
    tier: list[Tier] = Field(default_factory=list)
    street: _Some
    kind: _Some
    light: list[Light] = Field(default_factory=list)
    since: Moment | None = None
    until: Moment | None = None
    q: str = Field(default="", max_length=200)
    sort: SortOrder = SortOrder.NEWEST
    limit: int = Field(default=50, ge=1, le=PAGE_MOST)
    cursor: str | None = Field(default=None, max_length=60)

    def filter(self, zone: ZoneInfo) -> CaseFilter:
        """Returns the filter of the list; times without a zone are taken in `zone`, the district's."""
        return CaseFilter(
            stage=tuple(self.stage),
            tier=tuple(self.tier),
            street=tuple(self.street),
            kind=tuple(self.kind),
            light=tuple(self.light),
            since=with_zone(self.since, zone, "since"),
            until=with_zone(self.until, zone, "until"),
            q=self.q,
        )

    @property
    def has_filter(self) -> bool:
        """Returns whether it asks for certain cases, by a filter or by words, and not for whatever there is."""
        return any((self.stage, self.tier, self.street, self.kind, self.light, self.q.strip()))


@router.get(paths.CASES, **documents.reads("Find cases", CasePage))
async def cases(request: Request, seat: SignedInToken, wanted: Annotated[ListParameters, Query()]) -> Response:
    """Cases in scope that match all filters and contain `q`, one page at a time.

    Every page after the first, and every list with `since` or `until`, is audited: these are ways to read a whole
    archive. So are first pages with ever new filters or words; these are everybody's daily work, so of them at most
    one a minute and account is audited.
    """
    now = platform_of(request).now()

    def look(connection: Connection, current: CurrentRole) -> CasePage:
        return case_lists.page(
            connection,
            current.person,
            wanted.filter(zone_of(connection, current.scope.district)),
            order=wanted.sort,
            limit=wanted.limit,
            cursor=wanted.cursor,
            now=now,
        )

    page = await read_as_user(request, seat, look)
    outcome = f"{len(page.items)} of {page.total}"
    if any(one is not None for one in (wanted.cursor, wanted.since, wanted.until)):
        queue_audit(request, seat, "list", outcome=outcome)
    elif wanted.has_filter or page.next is not None:
        queue_audit_once(request, seat, "list", outcome=outcome)
    return json(page)


@router.get(paths.CASE, **documents.reads("One case", Case))
async def one_case(request: Request, seat: SignedInToken, id: str) -> Response:
    """The case as it is, without the petitioner's words where these are withheld from the user.

    A case out of scope is answered like one that does not exist.
    """
    case, current = await _in_scope(request, seat, id, lambda connection, current, case: current)
    answer = raw_json(record_bytes(readable_by(current.person, case)))
    answer.headers[SCOPE_VERSION] = str(current.scope_ver)
    return answer


@router.get(paths.HISTORY, **documents.reads("Its history", History))
async def history(request: Request, seat: SignedInToken, id: str) -> Response:
    """All facts about a case, oldest first."""

    def look(
        connection: Connection, current: CurrentRole, case: Case
    ) -> tuple[Person, list[tuple[str, set[str], bytes]]]:
        return current.person, event_log.changes_since(connection, current.scope.district, "case", id, base=0)

    case, (person, happened) = await _in_scope(request, seat, id, look)
    return json(
        History(facts=facts_readable_by(person, case, event_log.decode_facts(facts for _, _, facts in happened)))
    )


@router.get(paths.RECOMMENDATION, **documents.reads("Who should lead it, and who help", LeadAdvice))
async def recommendation(request: Request, seat: SignedInToken, id: str) -> Response:
    """Leads and co-handlers proposed for the case, with the reasons, for coordinators, dispatchers and shift leaders.

    Precedents carry no text. Of a case whose petitioner's words are withheld from the user, these are not considered.
    """
    leads = platform_of(request).leads

    def advise(connection: Connection, current: CurrentRole, case: Case) -> LeadAdvice:
        if current.person.role not in _ADVISED:
            raise HttpProblem(403, "role", "This is for coordinators, dispatchers and shift leaders.")
        return leads.advise(connection, current.person, case)

    _, found = await _in_scope(request, seat, id, advise)
    return json(found)


async def _in_scope(
    request: Request, seat: AccessToken, key: str, more: Callable[[Connection, CurrentRole, Case], T]
) -> tuple[Case, T]:
    """Returns the case and what `more` finds of it, read at one moment; a request beyond the scope is audited.

    Raises HttpProblem 404. An id that does not exist costs the same statements and leaves the same audit row, so that
    nobody learns which of the two it is.
    """

    def look(connection: Connection, current: CurrentRole) -> tuple[Case, T] | Person:
        case = find(connection, current.scope.district, "case", key)
        if isinstance(case, Case) and sees(current.person, case):
            return case, more(connection, current, case)
        return current.person

    found = await read_as_user(request, seat, look)
    if isinstance(found, Person):
        if is_valid_id(key):
            _note(platform_of(request), found, key)
        raise not_found("id")
    return found


def _note(platform: Platform, person: Person, key: str) -> None:
    def work(connection: Connection) -> None:
        audit.note(connection, person, "read", at=platform.now(), outcome="out_of_scope", record=f"case:{key}")

    platform.writer.submit(work)
