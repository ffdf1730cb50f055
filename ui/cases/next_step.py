"""What comes next for a case at a seat, in one sentence: a step with its reasons, a reminder, or whom it waits for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.domain.awaiting import awaited_step
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import STEPS, Command
from commandcenter.domain.commands.urging import Urge
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Chosen, Moment, OneOf, Text, marked
from commandcenter.domain.kinds import Kind
from commandcenter.domain.lights import Light
from commandcenter.domain.rules import OFFLINE
from ui.cases.answers import step_command
from ui.cases.proposal import Proposals, ProposedDispatch, ProposedLead
from ui.cases.words import waits_words
from ui.kit import records
from ui.kit.case_parts.clock import SecondClock
from ui.kit.texts import names, times
from ui.kit.texts.district_time import brief_moment, moment
from ui.kit.texts.names import account_name
from ui.kit.texts.numbers import limit_words
from ui.kit.texts.words import Words, phrase, say, term

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

LONG = 24  # characters of a free text in the sentence
DAYS = 2  # from which on hours are left out
PROPOSED = ("dispatch", "set_lead")  # the steps for which somebody is proposed
_URGENT = (Light.SOON, Light.OVERDUE)


@dataclass(frozen=True, slots=True)
class Next:
    """A sentence: the leading word, `to` whom, and `reasons`, the least important last.

    `step` is the name of the command that it offers, "" when it only says whom the case waits for; `commands` are what
    that step gives at once, none when it asks first. `why_not` is the code of what hinders it now.
    """

    lead: Words
    to: Words = ""
    reasons: tuple[Words, ...] = ()
    step: str = ""
    commands: tuple[Command, ...] = ()
    why_not: str | None = None


class NextSteps:
    """Says what comes next at the seat of `desk`, as of the current second of `clock`; `lead` is asked for leads."""

    def __init__(self, desk: Desk, clock: SecondClock, lead: ProposedLead) -> None:
        self._desk, self._board, self._clock = desk, desk.board, clock
        self._proposals: dict[str, Proposals] = dict(zip(PROPOSED, (ProposedDispatch(desk), lead), strict=True))

    def of(self, case: Case) -> Next:
        """Returns the sentence about `case`."""
        name = awaited_step(case)
        if name is None:
            return self._ended(case)
        code = self._desk.why_not(name, case)
        if code in (None, OFFLINE):
            return self._own(case, name, code or self._hindrance(case, name))
        return self._urging(case) or self._waiting(case)

    def _own(self, case: Case, name: str, code: str | None) -> Next:
        what = term("command", name)
        if code is not None:
            return Next(what, reasons=(term("refusal", code),), step=name, why_not=code)
        if name in self._proposals:
            found = self._proposals[name].of(case)
            reasons = (*found.reasons, *self._pressing(case))
            return Next(what, found.to, reasons, name, found.commands)
        return Next(what, reasons=(*_OWN.get(name, _since)(self, case), *self._pressing(case)), step=name)

    def _hindrance(self, case: Case, name: str) -> str | None:
        """Returns why a step that asks for nothing would be refused; None where it would not, or asks first."""
        if any(mark.required for _, mark in marked(STEPS[name], (Chosen, OneOf, Text, Moment))):
            return None
        done = self._desk.preview(step_command(name, case.id))
        return done.code if isinstance(done, Refused) else None

    def _urging(self, case: Case) -> Next | None:
        """Proposes to remind the holder of a case that runs out of time; None where nobody may, or it was just done."""
        if self._clock.standing(case).light not in _URGENT or self._desk.why_not("urge", case) is not None:
            return None
        command = Urge(case.id)
        if isinstance(self._desk.preview(command), Refused):
            return None
        to = names.holder_name(self._board, case.responsible, short=True)
        reasons = (*self._held(case, is_undone=True), *self._pressing(case), *self._urged(case))
        return Next(term("command", "urge"), to, reasons, "urge", (command,))

    def _waiting(self, case: Case) -> Next:
        reasons = (*self._held(case), *(self._pressing(case) or self._due(case)), *self._urged(case))
        return Next(waits_words(self._board, case), reasons=reasons)

    def _ended(self, case: Case) -> Next:
        at = () if case.ended_at is None else (self._at(case.ended_at),)
        return Next(waits_words(self._board, case), reasons=at)

    def _held(self, case: Case, *, is_undone: bool = False) -> tuple[Words, ...]:
        """Returns for how long its holder has had the case, and with `is_undone` what it did not do meanwhile."""
        if case.stage is Stage.DISPATCHED and case.dispatched_at:
            gone = self._since(case.dispatched_at)
            return (phrase("派后 {time} 未签收", time=gone) if is_undone else phrase("派出 {time}", time=gone),)
        if case.stage is Stage.HANDLING and case.accepted_at:
            gone = self._since(case.accepted_at)
            return (phrase("签收 {time} 未反馈", time=gone) if is_undone else phrase("签收 {time}", time=gone),)
        return _since(self, case)

    def _pressing(self, case: Case) -> tuple[Words, ...]:
        """Returns by how much the case is overdue, or how little is left; nothing as long as it is on time."""
        standing = self._clock.standing(case)
        if standing.left is None or standing.is_stopped or standing.light not in _URGENT:
            return ()
        if standing.light == Light.OVERDUE:
            return (phrase("超期 {time}", time=times.in_minutes(-standing.left)),)
        return (phrase("还剩 {time}", time=times.in_minutes(standing.left)),)

    def _due(self, case: Case) -> tuple[Words, ...]:
        is_running = case.due is not None and not self._clock.standing(case).is_stopped
        return (phrase("限 {at}", at=self._at(case.due)),) if is_running and case.due else ()

    def _urged(self, case: Case) -> tuple[Words, ...]:
        if case.urged_at is None:
            return ()
        return (phrase("{at} 催过", at=brief_moment(self._board, case.urged_at, self._clock.now)),)

    def _since(self, at: datetime) -> str:
        gone = (self._clock.now - at).total_seconds()
        return say("{n} 天", n=int(gone) // times.DAY) if gone >= DAYS * times.DAY else times.in_minutes(gone)

    def _at(self, at: datetime) -> str:
        return moment(self._board, at, self._clock.now)

    def _filing(self, case: Case) -> tuple[Words, ...]:
        kind = records.find(self._board, Kind, case.kind)
        limited = () if kind is None else (phrase("{kind} 限 {limit}", kind=kind.name, limit=limit_words(kind.limit)),)
        return (*limited, *_since(self, case))

    def _answering(self, case: Case) -> tuple[Words, ...]:
        asked = case.application
        if asked is None:
            return ()
        who = account_name(self._board, asked.by)
        return (phrase("{who}：{text}", who=who, text=_short(asked.reason)), phrase("不同意按 {key}", key=_DENY_KEY))

    def _closing(self, case: Case) -> tuple[Words, ...]:
        told = (phrase("反馈：{text}", text=_short(case.finding)),) if case.finding else ()
        return (*told, *((phrase("等了 {time}", time=self._since(case.reported_at)),) if case.reported_at else ()))

    def _holding(self, case: Case) -> tuple[Words, ...]:
        return self._held(case)


def _since(told: NextSteps, case: Case) -> tuple[Words, ...]:
    """Returns for how long the case has waited."""
    since = case.reported_at or case.waits_since or case.filed_at or case.received_at
    return (phrase("等了 {time}", time=told._since(since)),)


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip("。.")
    return line if len(line) <= LONG else f"{line[:LONG]}…"


_DENY_KEY = STEPS["deny_return"].entry.key
_OWN: dict[str, Callable[[NextSteps, Case], tuple[Words, ...]]] = {
    "file": NextSteps._filing,
    "approve_return": NextSteps._answering,
    "close": NextSteps._closing,
    "accept": NextSteps._holding,
    "report": NextSteps._holding,
}
