"""The right of the inbox 需处理: history, the record as it is now, acts waiting behind, and the delivery states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Fact as Happened
from commandcenter.domain.records import KIND_OF, Record
from commandcenter.sync.versions import Reason, Versions
from ui.inbox.words import Wording, kind_words
from ui.kit.case_parts.case_lines import place_line
from ui.kit.case_parts.timeline import Timeline, TimelineEntry, TimelineModel
from ui.kit.labels.facts import Fact, Facts
from ui.kit.labels.label import Label, line
from ui.kit.layouts import laid_out, vbox
from ui.kit.panels.headers import DockHeader
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, term
from ui.theme import filled
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.outages import Outage

DELIVERY_LEGEND = {
    "kept": phrase("写进本机，断电不丢"),
    "sent": phrase("平台收到，还没有生效"),
    "done": phrase("平台认可，大家都能看到"),
    "needs_you": phrase("平台不能替你决定"),
}
MOST = 120  # characters of the petition's text
PAD = MEASURES.dock_padding


class InboxSide(QWidget):
    """The side panel of the act shown."""

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._case: Case | None = None
        self.model = TimelineModel(parent=self)
        self._timeline = Timeline(self.model)
        self.note = Label(level="label", wrap=True)
        self._kind = Label(level="label")
        self.now = Facts(label_width=48)
        self.behind = Label(wrap=True, tone="tx2")
        self._four = Facts(label_width=72)
        self._lay()

    def show_versions(
        self, seen: Versions, outages: Sequence[Outage], *, told: Sequence[Happened], light: Words
    ) -> None:
        """Shows how an act came to wait; `told` is the compared case's history, `light` its time left as text."""
        earlier = told[: len(told) - len(seen.since)] if told else ()
        wording = self._wording
        self.model.show_entries(
            timeline_entries(seen, outages, wording, earlier), zone=wording.zone, today=wording.today
        )
        self._case = seen.theirs if isinstance(seen.theirs, Case) else None
        self._kind.set_words(phrase("{kind}现在", kind=kind_words(seen)))
        self.now.show_facts(self._record_now(seen.theirs) if self._case is None else self._case_now(self._case, light))
        self._waiting.setVisible(bool(seen.behind))
        self.behind.set_words("\n".join(str(term("command", act.name)) for act in seen.behind))

    def show_time_left(self, light: Words) -> None:
        """Updates the time left; called each second."""
        if self._case is not None:
            self.now.show_facts(self._case_now(self._case, light))

    def lines(self) -> list[str]:
        """Returns the timeline entries as shown, newest first."""
        return [str(self.model.index(row).data()) for row in range(self.model.rowCount())]

    def _record_now(self, record: Record | None) -> list[Fact]:
        if record is None:
            return [Fact(phrase("现在"), phrase("不在本席范围"), tone="tx2")]
        value, shown = self._wording.value, KIND_OF[type(record)].shown
        return [Fact(term("record", name), value(name, getattr(record, name))) for name in shown]

    def _case_now(self, case: Case, light: Words) -> list[Fact]:
        value = self._wording.value
        return [
            Fact(phrase("时限"), light, strong=True),
            Fact(phrase("环节"), value("stage", case.stage)),
            Fact(phrase("承办"), self._holder(case)),
            place_line(case),
            Fact(phrase("街镇"), names.name(self._wording.board, "street", case.street), tone="tx2"),
            Fact(phrase("诉求"), _short(names.petition(case)), tone="tx2"),
        ]

    def _holder(self, case: Case) -> Words:
        """Returns the holder with the duty telephone, because a call settles most conflicts."""
        if not case.responsible:
            return self._wording.value("responsible", None)
        return names.holder_with_phone(self._wording.board, case.responsible, short=True)

    def _lay(self) -> None:
        filled(self, surface="bg1")
        self._timeline.setMinimumHeight(110)
        course = vbox(None, self.note, (self._timeline, 1), margins=(PAD, 8, PAD, 8), spacing=-1)
        self._waiting = _part(Label(phrase("排在后面"), level="label"), self.behind)
        legend = _part(Label(phrase("四个词"), level="label"), self._four)
        vbox(self, DockHeader(phrase("怎么发生的")), (course, 1), self._waiting, _part(self._kind, self.now), legend)
        self.note.hide()
        self._four.show_facts([Fact(term("delivery", key), said, tone="tx2") for key, said in DELIVERY_LEGEND.items()])


def _short(said: Words) -> Words:
    return said if not isinstance(said, str) or len(said) <= MOST else f"{said[:MOST]}…"


def _part(title: QWidget, body: QWidget) -> QWidget:
    """Stacks a hairline, a title and its body."""
    return laid_out(vbox(None, line(), vbox(None, title, body, margins=(PAD, 10, PAD, 12), spacing=6)))


def timeline_entries(
    seen: Versions, outages: Sequence[Outage], wording: Wording, earlier: Sequence[Happened] = ()
) -> list[TimelineEntry]:
    """Returns the timeline, oldest first: `earlier`, then others' facts, the act's own steps and the outages."""
    act = seen.act
    who, is_other = names.account_name(wording.board, act.user), seen.reason is Reason.OTHER_USER
    found = [TimelineEntry(fact.at, wording.fact(fact), wording.who(fact), "warng") for fact in seen.since]
    if act.made_at is not None:
        found.append(TimelineEntry(act.made_at, wording.act(act), who if is_other else "", "ac", "kept"))
    if seen.sent_at is not None:
        found.append(TimelineEntry(seen.sent_at, phrase("平台答复"), "", "viog", "needs_you"))
    moments = [entry.at for entry in found]
    if moments:
        found += _cuts(outages, min(moments), max(moments))
    before = [TimelineEntry(fact.at, wording.fact(fact), wording.who(fact), "tx3") for fact in earlier]
    return [*before, *sorted(found, key=lambda entry: entry.at)]


def _cuts(outages: Sequence[Outage], first: datetime, last: datetime) -> list[TimelineEntry]:
    found = []
    for cut in outages:
        if cut.since <= last and (cut.until is None or cut.until >= first):
            found.append(TimelineEntry(cut.since, phrase("本机断开"), "", "warng"))
            if cut.until is not None:
                found.append(TimelineEntry(cut.until, phrase("重新连上"), "", "okg"))
    return found
