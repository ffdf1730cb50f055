"""Own acts with the four words; one that needs the person leads to its room; the facts for the telephone."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget

from commandcenter.cache.mirror import MirrorPosition
from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Stage
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.outages import Outage
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak
from ui.status import columns
from ui.status.acts import OwnActs
from ui.status.model import ActsModel
from ui.status.outages import OutageList, OutageModel, OutagePainter
from ui.status.panel import ConnectionPanel
from ui.status.watch import StatusWatch
from ui.theme import MEASURES, paint
from ui.workspaces.dispatch.lower_panels import LowerPanels


@pytest.fixture
async def act(desk: FakeDesk) -> Act:
    kept = await desk.do(wish.Dispatch(hall.case(421).id, to="s03-urban"))
    assert isinstance(kept, Act)
    return kept


@pytest.fixture
def own(desk: FakeDesk, follow: Follow, watch: StatusWatch, qtbot: Any) -> OwnActs:
    made = OwnActs(desk, follow, watch)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(800, 240)
    made.show()
    return made


def rows(own: OwnActs) -> list[str]:
    return [own.model.index(row).data() for row in range(own.model.rowCount())]


async def test_an_act_is_told_with_its_case_and_what_comes_next(act: Act, own: OwnActs) -> None:
    assert rows(own) == ["派遣  00421  道路积水  → 望湖·城管 正在送出"]


async def test_it_comes_further_in_place(act: Act, desk: FakeDesk, own: OwnActs) -> None:
    tester = QAbstractItemModelTester(own.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    desk.acts.put(replace(act, delivery=Delivery.SENT))
    own.refresh()
    assert "平台已收" in rows(own)[0]
    desk.acts.end([replace(act, delivery=Delivery.DONE)])
    own.refresh()
    assert rows(own) == ["派遣  00421  道路积水  → 望湖·城管"]
    del tester


async def test_the_tab_counts_what_is_listed_below_it(
    act: Act, desk: FakeDesk, follow: Follow, watch: StatusWatch, own: OwnActs
) -> None:
    desk.acts.end([replace(act, delivery=Delivery.DONE)])
    await desk.do(wish.Dispatch(next(c.id for c in desk.board.all("case") if c.stage is Stage.FILED), to="s03-urban"))
    own.refresh()
    seat = SimpleNamespace(desk=desk, follow=follow, watch=watch, focus=Focus())
    lower = LowerPanels(None, seat, connection_panel=QWidget, open_inbox=str)  # type: ignore[arg-type]
    assert lower.bar.tabText(0) == f"我的操作 {len(rows(own))}" == "我的操作 2"
    lower.close_following()


async def test_what_another_person_did_here_is_none_of_ones_own_acts(act: Act, desk: FakeDesk, own: OwnActs) -> None:
    desk.acts.end([replace(act, delivery=Delivery.DONE)])
    desk.person = replace(desk.person, user="d08")
    own.refresh()
    assert rows(own) == []
    desk.acts.put(replace(act, cmd_id="unsent"))
    own.refresh()
    assert len(rows(own)) == 1  # what this console still has to send is told to whoever sits here


async def test_one_that_was_dropped_has_had_no_effect_and_never_says_so(act: Act, desk: FakeDesk, own: OwnActs) -> None:
    desk.acts.end([replace(act, delivery=Delivery.DONE, state="dropped")])
    own.refresh()
    assert rows(own) == ["派遣  00421  道路积水  → 望湖·城管 没有送出，留在记录里"]
    assert columns.delivery_term(own.model.at(0)) == ("light.none", "waits", "dropped")  # type: ignore[arg-type]
    for code, said in (
        ("changed", "平台没有采用"),  # the platform's answer, which its person then dropped
        ("old", "没有送出，留在记录里"),
        ("parked", "没有生效，留在记录里"),  # it was sent, and nobody answered
    ):
        desk.acts.end([replace(act, delivery=Delivery.DONE, state="dropped", code=code)])
        own.refresh()
        assert rows(own) == [f"派遣  00421  道路积水  → 望湖·城管 {said}"]


async def test_a_kept_act_is_never_without_its_reason(act: Act, desk: FakeDesk) -> None:
    for code, about, said in (
        ("other_user", "王敏", "王敏登录后送出"),
        ("behind_other", "王敏", "排在王敏的操作之后"),
        ("disk_full", None, "磁盘已满"),
    ):
        assert columns.remark(desk.board, replace(act, code=code, about=about)) == said


REASONS = (
    *("unreachable", "timed_out", "bad_gateway", "certificate", "not_a_platform", "newer_protocol", "wrong_platform"),
    *("garbled", "unreadable", "platform_error", "busy", "declined", "no_role", "signed_out", "wrong_epoch", "gone"),
    *("too_large", "too_slow", "empty_answer", "retry", "parked", "unanswered", "queue", "behind", "behind_stuck"),
    *("behind_other", "other_user", "other_district", "asked_first", "connecting", "closed", "bye", "gap", "doubt"),
    *("scope", "digest", "internal", "disk", "file", "unseated", "world", "behind_unanswered"),
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", REASONS)
async def test_every_reason_why_an_act_has_not_left_is_said_in_words(
    act: Act, desk: FakeDesk, code: str, language: str
) -> None:
    speak(language)
    said = columns.remark(desk.board, replace(act, code=code, about="internal"))
    assert said
    assert not any(vague in said for vague in ("{", "没有收下", "did not take", "正在送出", "On its way"))
    assert any("\u4e00" <= sign <= "\u9fff" for sign in said) is (language == "zh")


async def test_a_reason_that_only_the_platform_has_a_word_for_is_said_as_its_own(act: Act, desk: FakeDesk) -> None:
    assert columns.remark(desk.board, replace(act, code="of_tomorrow")) == "平台没有收下（of_tomorrow）"
    parked = replace(act, code="parked", about="dep_unknown")
    assert columns.remark(desk.board, parked) == "平台没办成这一步（平台还没有前一步），隔一阵再送"
    parked = replace(act, code="parked", about="platform_error")
    assert columns.remark(desk.board, parked) == "平台没办成这一步（平台出错），隔一阵再送"


async def test_an_act_without_a_way_to_the_platform_does_not_say_that_another_comes_first(
    act: Act, desk: FakeDesk
) -> None:
    cut_off = replace(act, code="behind", about="behind for two heartbeats")
    assert columns.remark(desk.board, cut_off) == "消息没有全到"
    assert columns.remark(desk.board, replace(act, code="behind_unanswered")) == "排在前一步之后"


async def test_a_parked_act_leads_to_where_it_can_be_dropped(
    act: Act, desk: FakeDesk, own: OwnActs, qtbot: Any
) -> None:
    desk.acts.put(replace(act, code="parked", about="internal"))
    own.refresh()
    own.choose(0)
    assert not own.decide.isHidden()
    with qtbot.waitSignal(own.asked) as asked:
        own.decide.click()
    assert asked.args == [act.cmd_id]


async def test_only_an_act_that_needs_the_person_leads_to_where_it_is_decided(
    act: Act, desk: FakeDesk, own: OwnActs, qtbot: Any
) -> None:
    own.choose(0)
    assert own.decide.isHidden()
    desk.acts.put(replace(act, delivery=Delivery.NEEDS_YOU, code="changed"))
    own.refresh()
    own.choose(0)
    assert not own.decide.isHidden()
    with qtbot.waitSignal(own.asked) as asked:
        own.decide.click()
    assert asked.args == [act.cmd_id]


async def test_enter_asks_for_the_case(act: Act, own: OwnActs, qtbot: Any) -> None:
    own.choose(0)
    with qtbot.waitSignal(own.wanted) as wanted:
        own.case.click()
    assert wanted.args == [hall.case(421).id]


def test_nothing_done_yet_is_said(own: OwnActs) -> None:
    assert own.empty.isVisible()


async def test_the_model_is_sound_while_acts_come_and_go(act: Act, desk: FakeDesk, qtbot: Any) -> None:
    model = ActsModel(desk)  # type: ignore[arg-type]
    heard: list[int] = []
    model.rowsInserted.connect(lambda *_: heard.append(model.rowCount()))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() == 1
    desk.board.apply([hall.case(422)])
    assert isinstance(await desk.do(wish.Dispatch(hall.case(422).id, to="s03-police")), Act)
    model.refresh()
    assert (model.rowCount(), heard) == (2, [2])


def test_what_is_going_on_can_be_read_out_and_names_nobody(
    desk: FakeDesk, follow: Follow, watch: StatusWatch, qtbot: Any
) -> None:
    desk.connection.heard(round_trip=0.02, skew=0.4)
    desk.connection.at(88_212, 88_214)
    desk.connection.note("unreachable")
    desk.position.at = MirrorPosition("d07", "baohe", "c2VhbC1rZXk=", 3, 1, 88_212)
    desk.unsent = {"d07": 2, "王敏": 3}
    since = desk.now() - timedelta(minutes=9)
    desk.outages.history = (Outage(since, "unreachable", since + timedelta(seconds=359), 5, since, 1),)
    going = ConnectionPanel(desk, follow, watch, address=lambda: "http://hall:8765", fault=lambda: "E-7F21")  # type: ignore[arg-type]
    qtbot.addWidget(going)
    for part in ("d07 2，王敏 3", "2 条，到第 88,212 号", "第 3 期 · c2VhbC1r"):
        assert part in going.text()
    going.copy.click()
    told = QApplication.clipboard().text()
    for part in (
        "1. 连接：已连接",
        "http://hall:8765",
        "15:42:08",
        "本人 2 条，他人 3 条",
        "本机 +0.4 秒",
        "没有应答 E-7F21",
    ):
        assert part in told
    assert "5 分 59 秒，没有应答，存了 5 条" in told
    assert "王敏" not in told
    assert "d07" not in told


@pytest.mark.parametrize(("language", "needs"), [("zh", "1 条需处理"), ("en", "1 needs a person")])
def test_in_a_narrow_history_of_outages_the_time_gives_way_to_the_number_of_those_that_wait(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, language: str, needs: str
) -> None:
    speak(language)
    since = desk.now() - timedelta(seconds=90)
    settled = since + timedelta(seconds=20)
    outage = Outage(since, "timed_out", since + timedelta(seconds=14), 2, settled, 1)
    model = OutageModel(desk)  # type: ignore[arg-type]
    monkeypatch.setattr(desk.outages, "history", (outage,))
    model.refresh()
    written: list[str] = []
    monkeypatch.setattr(paint, "words", lambda _painter, _box, said, **_: written.append(said))
    for width, is_whole in ((236, False), (600, True)):  # pixels: of a window of 1366, and of a wide one
        option, canvas = QStyleOptionViewItem(), QPixmap(width, 43)
        option.rect = canvas.rect()  # type: ignore[attr-defined]
        painter = QPainter(canvas)
        OutagePainter(desk, model).paint(painter, option, model.index(0))  # type: ignore[arg-type]
        painter.end()
        assert needs in written[-1]
        assert ("15:40:58" in written[-1]) is is_whole
        assert paint.text_width(written[-1], MEASURES.label) <= width - 2 * MEASURES.dock_padding


def test_the_history_of_outages_says_what_became_of_what_was_done_meanwhile(desk: FakeDesk, qtbot: Any) -> None:
    shown = OutageList(desk)  # type: ignore[arg-type]
    qtbot.addWidget(shown)
    assert not shown.empty.isHidden()
    since, until = desk.now() - timedelta(days=1), desk.now() - timedelta(days=1, seconds=-75)
    first = Outage(since, "unreachable", until, 2, until)
    desk.outages.history = (first, Outage(desk.now() - timedelta(seconds=30), "disk_full", kept=1))
    shown.refresh()
    rows = [shown.model.index(row).data() for row in range(shown.model.rowCount())]
    assert rows == [
        "15:41:38 – 还没有恢复  30 秒  磁盘已满  已存 1 条",
        "11-23 15:42:08 – 15:43:23  1 分 15 秒  没有应答  存了 2 条，15:43:23 全部生效",
    ]
    assert shown.empty.isHidden()
    QAbstractItemModelTester(shown.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
