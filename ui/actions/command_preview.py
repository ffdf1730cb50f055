"""Previews a command line before Enter: the hall's grammar, the effect in a sentence, and why it would be refused."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.decisions import Refused
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.records import Record
from commandcenter.sync.connection import State
from ui.actions.context import UiContext
from ui.actions.registry import Action, Actions
from ui.cases.acts import give_command
from ui.kit import records
from ui.kit.command_line.grammar import CommandLine, Grammar, LinePart, NamedObject, Offer
from ui.kit.command_line.overlay import Preview
from ui.kit.labels.spans import TextSpan, marked
from ui.kit.search.candidates import Candidate
from ui.kit.seat.tasks import spawn
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say, word

if TYPE_CHECKING:
    from commandcenter.store.board import Board

NEAR = {HolderKind.UNIT: 0, HolderKind.DEPARTMENT: 1, HolderKind.GRID_TEAM: 2}


class CommandPreview:
    """Implements ui.kit.command_line.overlay.Previewer over a seat and its registry."""

    def __init__(self, seat: UiContext, actions: Actions, light: Callable[[Case], str]) -> None:
        self._seat, self._actions, self._light = seat, actions, light

    @property
    def _board(self) -> "Board":
        return self._seat.desk.board

    def grammar(self) -> Grammar:
        """Returns the verbs, those of this seat first, its cases, and the holders with their streets."""
        found = sorted(self._actions, key=lambda action: not self._actions.suits(action))
        verbs = tuple(action.verb() for action in found if action.id != "command_line")
        return Grammar(verbs, self._cases(), self._targets(), self._seat.focus.case)

    def foretell(self, line: CommandLine) -> Preview:
        """Returns what Enter would do, or what is still missing."""
        if line.unknown:
            return Preview(sentence=(TextSpan(_unknown(line), tone="warn"),))
        if line.verb is None:
            return Preview(head=say("可以做的"), rows=tuple(self._offered(offer) for offer in line.offers))
        action = self._actions[line.verb.id]
        rows = tuple(self._offered(offer) for offer in line.offers)
        after = self._after(action, line)
        if isinstance(after, Refused):
            refusal = word("refusal", after.code)
            return Preview(sentence=self._spans(action, line), notes=(("circle-x", "bad", refusal),), rows=rows)
        if line.missing is not None:
            return Preview(sentence=(TextSpan(_lacking(line), tone="tx2"),), head=_head(line), rows=rows)
        head, notes = say("按案件所在街镇优先") if len(rows) > 1 else "", self._notes(action, line)
        return Preview(self._spans(action, line, after), notes, head, rows if head else (), may=True)

    def act(self, line: CommandLine) -> None:
        """Carries the line out: as from the menu for an action without a command, else through the desk."""
        assert line.verb is not None
        action = self._actions[line.verb.id]
        if action.make is None:
            self._actions.trigger(action.id)
        else:
            spawn(self._do(action, line), name=f"command line {action.id}")

    async def _do(self, action: Action, line: CommandLine) -> None:
        assert action.make is not None
        if line.case:
            self._seat.focus.choose(line.case, by="command")
        case = self._case(line.case)
        if case is not None:
            await give_command(self._seat, case, action.make(line))

    def _cases(self) -> tuple[NamedObject, ...]:
        chosen = self._case(self._seat.focus.case)  # in no list if it ended long ago
        cases = {case.id: case for case in (*records.every(self._board, Case), chosen) if case is not None}
        return tuple(self._thing(case) for case in cases.values() if case.number)

    def _thing(self, case: Case) -> NamedObject:
        called = (case.number or "", names.title(self._board, case), case.place)
        return NamedObject(case.id, called, place=case.street or "", has_ended=not case.is_open)

    def _targets(self) -> tuple[NamedObject, ...]:
        return tuple(map(_target, records.current(self._board, Holder)))

    def _case(self, key: str | None) -> Case | None:
        return records.find(self._board, Case, key)

    def _after(self, action: Action, line: CommandLine) -> Record | Refused | None:
        """Returns the case as the complete line would leave it, or why it would be refused as far as it is typed."""
        if action.command is None or (line.case is None and LinePart.CASE in action.needs):
            return None
        if action.make is not None and line.missing is None:
            return self._seat.desk.preview(action.make(line))
        code = self._seat.desk.why_not(action.command, self._case(line.case))
        return None if code is None else Refused(code)

    def _spans(self, action: Action, line: CommandLine, after: Record | None = None) -> tuple[TextSpan, ...]:
        case = self._case(line.case)
        if case is None:
            return (TextSpan(action.words, bold=True),)
        title = f"{case.number or say('待编号')} {names.title(self._board, case)}"
        said = {"what": action.words, "case": title, "text": line.text}
        if line.target:
            told = say("把 *{case}* *{what}*给 *{to}*", **said, to=names.holder_name(self._board, line.target))
        else:
            told = say("把 *{case}* *{what}*", **said)
        if isinstance(after, Case) and after.stage is not case.stage:
            stages = {"before": word("stage", case.stage), "after": word("stage", after.stage)}
            told += say("；环节由 *{before}* 转为 *{after}*", **stages)
        if isinstance(after, Case) and after.tier is not case.tier:
            tiers = {"before": word("tier", case.tier), "after": word("tier", after.tier)}
            told += say("；层级由 *{before}* 转为 *{after}*", **tiers)
        return marked(told + (say("，说明：*{text}*", **said) if line.text else "") + say("。"))

    def _notes(self, action: Action, line: CommandLine) -> tuple[tuple[str, str, str], ...]:
        if action.make is None:
            return ()
        case, notes = self._case(line.case), []
        if case is not None and line.target:
            notes.append(self._power_note(case, line.target))
        if self._seat.desk.connection.state is not State.LIVE:
            notes.append(("wifi-off", "warn", say("现在离线：先存本机，连上后送达")))
        return tuple(note for note in notes if note)

    def _power_note(self, case: Case, target: str) -> tuple[str, str, str]:
        holder, kind = records.find(self._board, Holder, target), records.find(self._board, Kind, case.kind)
        if holder and holder.power and kind and kind.powers and holder.power not in kind.powers:
            return ("triangle-alert", "warn", say("这一小类一般不归它管，请确认"))
        if holder and holder.street not in (None, case.street):
            return ("triangle-alert", "warn", say("不在案件所在街镇"))
        return ("check", "ok", say("职权与街镇相符"))

    def _offered(self, offer: Offer) -> Candidate:
        if offer.part is LinePart.VERB:
            action = self._actions[offer.id]
            return Candidate(action.words, offer, aside="  ·  ".join((*action.verbs, *filter(None, (action.key,)))))
        if offer.part is LinePart.CASE:
            case = self._case(offer.id)
            assert case is not None
            title, shape = names.title(self._board, case), f"light.{self._light(case)}"
            return Candidate(tail(case), offer, title, case.place, shape)
        holder = self._board.find("holder", offer.id)
        street = names.name(self._board, "street", getattr(holder, "street", None))
        return Candidate(names.holder_name(self._board, offer.id), offer, street, getattr(holder, "phone", ""))


def _target(holder: Holder) -> NamedObject:
    return NamedObject(holder.id, (holder.short or holder.name, holder.name), NEAR[holder.kind], holder.street or "")


def _unknown(line: CommandLine) -> str:
    if line.verb is None:
        return say("没有叫“{word}”的动作，输入 ? 看全部", word=line.unknown)
    if line.missing is LinePart.CASE and line.verb.on_ended:
        return say("本机没有以 {word} 结尾的已结案件，先用 Ctrl F 查到并选中", word=line.unknown)
    if line.missing is LinePart.CASE:
        return say("没有以 {word} 结尾的在办案件", word=line.unknown)
    return say("找不到“{word}”，可用名称、拼音或首字母", word=line.unknown)


def _lacking(line: CommandLine) -> str:
    wants = {LinePart.CASE: say("哪一件？输入编号末位"), LinePart.TARGET: say("给谁？输入名称、拼音或首字母")}
    return wants.get(line.missing or LinePart.TEXT, say("说明什么？接着输入"))


def _head(line: CommandLine) -> str:
    if line.missing is LinePart.TARGET:
        return say("按案件所在街镇优先")
    return say("已结案件") if line.verb is not None and line.verb.on_ended else say("在办案件")
