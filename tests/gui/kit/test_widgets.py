"""The small parts: they show data as it is, say why they are off, and can be used by keyboard."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.kit.legible import Drawing
from ui.kit.case_parts.timeline import TimelineEntry, TimelineModel
from ui.kit.controls.buttons import IconButton, KeyButton, NextStep
from ui.kit.controls.switches import CountTabs, Segments, Switch
from ui.kit.feedback.states import Banner, StateCard
from ui.kit.feedback.toasts import Toasts
from ui.kit.forms.form import Form
from ui.kit.labels.chips import FilterChip
from ui.kit.labels.facts import Fact, Facts
from ui.kit.labels.label import Label
from ui.kit.labels.spans import TextSpan, TextSpans
from ui.kit.panels.tabs import Tabs
from ui.kit.search.candidates import Candidate, CandidateModel
from ui.kit.search.search_list import SearchList
from ui.kit.tables.rows import ROW_ROLE
from ui.kit.texts.words import phrase
from ui.theme import apply_theme

MARKUP = "<b>假</b><img src='x'>&amp;"
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")


def test_markup_in_a_case_is_shown_and_not_obeyed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    facts, card, banner = Facts(), StateCard(), Banner(parent=window)
    facts.setParent(window)
    card.setParent(window)
    facts.show_facts([Fact("诉求", MARKUP)])
    card.tell("error", MARKUP, MARKUP)
    banner.tell(MARKUP, MARKUP, note=MARKUP)
    Toasts(window).tell(MARKUP)
    Label(MARKUP, parent=window)
    texts = [label for label in window.findChildren(QLabel) if label.text()]
    assert len([label for label in texts if label.text() == MARKUP]) == 8
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in texts)


def test_what_nobody_would_see_in_a_text_stands_as_a_sign(qtbot: QtBot) -> None:
    label, facts, spans = Label("抢修\u202e队\x00"), Facts(), TextSpans()
    for widget in (label, facts, spans):
        qtbot.addWidget(widget)
    facts.show_facts([Fact("诉求", "一\u200b二")])
    spans.show_spans([TextSpan("\u2066隔")])
    assert label.text() == "抢修⟨U+202E⟩队␀"
    assert ("诉求", "一⟨U+200B⟩二") in facts.texts()
    assert spans.text() == "⟨U+2066⟩隔"


def test_markup_in_a_tooltip_and_an_ampersand_on_a_button(qtbot: QtBot) -> None:
    tool, button = IconButton("x", MARKUP), KeyButton("A&B")
    qtbot.addWidget(tool)
    qtbot.addWidget(button)
    assert "&lt;b&gt;" in tool.toolTip()
    assert button.text() == "A&&B"
    assert button.accessibleName() == "A&B"


def test_a_button_that_is_off_says_why(qtbot: QtBot) -> None:
    button = KeyButton("结案", key="J")
    qtbot.addWidget(button)
    button.disable("须先反馈")
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription() == "须先反馈"
    button.allow()
    assert button.isEnabled()
    assert button.toolTip() == ""


def test_a_button_too_narrow_for_its_words_shows_its_key_whole(qtbot: QtBot) -> None:
    button = KeyButton("Unlicensed stall", key="2", role="option")
    qtbot.addWidget(button)
    button.resize(button.sizeHint().width() - 20, button.sizeHint().height())
    seen, middle = button.grab().toImage(), button.height() // 2
    assert len({seen.pixel(x, middle) for x in (2, *range(seen.width() - 4, seen.width() - 1))}) == 1


def test_a_live_key_works_and_survives_a_change_of_words(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = KeyButton("改派", key="1", live=True, parent=window)
    button.set_words("改派三队")
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(window, Qt.Key.Key_1)


def test_steps_of_a_card_replace_each_other(qtbot: QtBot) -> None:
    card, done = StateCard(), []
    qtbot.addWidget(card)
    card.tell(
        "empty",
        "没有案件",
        steps=[NextStep("清除筛选", lambda: done.append("clear")), NextStep("改筛选", lambda: None)],
    )
    card.tell("error", "没有派出", steps=[NextStep("看推荐", lambda: done.append("advice"), "R", "primary")])
    qtbot.waitUntil(lambda: len(card.findChildren(KeyButton)) == 1)
    card.findChild(KeyButton).click()
    assert done == ["advice"]
    assert card.accessibleName().startswith("没有派出")


def test_never_more_than_three_tellings_and_an_undo_that_ends_its_own(qtbot: QtBot) -> None:
    window, undone = QWidget(), []
    qtbot.addWidget(window)
    window.resize(900, 600)
    toasts = Toasts(window)
    for number in range(4):
        toasts.tell(f"第 {number} 条", tone="warn")
    assert [toast.accessibleName() for toast in toasts.shown()] == ["第 1 条", "第 2 条", "第 3 条"]
    last = toasts.tell("已催办", step=NextStep("撤销", lambda: undone.append(1), "Ctrl+Z"), seconds=10)
    button = last.findChild(KeyButton)
    assert button.text() == "撤销"
    button.click()
    assert undone == [1]
    assert last not in toasts.shown()
    assert [toast.isHidden() for toast in toasts.shown()] == [True, False]  # one at a time, the newest in front
    assert toasts.geometry().right() <= 900 - 16


def test_a_long_telling_shows_all_of_its_words(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    toasts = Toasts(window)
    short = toasts.tell("已催办")
    step = NextStep("换人登录", lambda: None, "Ctrl Shift U")
    long = toasts.tell("受理登记由受理员或网格长来做，你现在是派遣员" * 2, step=step)
    text = long.findChild(Label)
    assert long.height() > short.height()
    assert text.height() >= text.heightForWidth(text.width())
    assert toasts.geometry().bottom() < 600


def test_form_tells_what_is_blank_beneath_the_field(qtbot: QtBot) -> None:
    form, name, text = Form(), QLineEdit(), QPlainTextEdit()
    qtbot.addWidget(form)
    form.add("name", "称呼", name, hint="如何称呼")
    form.add("text", "诉求", text, required=True)
    assert not form.check()
    assert form.field("text").error() == "此项必填"
    assert text.accessibleDescription() == "此项必填"
    assert text.accessibleName() == "诉求"
    assert form.field("name").error() == ""
    text.setPlainText("  路口积水 ")
    assert form.check()
    assert form.text("text") == "路口积水"
    assert not form.show_errors({"name": "太长"})
    assert name.property("state") == "error"
    assert text.property("state") == ""


def _offers(text: str) -> list[Candidate]:
    streets = {"wjdl": "望江东路", "wjxl": "望江西路", "ngl": "宁国路"}
    return [Candidate(street, street) for initials, street in streets.items() if text and initials.startswith(text)]


def test_search_by_keyboard(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    search, taken, entered = SearchList(candidates=_offers, hint=phrase("取消")), [], []
    search.setParent(window)
    search.resize(390, 30)
    search.chosen.connect(lambda candidate: taken.append(candidate.thing))
    search.entered.connect(entered.append)
    window.show()
    qtbot.keyClicks(search.edit, "wj")
    assert search.is_open()
    assert search.current().text == "望江东路"
    qtbot.keyClick(search.edit, Qt.Key.Key_Down)
    qtbot.keyClick(search.edit, Qt.Key.Key_Return)
    assert taken == ["望江西路"]
    assert not search.is_open()
    qtbot.keyClicks(search.edit, "?")
    qtbot.keyClick(search.edit, Qt.Key.Key_Return)
    assert entered == ["wj?"]
    assert taken == ["望江西路"]
    search.offer([Candidate(name, note=f"在{name}") for name in ("宁国路", "烟墩街道综合执法队", "东路")])
    drawn = [text for text in Drawing(window).texts if text.words.startswith("在")]
    assert len({text.box.left() for text in drawn}) == 1  # the notes stand below one another
    assert len(drawn) == 3
    search.set_text("")
    qtbot.keyClicks(search.edit, "n")
    assert search.current().thing == "宁国路"
    qtbot.keyClick(search.edit, Qt.Key.Key_Escape)
    assert not search.is_open()
    assert search.text() == "n"


def test_timeline_grows_on_top_and_names_another_day(qtbot: QtBot) -> None:
    model = TimelineModel()
    entries = [TimelineEntry(NOON - timedelta(days=1), "立案", "赵*"), TimelineEntry(NOON, "派遣", "李*")]
    model.show_entries(entries, zone=UTC)
    with qtbot.waitSignal(model.rowsInserted) as inserted:
        model.show_entries([*entries, TimelineEntry(NOON + timedelta(minutes=1), "签收", "城管二队")], zone=UTC)
    assert inserted.args[1:] == [0, 0]
    shown = [model.index(row).data() for row in range(model.rowCount())]
    assert shown == ["今日 04:01:00 签收 城管二队", "04:00:00 派遣 李*", "11-23 04:00:00 立案 赵*"]
    assert model.index(0).data(ROW_ROLE).who == "城管二队"


def test_a_case_of_yesterday_tells_its_days_and_one_of_today_does_not(qtbot: QtBot) -> None:
    model, entries = (
        TimelineModel(),
        [TimelineEntry(NOON, "立案", "赵*"), TimelineEntry(NOON + timedelta(minutes=1), "派遣", "李*")],
    )
    model.show_entries(entries, zone=UTC, today=NOON.date())
    assert (model.day(0), model.day_room()) == ("", 0)
    model.show_entries(entries, zone=UTC, today=NOON.date() + timedelta(days=1))
    assert [model.day(row) for row in (0, 1)] == ["11-24", ""]
    assert model.day_room() > 0


@pytest.mark.parametrize("kind", ["timeline", "candidates"])
def test_models_keep_qt_s_rules(qtbot: QtBot, kind: str) -> None:
    model: QAbstractItemModel
    if kind == "timeline":
        model = TimelineModel()
        tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
        model.show_entries([TimelineEntry(NOON, "立案")], zone=UTC)
        model.show_entries(
            [TimelineEntry(NOON, "立案"), TimelineEntry(NOON, "派遣"), TimelineEntry(NOON, "签收")], zone=UTC
        )
        model.show_entries([TimelineEntry(NOON, "结案", "李*"), TimelineEntry(NOON, "签收")], zone=UTC)
    else:
        model = CandidateModel()
        tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
        model.show_rows(_offers("wj"))
        model.show_rows(())
    assert tester.model() is model


def test_switches_segments_tabs_and_filters(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    switch = Switch("要求保密", parent=window)
    segments = Segments([("street", "按街镇"), ("power", "按职权")], parent=window)
    tabs, filters = CountTabs(parent=window), FilterChip("街镇", "全部", parent=window)
    window.show()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    assert switch.accessibleName() == "要求保密"
    with qtbot.waitSignal(segments.chosen) as chosen:
        segments.findChildren(QPushButton)[1].click()
    assert chosen.args == ["power"]
    assert segments.current() == "power"
    tabs.add("mine", "本席", count=58)
    tabs.add("late", "超期", count=22, tone="bad")
    tabs.set_count("late", 1200, tone="bad")
    with qtbot.waitSignal(tabs.chosen) as front:
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert front.args == ["late"]
    assert tabs.tabText(1) == "超期 1200"
    filters.set_value("芜湖路", filtering=True)
    filters.click()
    assert filters.isChecked()
    assert filters.text() == "街镇：芜湖路"


def test_a_click_on_a_tab_names_its_own_panel(qtbot: QtBot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    for name in ("acts", "trend"):
        tabs.add(name, phrase(name), QWidget)
    tabs.resize(400, 200)
    tabs.show()
    with qtbot.waitSignal(tabs.opened) as opened:
        qtbot.mouseClick(tabs.bar, Qt.MouseButton.LeftButton, pos=tabs.bar.tabRect(1).center())
    assert (opened.args, tabs.current) == (["trend"], "trend")
