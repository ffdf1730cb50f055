"""Previews a command line before Enter: the hall's grammar, the effect in a sentence, and why it would be refused."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import NAMES
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Text, asked, names_of
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.records import KINDS, Record, kind_of, ref_of
from commandcenter.sync.connection import State
from ui.actions.context import UiContext
from ui.actions.registry import Action, Actions
from ui.cases.acts import give_command
from ui.cases.words import refused_words
from ui.kit import records
from ui.kit.command_line.grammar import CommandLine, Grammar, LinePart, NamedObject, Offer
from ui.kit.command_line.overlay import Preview
from ui.kit.labels.spans import TextSpan, marked
from ui.kit.search.candidates import Candidate
from ui.kit.seat.tasks import spawn
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say, terms, word

if TYPE_CHECKING:
    from commandcenter.store.board import Board

NEAR: dict[object, int] = {HolderKind.UNIT: 0, HolderKind.DEPARTMENT: 1, HolderKind.GRID_TEAM: 2}


class CommandPreview:
    """Implements ui.kit.command_line.overlay.Previewer over a seat and its registry."""

    def __init__(self, seat: UiContext, actions: Actions, light: Callable[[Case], str]) -> None:
        self._seat, self._actions, self._light = seat, actions, light

    @property
    def _board(self) -> "Board":
        return self._seat.desk.board

    def grammar(self) -> Grammar:
        """Returns the verbs, those of this seat first, its cases, and the records that the verbs may choose."""
        found = sorted(self._actions, key=lambda action: not self._actions.suits(action))
        verbs = tuple(action.verb() for action in found if action.id != "command_line")
        kinds = sorted({verb.target_kind for verb in verbs} - {""})
        targets = tuple(target for kind in kinds for target in self._targets(kind))
        return Grammar(verbs, self._cases(), targets, self._seat.focus.case)

    def preview(self, line: CommandLine) -> Preview:
        """Returns what Enter would do, or what is still missing."""
        rows = tuple(self._offered(line, offer) for offer in line.offers)
        if line.unknown:
            return Preview(sentence=(TextSpan(_unknown(line), tone="warn"),))
        if line.verb is None:
            return Preview(head=say("可以做的"), rows=rows)
        action = self._actions[line.verb.id]
        after = self._after(action, line)
        if isinstance(after, Refused):
            refusal = word("refusal", after.code)
            return Preview(sentence=self._spans(action, line), notes=(("circle-x", "bad", refusal),), rows=rows)
        if line.missing is not None:
            return Preview(sentence=(TextSpan(_lacking(line), tone="tx2"),), head=_head(line), rows=rows)
        rows = rows if len(rows) > 1 else ()
        head = _head(line) if rows else ""
        return Preview(self._spans(action, line, after), self._notes(action, line), head, rows, may=True)

    def act(self, line: CommandLine, refused: Callable[[], None]) -> None:
        """Carries the line out: as from the menu for an action without a command, else through the desk."""
        assert line.verb is not None
        action = self._actions[line.verb.id]
        if action.make is None:
            self._actions.trigger(action.id)
        else:
            spawn(self._do(action, line, refused), name=f"command line {action.id}")

    async def _do(self, action: Action, line: CommandLine, refused: Callable[[], None]) -> None:
        assert action.make is not None
        if line.case:
            self._seat.focus.choose(line.case, by="command")
        case = self._case(line.case)
        if case is None:
            self._seat.tell(refused_words(action.command or action.id, Refused("unknown_case")), "bad")
            refused()
        elif not await give_command(self._seat, case, action.make(line)):
            refused()

    def _cases(self) -> tuple[NamedObject, ...]:
        chosen = self._case(self._seat.focus.case)  # in no list if it ended long ago
        cases = {case.id: case for case in (*records.every(self._board, Case), chosen) if case is not None}
        return tuple(self._thing(case) for case in cases.values() if case.number)

    def _thing(self, case: Case) -> NamedObject:
        called = (case.number or "", names.title(self._board, case), case.place)
        return NamedObject(case.id, called, place=case.street or "", has_ended=not case.is_open)

    def _targets(self, kind: str) -> Iterator[NamedObject]:
        if kind not in KINDS:  # the members of an enumeration
            yield from (NamedObject(one, (word(kind, one),), kind=kind) for one in terms()[kind])
            return
        for record in records.current(self._board, KINDS[kind].type):
            name, near = names.name(self._board, kind, record.id), NEAR.get(getattr(record, "kind", None), 0)
            called = (getattr(record, "short", "") or name, name)
            yield NamedObject(record.id, called, near, records.street(record), kind=kind)

    def _case(self, key: str | None) -> Case | None:
        return records.find(self._board, Case, key)

    def _after(self, action: Action, line: CommandLine) -> tuple[Record, ...] | Refused:
        """Returns the records that the complete line would change, or why it would be refused as far as it is typed."""
        if action.command is None or (line.case is None and LinePart.CASE in action.needs):
            return ()
        if action.make is not None and line.missing is None:
            return self._seat.desk.preview(action.make(line))
        code = self._seat.desk.why_not(action.command, self._case(line.case))
        return () if code is None else Refused(code)

    def _spans(self, action: Action, line: CommandLine, after: tuple[Record, ...] = ()) -> tuple[TextSpan, ...]:
        case = self._case(line.case)
        if case is None:
            return (TextSpan(action.words, bold=True),)
        title = f"{case.number or say('待编号')} {names.title(self._board, case)}"
        said = {"what": action.words, "case": title, "to": names.name(self._board, action.target_kind, line.target)}
        if not line.target:
            told = say("把 *{case}* *{what}*", **said)
        elif _may_act(action.target_kind):
            told = say("把 *{case}* *{what}*给 *{to}*", **said)
        else:
            told = say("把 *{case}* *{what}*：*{to}*", **said)
        told += "".join(change for record in after for change in self._changes(record, case))
        if line.moment and action.is_timed:
            told += say("，时间 *{moment}*", moment=line.moment)
        if line.text and (action.command is None or asked(NAMES[action.command], Text)[0]):
            told += say("，说明：*{text}*", text=line.text)
        return marked(told + say("。"))

    def _changes(self, record: Record, chosen: Case) -> Iterator[str]:
        """Returns a phrase for each state of `record` that is another now; a record but the chosen one is named."""
        before, name = self._board.find(*ref_of(record)), names.name(self._board, kind_of(record), record.id)
        owner = "" if ref_of(record) == ref_of(chosen) else f"*{name}* "
        for field in names_of(record):
            was, becomes = getattr(before, field, None), getattr(record, field)
            if isinstance(was, StrEnum) and isinstance(becomes, StrEnum) and was is not becomes:
                said = {"before": word(field, was), "after": word(field, becomes)}
                yield say("；{field}由 *{before}* 转为 *{after}*", field=owner + word("record", field).lower(), **said)

    def _notes(self, action: Action, line: CommandLine) -> tuple[tuple[str, str, str], ...]:
        if action.make is None:
            return ()
        case, notes = self._case(line.case), []
        holder = self._board.find(action.target_kind, line.target) if line.target else None
        if case is not None and isinstance(holder, Holder):
            notes.append(self._power_note(case, holder))
        if self._seat.desk.connection.state is not State.LIVE:
            notes.append(("wifi-off", "warn", say("现在离线：先存本机，连上后送达")))
        return tuple(notes)

    def _power_note(self, case: Case, holder: Holder) -> tuple[str, str, str]:
        kind = records.find(self._board, Kind, case.kind)
        if holder.power and kind and kind.powers and holder.power not in kind.powers:
            return ("triangle-alert", "warn", say("这一小类一般不归它管，请确认"))
        if holder.street not in (None, case.street):
            return ("triangle-alert", "warn", say("不在案件所在街镇"))
        return ("check", "ok", say("职权与街镇相符"))

    def _offered(self, line: CommandLine, offer: Offer) -> Candidate:
        if offer.part is LinePart.VERB:
            action = self._actions[offer.id]
            return Candidate(action.words, offer, aside="  ·  ".join((*action.verbs, *filter(None, (action.key,)))))
        if offer.part is LinePart.CASE:
            case = self._case(offer.id)
            assert case is not None
            title, shape = names.title(self._board, case), f"light.{self._light(case)}"
            return Candidate(tail(case), offer, title, case.place, shape)
        kind = line.verb.target_kind if line.verb else ""
        record = self._board.find(kind, offer.id)
        street = "" if record is None else names.name(self._board, "street", records.street(record))
        return Candidate(names.name(self._board, kind, offer.id), offer, street, getattr(record, "phone", ""))


def _may_act(kind: str) -> bool:
    """Whether records of `kind` are bodies that act, so that a case is given to one."""
    return kind in KINDS and bool(KINDS[kind].holder)


def _unknown(line: CommandLine) -> str:
    if line.verb is None:
        return say("没有叫“{word}”的动作，输入 ? 看全部", word=line.unknown)
    if line.missing is LinePart.CASE and line.verb.on_ended:
        return say("本机没有以 {word} 结尾的已结案件，先用 Ctrl F 查到并选中", word=line.unknown)
    if line.missing is LinePart.CASE:
        return say("没有以 {word} 结尾的在办案件", word=line.unknown)
    return say("找不到“{word}”，可用名称、拼音或首字母", word=line.unknown)


def _lacking(line: CommandLine) -> str:
    if line.missing is LinePart.CASE:
        return say("哪一件？输入编号末位")
    if line.missing is LinePart.MOMENT:
        return say("什么时候？如 15:00、明天 9:00、30分")
    if line.missing is LinePart.TEXT or line.verb is None:
        return say("说明什么？接着输入")
    is_giving = _may_act(line.verb.target_kind)
    return say("给谁？输入名称、拼音或首字母") if is_giving else say("选哪一个？输入名称、拼音或首字母")


def _head(line: CommandLine) -> str:
    if line.verb is None or not line.offers:
        return ""
    if line.offers[0].part is LinePart.TARGET:
        kind = KINDS.get(line.verb.target_kind)
        return say("按案件所在街镇优先") if kind is not None and kind.street else say("可以选的")
    return say("已结案件") if line.verb.on_ended else say("在办案件")
