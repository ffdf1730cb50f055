"""What letting go of a case or a crew would do: the commands, the words before it, and why it would be refused."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.commands import Command, Dispatch
from commandcenter.domain.commands.crew_dispatch import crew_commands
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.commands.queueing import Reorder
from commandcenter.domain.decisions import Refused
from commandcenter.domain.people import Holder
from commandcenter.domain.teams import Crew
from ui.kit.case_parts.doubts import doubt_of
from ui.kit.texts import names
from ui.kit.texts.crews import crew_name, crew_part
from ui.kit.texts.glossary import called
from ui.kit.texts.words import Words, phrase, term
from ui.teams.reading import EMPTY, LAST, Reading

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

_OVERCOME: Mapping[str | None, Words] = {  # the refusals that a reason overcomes, and what is asked
    "crew_busy": phrase("为什么要它放下手里的任务"),
    "crew_off_shift": phrase("为什么要它在班外出动"),
}
_TEXT = "…"  # stands for a text that is asked for later


@dataclass(frozen=True, slots=True)
class Offer:
    """What would be done with a case, or why not (`why`).

    `commands` are given one after the other; with `recalls` the case is first taken back from its holder, for a reason.
    `asks_reason` is what is asked when a crew leaves a job for it or works outside its shift. `doubt` is what speaks
    against it.
    """

    case: str
    words: Words
    commands: tuple[Command, ...] = ()
    why: Words = ""
    doubt: Words = ""
    recalls: bool = False
    asks_reason: Words = ""

    @property
    def may(self) -> bool:
        """Whether it can be done."""
        return not str(self.why)

    @property
    def first(self) -> tuple[Command, ...]:
        """The commands that are given first, with "…" where a text is asked for."""
        return (Recall(self.case, _TEXT),) if self.recalls else self.commands

    @property
    def told(self) -> Words:
        """What would be done, or why it cannot be."""
        return self.words if self.may else self.why


class Offers:
    """Works out offers at a desk; `show` tells it the reading by whose queues a place is told."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._board = desk, desk.board
        self._held: dict[str, tuple[str, ...]] = {}
        self._places: dict[str, float] = {}

    def show(self, reading: Reading) -> None:
        """Takes the queues as they are shown."""
        self._held = {unit: queue.cases for unit, queue in reading.held.items()}
        self._places = dict(reading.places)

    def dispatch(self, case: Case, unit: Holder) -> Offer:
        """Offers the case to a unit, in the place that its due moment gives it."""
        place = bisect_left([self._at(key) for key in self._queue(unit.id, case)], self._natural(case)) + 1
        words = phrase("派遣至{unit}，排第 {n} 位", unit=called(unit.short or unit.name), n=place)
        offer = Offer(case.id, words, (Dispatch(case.id, unit.id),), doubt=doubt_of(self._board, case, unit))
        return self._recalling(offer, case) if case.stage in WITH_HOLDER else self._checked(offer)

    def send(self, case: Case, crew: Crew) -> Offer:
        """Offers a crew for the case; a case that nobody has goes to its unit with it."""
        commands = crew_commands(case, (crew,))
        words = phrase("派{crew}去", crew=crew_name(self._board, crew))
        if case.stage is Stage.FILED:
            unit, part = names.short_name(self._board, "holder", crew.unit), crew_part(self._board, crew)
            words = phrase("派遣至{unit}，{crew}出动", unit=unit, crew=part)
        code = self._first_code(commands)
        if code not in _OVERCOME:
            return self._refused(Offer(case.id, words, commands), code)
        commands = crew_commands(case, (crew,), text=_TEXT, for_a_reason=True)
        return self._checked(Offer(case.id, _for_a_reason(words, code), commands, asks_reason=_OVERCOME[code]))

    def recall(self, case: Case) -> Offer:
        """Offers to take the case back from its holder."""
        if case.stage is Stage.FILED:
            return Offer(case.id, phrase("待派"), why=phrase("它已在待派"))
        offer = Offer(case.id, phrase("撤回到待派，要写原因"), recalls=True)
        return self._refused(offer, self._code(Recall(case.id, _TEXT)))

    def reorder(self, case: Case, place: int) -> Offer:
        """Offers the case the place (from 0) among the other cases of its holder."""
        others = [self._at(key) for key in self._queue(case.responsible or "", case)]
        place = min(place, bisect_left(others, LAST))  # none goes behind those that have no moment
        own = self._natural(case)
        as_due = _between(others, place, own)
        command = Reorder(case.id, None if as_due == own else datetime.fromtimestamp(as_due, UTC))
        by_itself = phrase("回到按余时的第 {n} 位", n=place + 1) if command.as_due is None else None
        return self._checked(Offer(case.id, by_itself or phrase("放在第 {n} 位", n=place + 1), (command,)))

    def place_of(self, case: Case) -> int:
        """Returns the place of the case in its holder's queue, from 0."""
        queue = self._held.get(case.responsible or "", EMPTY.cases)
        return queue.index(case.id) if case.id in queue else 0

    def _queue(self, unit: str, case: Case) -> list[str]:
        return [key for key in self._held.get(unit, EMPTY.cases) if key != case.id]

    def _at(self, key: str) -> float:
        return self._places.get(key, LAST)

    def _natural(self, case: Case) -> float:
        return LAST if case.due is None else case.due.timestamp()

    def _recalling(self, offer: Offer, case: Case) -> Offer:
        """Returns the offer for a case that another holder has."""
        words = phrase("先撤回，再{what}", what=offer.words)
        later = replace(offer, words=words, recalls=True)
        role = self._desk.why_not("dispatch", None)
        return self._refused(later, self._code(Recall(case.id, _TEXT)) or role)

    def _checked(self, offer: Offer) -> Offer:
        return self._refused(offer, self._first_code(offer.commands))

    def _refused(self, offer: Offer, code: str | None) -> Offer:
        return offer if code is None else replace(offer, why=term("refusal", code))

    def _first_code(self, commands: Sequence[Command]) -> str | None:
        """Returns why the first of the commands that cannot be given is refused; None when all can."""
        seen = self._desk.preview_all(tuple(commands))
        return next((one.code for one in seen if isinstance(one, Refused)), None)

    def _code(self, command: Command) -> str | None:
        seen = self._desk.preview(command)
        return seen.code if isinstance(seen, Refused) else None


def _for_a_reason(words: Words, code: str | None) -> Words:
    """Returns what would be done, and that it needs a reason."""
    if code == "crew_busy":
        return phrase("{what}；它有任务，要写原因", what=words)
    return phrase("{what}；按轮班它已下班，要写原因", what=words)


def nothing(words: Words) -> Offer:
    """Returns that nothing can be done there, and what can."""
    return Offer("", words, why=words)


def _between(others: list[float], place: int, own: float) -> float:
    """Returns the moment that puts a case between the others; its `own` where that does."""
    before = others[place - 1] if place else -LAST
    after = others[place] if place < len(others) else LAST
    if before < own < after or not others:
        return own
    if before == -LAST:
        return after - 60
    return before + 60 if after >= LAST else (before + after) / 2
