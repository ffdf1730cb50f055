"""The texts of the inbox 需处理: why an act waits, a field's value, and who changed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from commandcenter.domain.calendar import Hours
from commandcenter.domain.cases import Application
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Fact
from commandcenter.domain.kinds import Limit
from commandcenter.domain.records import KINDS, Record, Ref
from commandcenter.domain.rosters import Shift
from commandcenter.domain.tasks import CaseTask, Objection, TaskKind, TaskState
from commandcenter.domain.teams import Assignment, Loan
from commandcenter.store.overlay import Act
from commandcenter.sync.versions import WITHHELD, FieldState, Reason, Versions
from ui.kit.texts import district_time, names, times
from ui.kit.texts.faults import Why
from ui.kit.texts.numbers import limit_words
from ui.kit.texts.words import Words, phrase, say, term

if TYPE_CHECKING:
    from commandcenter.store.board import Board

_TERMS = frozenset({"stage", "tier", "status", "group", "check", "relation"})  # fields with a table of terms
_TERMS_OF = {Objection: "objection", TaskKind: "task_kind", TaskState: "task"}  # by type, whatever the field
_DECLARED = {name: kind for one in KINDS.values() for name, kind in one.names.items()}
_NAMED = _DECLARED | {"merged_into": "case", "power": "power", "powers": "power"}  # by field: whose id it is
Tell = Callable[["Board", Fact], Words]
MARK_TONES = {
    FieldState.CLASH: "vio",
    FieldState.SAME: "ok",
    FieldState.THEIRS: "warn",
    FieldState.MINE: "ac",
    FieldState.UNTOUCHED: "tx3",
}


class Wording:
    """Texts over one board; `tell` returns a fact as text, as in the timelines, `now` the platform's time."""

    def __init__(self, board: Board, tell: Tell, now: Callable[[], datetime]) -> None:
        self.board = board
        self._tell = tell
        self._now = now

    @property
    def zone(self) -> tzinfo:
        """The district's time zone."""
        return names.zone(self.board)

    @property
    def today(self) -> date:
        """Today's date in the district."""
        return district_time.today(self.board, self._now())

    def clock(self, at: datetime | None) -> str:
        """Returns a time of today as "14:03:08", of another day with its date and without seconds; "—" for None."""
        if at is None:
            return times.UNKNOWN
        day = district_time.other_day(self.board, at, self._now())
        return day + district_time.clock(self.board, at, seconds=not day)

    def fact(self, fact: Fact) -> Words:
        """Returns a fact as text, as in a timeline."""
        return self._tell(self.board, fact)

    def who(self, fact: Fact) -> str:
        """Returns who caused the fact."""
        return names.actor_name(self.board, fact)

    def owner(self, act: Act) -> str:
        """Returns the name of the user who first gave the act, before any adoption."""
        return names.account_name(self.board, act.on_behalf_of or act.user)

    def did(self, fact: Fact) -> Words:
        """Returns who did what and when: 芜湖路 派遣员 14:03:10 已派遣至…"""
        return phrase("{who} {at} 已{what}", who=self.who(fact), at=self.clock(fact.at), what=self.fact(fact))

    def record(self, ref: Ref, known: Record | None = None) -> Words:
        """Returns a record's heading, from `known` or the board; without a record, that it is out of scope."""
        record = known or self.board.find(*ref) or self.board.confirmed(*ref)
        if record is not None:
            return names.heading(self.board, record)
        return phrase("不在本席范围的{kind}", kind=term("record_kind", ref[0]))

    def act(self, act: Act) -> Words:
        """Returns the last fact of the act as in a timeline; without facts, the command's name (and whom it chose)."""
        if act.facts:
            return self.fact(act.facts[-1])
        what, to = term("command", act.name), names.chosen(self.board, act.command)
        return phrase("{what} → {to}", what=what, to=to) if to else what

    def value(self, name: str, value: Any) -> Words:
        """Returns the value of a record's field as text; missing and withheld values are stated as such."""
        if value is WITHHELD:
            return phrase("保密，内容不显示")
        if value is None or value in ("", ()):
            return phrase("没有") if name in ("responsible", "application", "due") else times.UNKNOWN
        table = name if name in _TERMS else _TERMS_OF.get(type(value))
        return term(table, value) if table is not None else self._told(name, value)

    def _told(self, name: str, value: Any) -> Words:
        match value:
            case Application():
                return phrase("申请退回：{reason}", reason=value.reason)
            case datetime():
                return self.clock(value)
            case Assignment():
                case = names.short_name(self.board, "case", value.case)
                return phrase("{case} {state}", case=case, state=term("assignment", value.state))
            case Loan():
                return phrase(
                    "{street}，已同意 {n}/2", street=names.name(self.board, "street", value.street), n=len(value.agreed)
                )
            case CaseTask():
                who = names.holder_name(self.board, value.holder, short=True)
                return phrase("{who} {state}", who=who, state=term("task", value.state))
            case bool():
                return phrase("是") if value else phrase("否")
            case Limit():
                return limit_words(value)
            case float():  # seconds
                return times.span(value)
            case Hours():
                return times.working_hours(value)
            case (Shift(), *_):
                ends = (self.clock(value[0].starts), self.clock(value[-1].ends))
                return phrase("{n} 班，{since} 至 {until}", n=len(value), since=ends[0], until=ends[1])
            case tuple():
                return say("、").join(str(self._told(name, one)) for one in value)
        said = phrase("{n} 次", n=value) if name == "returns" else None
        return said or names.short_name(self.board, _NAMED.get(name, name), str(value))

    def headline(self, seen: Versions) -> Words:
        """Returns the main sentence on an act: what stands against it."""
        if seen.reason is Reason.CONFLICT:
            return self._clash(seen)
        if seen.reason is Reason.HELD:
            return self._held(seen)
        if seen.reason is Reason.OLD:
            return phrase("存得太久，发送前先问你")
        if seen.reason is Reason.GIVEN_BACK:
            return phrase("代办没有成，退回给你决定")
        if seen.reason is Reason.PARKED:
            return phrase("平台一再没有办成：{why}", why=Why(seen.act.about or ""))
        if seen.reason is Reason.OTHER_USER:
            who = names.account_name(self.board, seen.act.user)
            if seen.sent_at is not None:
                return phrase("{who}的操作，等本人决定", who=who)
            return phrase("{who}留在本机的操作，还没有送出", who=who)
        return phrase("没有接受：{why}", why=why(seen.act.code))

    def explained(self, seen: Versions) -> Words:
        """Returns the sentence below the headline: who did what, or the present state."""
        if seen.theirs is None and seen.reason is not Reason.OTHER_USER:
            return phrase("{kind}已不在本席范围；你的这一步没有丢，也没有送成。", kind=kind_words(seen))
        if seen.reason in (Reason.CONFLICT, Reason.REFUSED) and seen.decisive is not None:
            return phrase("{did}。你的这一步没有丢，也没有覆盖谁。", did=self.did(seen.decisive))
        if seen.reason is Reason.OTHER_USER and seen.sent_at is not None:
            return phrase("平台已经答复：{why}。本人在这里登录后决定。", why=why(seen.act.code))
        return {
            Reason.PARKED: phrase("其余照送；这一步存在本机，隔一阵再送。可以放弃；想再做一次，先向平台问清。"),
            Reason.OLD: phrase("{kind}可能已经变了，请看一眼再决定。", kind=kind_words(seen)),
            Reason.HELD: phrase("先处理前一步，它随后按序送出或再来问你。"),
            Reason.OTHER_USER: self._others(seen),
        }.get(seen.reason, phrase("你的这一步没有丢，也没有覆盖谁。"))

    def _others(self, seen: Versions) -> Words:
        if isinstance(seen.adopt, Refused):
            return phrase("操作只以本人的名义送出；本人在这里登录后自动送达。")
        return phrase("本人在这里登录后自动送达；等不了，值班长可以代办。")

    def _clash(self, seen: Versions) -> Words:
        clashing, record = seen.clashing, self.record(seen.act.compared, seen.theirs or seen.before)
        if seen.is_done_already:
            return phrase("同样的一步，别人的先到平台")
        if not clashing:
            return phrase("别人先动了：{record}", record=record)
        said = phrase("{n} 个字段相撞：{fields}", n=len(clashing), fields=listed([f.name for f in clashing]))
        return said if seen.act.compared == seen.act.ref else phrase("{what}：{note}", what=record, note=said)

    def _held(self, seen: Versions) -> Words:
        if seen.blocker is None:
            return phrase("前一步没有成，等你决定")
        return phrase("排在前一步之后：{what}", what=term("command", seen.blocker.name))


def kind_words(seen: Versions) -> Words:
    """Returns what the compared record is: 案件, 队组 …"""
    return term("record_kind", seen.act.compared[0])


def listed(fields: Sequence[str]) -> Words:
    """Returns the names of the fields as a list in one text."""
    return _Listed(tuple(fields))


class _Listed:
    """Field names, translated each time they are shown."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self._fields = fields

    def __str__(self) -> str:
        return say("、").join(str(term("record", name)) for name in self._fields)


def why(code: str | None) -> Words:
    """Returns a refusal's reason as text; a case that the user once saw is out of scope, not unknown."""
    return phrase("案件已不在本席范围") if code == "unknown_case" else term("refusal", code or "unknown")


def reason_key(act: Act, user: str) -> str:
    """Returns the key in the term table "waits" for why an act waits, worked out from the act alone."""
    if act.is_dropped:
        return "replaced" if act.code == "replaced" else "dropped"
    if act.user != user:
        return Reason.OTHER_USER
    if act.state == "conflict":
        return Reason.CONFLICT
    return str(act.code) if act.code in ("held", "old", "given_back", "parked") else Reason.REFUSED
