"""What a command line that is not complete lacks, in words, and what could complete it, as rows of a list."""

from collections.abc import Callable
from dataclasses import dataclass

from commandcenter.domain.cases import Case
from commandcenter.domain.records import KINDS
from commandcenter.store.board import Board
from ui.actions.line_words import may_act
from ui.actions.registry import Actions
from ui.actions.target_facts import TargetFacts, Told
from ui.kit import records
from ui.kit.command_line.parts import CommandLine, LinePart, Offer
from ui.kit.search.candidates import Candidate
from ui.kit.texts import names
from ui.kit.texts.glossary import called
from ui.kit.texts.words import say


@dataclass(frozen=True, slots=True)
class LineRows:
    """Rows for the offers of a line; `light` names the present light of a case, `facts` tells of its targets."""

    board: Board
    actions: Actions
    light: Callable[[Case], str]
    facts: TargetFacts

    def rows(self, line: CommandLine) -> tuple[Candidate, ...]:
        """Returns a row for each offer."""
        case = records.find(self.board, Case, line.clauses[-1].case) if line.clauses else None
        advised = self.facts.advised(line.clauses[-1].verb.id, case.id) if case is not None else ()
        return tuple(self._row(offer, case, is_advised=offer.id in advised[:1]) for offer in line.offers)

    def _row(self, offer: Offer, of: Case | None, *, is_advised: bool) -> Candidate:
        if offer.part is LinePart.VERB:
            action = self.actions[offer.id]
            return Candidate(action.words, offer, aside="  ·  ".join((*action.verbs, *filter(None, (action.key,)))))
        if offer.part is LinePart.CASE:
            case = records.find(self.board, Case, offer.id)
            assert case is not None
            title, shape = names.title(self.board, case), f"light.{self.light(case)}"
            return Candidate(offer.name, offer, title, called(case.place), shape)
        return self._target(offer, of, is_advised=is_advised)

    def _target(self, offer: Offer, case: Case | None, *, is_advised: bool) -> Candidate:
        """Returns a body or a crew with what it is doing and its way, or what else is offered."""
        record = self.board.find(offer.kind, offer.id)
        told = Told() if record is None else self.facts.told(record, case)
        note = " · ".join(filter(None, (say("首选") if is_advised else "", told.doing)))
        status = getattr(record, "status", "")
        shape = f"crew.{status}" if status else ""
        return Candidate(names.name(self.board, offer.kind, offer.id), offer, note, told.where, shape)


def unknown_words(line: CommandLine) -> str:
    """Returns that a word of the line names nothing."""
    if line.verb is None:
        return say("没有叫“{word}”的动作，输入 ? 看全部", word=line.unknown)
    if line.missing is LinePart.CASE and line.verb.on_ended:
        return say("本机没有以 {word} 结尾的已结案件，先用 Ctrl F 查到并选中", word=line.unknown)
    if line.missing is LinePart.CASE:
        return say("没有以 {word} 结尾的在办案件", word=line.unknown)
    return say("找不到“{word}”，可用名称、拼音或首字母", word=line.unknown)


def lacking_words(line: CommandLine) -> str:
    """Returns the question for the part that is missing."""
    if line.missing is LinePart.CASE:
        return say("哪一件？输入编号末位")
    if line.missing is LinePart.MOMENT:
        return say("什么时候？如 15:00、明天 9:00、30分")
    if line.missing is LinePart.TEXT or line.verb is None:
        return say("说明什么？接着输入")
    is_giving = may_act(line.verb.target_kind)
    return say("给谁？输入名称、拼音或首字母") if is_giving else say("选哪一个？输入名称、拼音或首字母")


def head_words(line: CommandLine) -> str:
    """Returns the heading of the rows; "" without any."""
    if line.verb is None or not line.offers:
        return ""
    if line.offers[0].part is LinePart.TARGET:
        kind = KINDS.get(line.verb.target_kind)
        if line.verb.is_of_district:
            return say("区级部门优先")
        return say("按案件所在街镇优先") if kind is not None and kind.street else say("可以选的")
    return say("已结案件") if line.verb.on_ended else say("在办案件")
