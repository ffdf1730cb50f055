"""What is known of those whom a line may name for a case: what each is doing, its load, its way, who is recommended."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.records import Record
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.recommendation import crews
from commandcenter.recommendation.crew_states import Because
from commandcenter.recommendation.crews import Proposal
from ui.actions.context import UiContext
from ui.actions.line_commands import ALSO, DISPATCH
from ui.actions.line_words import Note
from ui.kit import records
from ui.kit.case_parts.proposal_reasons import Reasons
from ui.kit.case_parts.proposing import ADVISED, crew_state, loads, need_of, units_of
from ui.kit.case_parts.ways import possible_ways
from ui.kit.lazy import Lazy
from ui.kit.texts import names
from ui.kit.texts.crews import old_position, time_in_status
from ui.kit.texts.glossary import called
from ui.kit.texts.words import say, word

GAPS = 2  # remarks about what is missing
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of a target: what it is `doing`, and `where` it is."""

    doing: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Advice:
    """Who is recommended for a case, and what is missing in its street."""

    proposals: tuple[Proposal, ...] = ()
    missing: tuple[Because, ...] = ()


_NO_ADVICE = _Advice()


class TargetFacts:
    """The facts as of the last `renew`, each worked out when it is first asked for."""

    def __init__(self, seat: UiContext) -> None:
        self._seat, self._board = seat, seat.desk.board
        self._load = Lazy(lambda: loads(self._board))
        self._crews = Lazy(lambda: records.crews_by_unit(self._board))
        self._advice: dict[str, _Advice] = {}

    def renew(self) -> None:
        """Forgets what was worked out: the line is opened again."""
        for fact in (self._load, self._crews):
            fact.forget()
        self._advice.clear()

    def advised(self, verb: str, case: str) -> tuple[str, ...]:
        """Returns the ids of those who are recommended for the case, the best first; none where no crew is sent."""
        return tuple(one.crew or one.unit for one in self._of(verb, case).proposals)

    def way(self, target: str, case: str) -> float:
        """Returns the metres from a case to a crew, or to the nearest crew on duty of a body; inf while unknown."""
        of, crew = records.find(self._board, Case, case), records.find(self._board, Crew, target)
        ways = (_metres(one, of) for one in ((crew,) if crew else self._on_duty(target)))
        return min((way for way in ways if way is not None), default=math.inf)

    def told(self, record: Record, case: Case | None) -> Told:
        """Returns what is said of a crew, or of a body; only the street of any other record."""
        crew, body = records.find(self._board, Crew, record.id), records.find(self._board, Holder, record.id)
        if crew is not None and crew == record:
            return self._of_crew(crew, case)
        street = names.name(self._board, "street", records.street(record))
        return self._of_body(body, case, street) if body is not None and body == record else Told(where=street)

    def why(self, verb: str, case: str) -> Iterator[Note]:
        """Yields remarks: why the first one is recommended, what speaks against it, and what is missing."""
        found = self._of(verb, case)
        units = (one for one in records.current(self._board, Holder) if one.kind is HolderKind.UNIT)
        told = Reasons(self._board, units)
        for one in found.proposals[:1]:
            yield from self._about(one, told)
        proposed = {one.crew for one in found.proposals}
        gaps = [one for one in found.missing if one.about not in proposed]
        yield from (("triangle-alert", "warn", say("缺口：{gap}", gap=told.words(one))) for one in gaps[:GAPS])

    def _about(self, first: Proposal, told: Reasons) -> Iterator[Note]:
        """Yields who is recommended with what speaks for it, and what speaks against it."""
        speaks: dict[bool, list[str]] = {True: [], False: []}
        for one in first.reasons:
            speaks[one.is_for].append(str(told.words(one)))
        unit = names.holder_name(self._board, first.unit, short=True)
        who = told.crew(first.crew) if first.crew else unit
        yield "check", "ok", say("推荐 {who}：{why}", who=who, why=say("；").join(speaks[True]) or say("没有更合适的"))
        if speaks[False]:
            yield "triangle-alert", "warn", say("；").join(speaks[False])

    def _of(self, verb: str, case: str) -> _Advice:
        """Returns the advice where crews are sent; none for another verb. What would be refused is not recommended."""
        known = records.find(self._board, Case, case)
        if verb not in (DISPATCH, *ALSO[DISPATCH]) or known is None or known.stage not in ADVISED:
            return _NO_ADVICE
        if case not in self._advice:
            self._advice[case] = self._advise(known)
        return self._advice[case]

    def _advise(self, case: Case) -> _Advice:
        now = self._seat.desk.now()
        here = [unit for unit in units_of(self._board) if case.street in (None, unit.street)]
        states = [crew_state(self._board, crew, now) for crew in records.current(self._board, Crew)]
        missing = crews.gaps(need_of(self._board, case), here, states)
        return _Advice(tuple(way.proposal for way in possible_ways(self._seat.desk, case)), missing)

    def _of_crew(self, crew: Crew, case: Case | None) -> Told:
        now, job = self._seat.desk.now(), records.find(self._board, Case, crew.job)
        is_off = crew.status is CrewStatus.OFF_DUTY
        doing = word("status", crew.status) + ("" if is_off else f" {time_in_status(crew, now)}")
        at = "" if job is None else say("在 {case}", case=names.heading(self._board, job))
        unit = names.short_name(self._board, "holder", crew.unit)
        return Told(
            _joined(doing, at, old_position(crew, now)),
            _joined(unit, _km(_metres(crew, case))),
        )

    def _of_body(self, body: Holder, case: Case | None, street: str) -> Told:
        own, on_duty = self._crews().get(body.id, ()), self._on_duty(body.id)
        free = sum(crew.status is CrewStatus.AVAILABLE for crew in on_duty)
        duty = say("在岗 {n} 组，待命 {m}", n=len(on_duty), m=free) if own else ""
        nearest = min((way for crew in on_duty if (way := _metres(crew, case)) is not None), default=None)
        return Told(
            _joined(self._loaded(body.id), duty), _joined(street, _km(nearest) or ("" if own else called(body.phone)))
        )

    def _on_duty(self, body: str) -> list[Crew]:
        return [crew for crew in self._crews().get(body, ()) if crew.is_on_duty]

    def _loaded(self, body: str) -> str:
        return say("在办 {n}", n=self._load().get(body, 0))


def _metres(crew: Crew, case: Case | None) -> float | None:
    spot = None if case is None else case.spot
    return None if spot is None or crew.spot is None else spot.metres_to(crew.spot)


def _km(metres: float | None) -> str:
    return "" if metres is None else say("{km} km", km=f"{metres / 1000:.1f}")


def _joined(*parts: str) -> str:
    return _SEPARATOR.join(filter(None, parts))
