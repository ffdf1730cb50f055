"""The texts of the intake form's time limit and findings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.deadlines import moments
from commandcenter.domain.kinds import Check, Kind
from commandcenter.domain.lights import Light, light
from commandcenter.domain.people import Holder
from ui.intake.duplicates import LikelyDuplicate
from ui.intake.findings import Card, PastCase
from ui.kit import records
from ui.kit.labels.facts import Fact
from ui.kit.labels.spans import TextSpan
from ui.kit.texts import names
from ui.kit.texts.district_time import brief_moment, day, moment
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import limit_words, tail
from ui.kit.texts.words import say, word

if TYPE_CHECKING:
    from commandcenter.store.board import Board

PHONES = 3


def limit_spans(board: Board, kind: Kind | None, now: datetime) -> tuple[TextSpan, ...]:
    """Returns the limit as "4 工作时 → **11-25 10:42**  此刻立案；免核", or what is missing to know it."""
    calendar = board.cases.calendar
    if kind is None:
        return (TextSpan(say("选了小类就知道"), tone="tx3"),)
    if calendar is None:
        return (TextSpan(say("还没有工作日历"), tone="tx3"),)
    due, _ = moments(now, kind.limit, calendar)
    limit = f"{limit_words(kind.limit)} → "
    until = moment(board, due, now)
    after = say("此刻立案") if kind.check is Check.NONE else say("此刻立案；{check}", check=word("check", kind.check))
    return (TextSpan(limit), TextSpan(until, bold=True), TextSpan(f"   {after}", tone="tx3"))


def questions(kind: Kind | None) -> tuple[str, ...]:
    """Returns what to ask about a case of `kind`: its own questions, and what its limit and its check need to know.

    A kind without questions of its own is asked since when it is so.
    """
    if kind is None:
        return ()
    urgent = (say("现在有没有人受伤、受困，有没有电、气、火"),) if kind.limit.is_urgent else ()
    checked = {
        Check.SITE: say("确切位置：门牌、哪一侧、怎么认"),
        Check.CALLBACK: say("办完回访打哪个电话、什么时候方便"),
        Check.DOCUMENT: say("手里有哪些材料，怎么给"),
    }
    own = tuple(map(called, kind.questions)) or (say("从什么时候开始的，是不是一直这样"),)
    return tuple(filter(None, (*urgent, *own, checked.get(kind.check, ""))))


def duty_phones(board: Board, kind: Kind | None, street: str) -> tuple[Fact, ...]:
    """Returns the duty telephones of at most PHONES bodies with a power of `kind`: of the street, then of the district.

    Those whose power suits the kind best come first.
    """
    powers = kind.powers if kind is not None and street else ()
    able = [one for one in records.current(board, Holder) if one.power in powers and one.street in (street, None)]
    able.sort(key=lambda one: (one.street is None, powers.index(one.power or ""), one.id))
    known = (one for one in able if one.phone)
    return tuple(Fact(names.holder_name(board, one.id, short=True), called(one.phone)) for one in known)[:PHONES]


def card(board: Board, found: LikelyDuplicate, now: datetime) -> Card:
    """Returns a possible duplicate as text, with what the two have in common."""
    case = found.case
    away = say("，相距 {away}", away=f"{round(found.metres)}\u00a0m") if found.metres is not None else ""
    taken = say("{at} 受理，{stage}", at=brief_moment(board, case.received_at, now), stage=word("stage", case.stage))
    if case.responsible:
        taken += f" · {names.holder_name(board, case.responsible, short=True)}"
    reasons = [say("同小类") if found.same_kind else say("小类相近"), say("同地址") if found.same_place else ""]
    lines = (f"{called(case.place)}{away}", taken, say("、").join(filter(None, reasons)))
    title = names.heading(board, case)
    return Card(case.id, tail(case), _light(case, now), title, f"{found.score:.2f}", tuple(filter(None, lines)))


def row(board: Board, case: Case, now: datetime) -> PastCase:
    """Returns a case at this place as one line."""
    tone = "ok" if case.stage is Stage.CLOSED else "bad" if light(case, now) is Light.OVERDUE else "tx2"
    state = word("stage", case.stage, short=True)
    when = day(board, case.received_at, now)
    return PastCase(case.id, when, names.title(board, case), state, tone)


def _light(case: Case, now: datetime) -> str:
    return str(light(case, now))
