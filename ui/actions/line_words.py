"""Says what a command line would do: a sentence for all of it, and a remark for each target."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, name_of
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Chosen, Moment, OneOf, Text, asked, marked, names_of
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.records import KINDS, Record, kind_of, ref_of
from commandcenter.domain.teams import Crew
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.case_parts.doubts import doubt_of, lacks_power
from ui.kit.texts import names
from ui.kit.texts.district_time import moment
from ui.kit.texts.words import say, word

Note = tuple[str, str, str]  # icon, tone, text
Outcome = tuple[Record, ...] | Refused


@dataclass(frozen=True, slots=True)
class LineWords:
    """Words for commands that are about to be given, over the `board` as it is at `now`."""

    board: Board
    now: datetime

    def sentence(self, commands: Sequence[Command], outcomes: Sequence[Outcome]) -> str:
        """Returns what the commands do, with names between asterisks, and what becomes of the records."""
        said, before = "", ""
        groups = [list(group) for _, group in groupby(commands, self._group)]
        for group in groups:
            case = _case_id(group[0])
            said += say("；") if said and case != before else ""
            said += self._what(group, is_short=len(commands) > 1, is_next=case == before)
            said += self._more(group[0]) if len(groups) > 1 else ""
            before = case
        said += "".join(self._changes(commands, outcomes))
        return said + (self._more(commands[0]) if len(groups) == 1 else "") + say("。")

    def named(self, command: Command, *, is_short: bool = False) -> tuple[tuple[str, str], ...]:
        """Returns (kind, name) of what the command chooses."""
        fields = [(mark.kind, getattr(command, name)) for name, mark in marked(command, (Chosen, OneOf))]
        return tuple((kind, self._called(kind, key, is_short=is_short)) for kind, key in fields if key)

    def _called(self, kind: str, key: str, *, is_short: bool) -> str:
        is_record = is_short and kind in KINDS
        return names.short_name(self.board, kind, key) if is_record else names.name(self.board, kind, key)

    def notes(self, commands: Sequence[Command], outcomes: Sequence[Outcome]) -> Iterator[Note]:
        """Yields a remark for each target: why it is refused, what to look at again, or that nothing speaks against it.

        With several commands each remark names its target.
        """
        for command, outcome in zip(commands, outcomes, strict=True):
            who = self._who(command) if len(commands) > 1 else ""
            said = [_refusal(outcome)] if isinstance(outcome, Refused) else list(self._doubts(command))
            yield from ((image, tone, f"{who}{text}") for image, tone, text in said)

    def _who(self, command: Command) -> str:
        """Returns what a remark begins with: the last target, the crew where one goes along; or the step."""
        called = [name for _, name in self.named(command, is_short=True)] or [word("command", name_of(command))]
        return say("{who}：", who=called[-1])

    def _group(self, command: Command) -> tuple[Any, ...]:
        return name_of(command), _case_id(command), self._more(command)

    def _what(self, group: Sequence[Command], *, is_short: bool, is_next: bool) -> str:
        """Returns what commands of one kind do with one case; after others with the same case its name is left out."""
        first = group[0]
        case = records.find(self.board, Case, _case_id(first))
        title = "" if case is None else f"{case.number or say('待编号')} {names.title(self.board, case)}"
        chosen = [self.named(command, is_short=is_short) for command in group]
        bodies = [said for one in chosen for _, said in one[:1]]
        told: dict[str, str] = {"what": word("command", name_of(first)), "case": title, "to": _listed(bodies)}
        kind = chosen[0][0][0] if chosen[0] else ""
        crews = _listed(said for one in chosen for _, said in one[1:])
        return _sentence(kind, is_next=is_next, **told) + (say("，*{crew}* 出动", crew=crews) if crews else "")

    def _more(self, command: Command) -> str:
        """Returns the moment and the text that go with a command."""
        (when, _), (text, _) = asked(command, Moment), asked(command, Text)
        at, said = getattr(command, when) if when else None, getattr(command, text) if text else ""
        told = say("，时间 *{moment}*", moment=moment(self.board, at, self.now)) if at is not None else ""
        return told + (say("，说明：*{text}*", text=said) if said else "")

    def _changes(self, commands: Sequence[Command], outcomes: Sequence[Outcome]) -> Iterator[str]:
        """Yields a phrase for each state that is another after all of it; records but the first case are named."""
        after = {ref_of(one): one for outcome in outcomes if not isinstance(outcome, Refused) for one in outcome}
        for ref, record in after.items():
            before, name = self.board.find(*ref), names.name(self.board, kind_of(record), record.id)
            owner = "" if ref[1] == _case_id(commands[0]) else f"*{name}* "
            for field in names_of(record):
                was, becomes = getattr(before, field, None), getattr(record, field)
                if isinstance(was, StrEnum) and isinstance(becomes, StrEnum) and was is not becomes:
                    said = {"before": word(field, was), "after": word(field, becomes)}
                    label = owner + word("record", field).lower()
                    yield say("；{field}由 *{before}* 转为 *{after}*", field=label, **said)

    def _doubts(self, command: Command) -> Iterator[Note]:
        case = records.find(self.board, Case, _case_id(command))
        found = [self.board.find(mark.kind, getattr(command, name) or "") for name, mark in marked(command, Chosen)]
        for chosen in found:
            if case is not None and isinstance(chosen, Holder):
                yield self._of_holder(case, chosen)
            elif case is not None and isinstance(chosen, Crew) and isinstance(command, SendCrew):
                yield self._of_crew(case, chosen)

    def _of_holder(self, case: Case, holder: Holder) -> Note:
        if doubt := str(doubt_of(self.board, case, holder)):
            return ("triangle-alert", "warn", doubt)
        crews = [crew for crew in records.current(self.board, Crew) if crew.unit == holder.id]
        if holder.kind is HolderKind.UNIT and crews and not any(crew.is_on_duty for crew in crews):
            return ("triangle-alert", "warn", say("它的队组此刻都离岗"))
        return ("check", "ok", say("职权与街镇相符"))

    def _of_crew(self, case: Case, crew: Crew) -> Note:
        unit = records.find(self.board, Holder, crew.unit)
        if not crew.is_on_duty:
            return ("triangle-alert", "warn", say("现在离岗，请确认到时在岗"))
        if unit is not None and lacks_power(self.board, case, unit):
            return ("triangle-alert", "warn", say("这一小类一般不归它的单位管，请确认"))
        if crew.street != case.street:
            return ("triangle-alert", "warn", say("外街镇借来的队组"))
        if crew.job is not None:
            return ("triangle-alert", "warn", say("要放下手里的任务"))
        return ("check", "ok", say("{status}，职权与街镇相符", status=word("status", crew.status)))


def _sentence(kind: str, *, is_next: bool, **told: str) -> str:
    """Returns what is done, with who or what was chosen of `kind`; "" for nothing."""
    if not kind:
        return say("，再 *{what}*", **told) if is_next else say("把 *{case}* *{what}*", **told)
    if may_act(kind):
        return say("，再 *{what}*给 *{to}*", **told) if is_next else say("把 *{case}* *{what}*给 *{to}*", **told)
    return say("，再 *{what}*：*{to}*", **told) if is_next else say("把 *{case}* *{what}*：*{to}*", **told)


def may_act(kind: str) -> bool:
    """Whether records of `kind` are bodies that act, so that a case is given to one."""
    return kind in KINDS and bool(KINDS[kind].holder)


def _listed(called: Iterable[str]) -> str:
    """Returns names for a place between asterisks."""
    return f"*{say('、')}*".join(called)


def _case_id(command: Command) -> str:
    return str(getattr(command, "case", ""))


def _refusal(refused: Refused) -> Note:
    return ("circle-x", "bad", word("refusal", refused.code))
