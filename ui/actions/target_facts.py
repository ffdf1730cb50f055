"""What is known of those whom a line may name for a case: what each is doing, its load, its way, who is recommended."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Dispatch
from commandcenter.domain.commands.crew_dispatch import crew_commands
from commandcenter.domain.decisions import Refused
from commandcenter.domain.people import Holder
from commandcenter.domain.records import Record
from commandcenter.domain.teams import Crew, CrewStatus
from ui.actions.context import UiContext
from ui.actions.line_commands import ALSO, DISPATCH
from ui.actions.line_words import Note
from ui.cases.filters import values
from ui.kit import records
from ui.kit.lazy import Lazy
from ui.kit.texts import names
from ui.kit.texts.crews import old_position, time_in_status
from ui.kit.texts.glossary import called
from ui.kit.texts.words import say, word

if TYPE_CHECKING:
    from commandcenter.recommendation.crews import Proposal
    from ui.teams.proposing import Advice
    from ui.teams.reading import Reading
    from ui.teams.reasons import Reasons

GAPS = 2  # remarks about what is missing
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of a target: what it is `doing`, and `where` it is."""

    doing: str = ""
    where: str = ""


class TargetFacts:
    """The facts as of the last `renew`, each worked out when it is first asked for."""

    def __init__(self, seat: UiContext) -> None:
        self._seat, self._board = seat, seat.desk.board
        self._load = Lazy(self._count)
        self._crews = Lazy(lambda: records.crews_by_unit(self._board))
        self._reading = Lazy(self._read)
        self._advice: dict[str, Advice] = {}

    def renew(self) -> None:
        """Forgets what was worked out: the line is opened again."""
        for fact in (self._load, self._crews, self._reading):
            fact.forget()
        self._advice.clear()

    def advised(self, verb: str, case: str) -> tuple[str, ...]:
        """Returns the ids of those who are recommended for the case, the best first; none where no crew is sent."""
        found = self._of(verb, case)
        return () if found is None else tuple(one.crew or one.unit for one in found.proposals)

    def told(self, record: Record, case: Case | None) -> Told:
        """Returns what is said of a crew, or of a body; only the street of any other record."""
        if isinstance(record, Crew):
            return self._of_crew(record, case)
        street = names.name(self._board, "street", records.street(record))
        return self._of_body(record, case, street) if isinstance(record, Holder) else Told(where=street)

    def why(self, verb: str, case: str) -> Iterator[Note]:
        """Yields remarks: why the first one is recommended, what speaks against it, and what is missing."""
        from ui.teams.reasons import Reasons  # late: the board of teams is loaded when it is first needed
        from ui.teams.words import Wording

        found = self._of(verb, case)
        if found is None:
            return
        told = Reasons(Wording(self._board, self._seat.clock), self._reading())
        for one in found.proposals[:1]:
            yield from self._about(one, told)
        proposed = {one.crew for one in found.proposals}
        gaps = [one for one in found.missing if one.about not in proposed]
        yield from (("triangle-alert", "warn", say("缺口：{gap}", gap=told.words(one))) for one in gaps[:GAPS])

    def _about(self, first: "Proposal", told: "Reasons") -> Iterator[Note]:
        """Yields who is recommended with what speaks for it, and what speaks against it."""
        speaks: dict[bool, list[str]] = {True: [], False: []}
        for one in first.reasons:
            speaks[one.is_for].append(str(told.words(one)))
        unit = names.holder_name(self._board, first.unit, short=True)
        who = f"{unit} {told.crew(first.crew)}" if first.crew else unit
        yield "check", "ok", say("推荐 {who}：{why}", who=who, why=say("；").join(speaks[True]) or say("没有更合适的"))
        if speaks[False]:
            yield "triangle-alert", "warn", say("；").join(speaks[False])

    def _of(self, verb: str, case: str) -> "Advice | None":
        """Returns the advice where crews are sent; None for another verb, or a case that is not known.

        What would be refused is not recommended.
        """
        from ui.teams.proposing import advice

        known = records.find(self._board, Case, case)
        if verb not in (DISPATCH, *ALSO[DISPATCH]) or known is None:
            return None
        if case not in self._advice:
            found = advice(self._board, self._reading(), known)
            may = tuple(one for one in found.proposals if self._may(known, one))
            self._advice[case] = replace(found, proposals=may)
        return self._advice[case]

    def _may(self, case: Case, proposal: "Proposal") -> bool:
        crew = records.find(self._board, Crew, proposal.crew)
        commands = (Dispatch(case.id, proposal.unit),) if crew is None else crew_commands(case, (crew,))
        return not any(isinstance(one, Refused) for one in self._seat.desk.preview_all(commands))

    def _of_crew(self, crew: Crew, case: Case | None) -> Told:
        now, job = self._seat.desk.now(), records.find(self._board, Case, crew.job)
        is_off = crew.status is CrewStatus.OFF_DUTY
        doing = word("status", crew.status) + ("" if is_off else f" {time_in_status(crew, now)}")
        at = "" if job is None else say("在 {case}", case=names.heading(self._board, job))
        unit = names.short_name(self._board, "holder", crew.unit)
        return Told(
            _joined(doing, self._loaded(crew.unit), at, old_position(crew, now)),
            _joined(unit, _km(_metres(crew, case))),
        )

    def _of_body(self, body: Holder, case: Case | None, street: str) -> Told:
        crews = self._crews().get(body.id, ())
        on_duty = [crew for crew in crews if crew.is_on_duty]
        free = sum(crew.status is CrewStatus.AVAILABLE for crew in on_duty)
        duty = say("在岗 {n} 组，待命 {m}", n=len(on_duty), m=free) if crews else ""
        nearest = min((way for crew in on_duty if (way := _metres(crew, case)) is not None), default=None)
        return Told(
            _joined(self._loaded(body.id), duty), _joined(street, _km(nearest) or ("" if crews else called(body.phone)))
        )

    def _loaded(self, body: str) -> str:
        return say("在办 {n}", n=self._load().get(body, 0))

    def _count(self) -> dict[str, int]:
        cases = self._board.cases
        return values(cases, "responsible", cases["alive"] & cases.is_open)

    def _read(self) -> "Reading":
        from ui.teams.reading import read

        return read(self._board, self._seat.desk.now())


def _metres(crew: Crew, case: Case | None) -> float | None:
    spot = None if case is None else case.spot
    return None if spot is None or crew.spot is None else spot.metres_to(crew.spot)


def _km(metres: float | None) -> str:
    return "" if metres is None else say("{km} km", km=f"{metres / 1000:.1f}")


def _joined(*parts: str) -> str:
    return _SEPARATOR.join(filter(None, parts))
