"""受理登记: who is sealed at once, where gives the street, what gives the kind; nothing typed is ever lost."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Take
from commandcenter.domain.people import Role
from commandcenter.store.board import Board
from tests.gui.intake.conftest import WATER, looked, write
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk, person
from tests.kit.seat import FakeHall
from tests.kit.shown import place, shown
from tests.kit.turns import seen, turns
from ui.intake.address import Address
from ui.intake.panel import IntakePanel
from ui.kit.search.candidates import Candidate
from ui.kit.seat import tasks
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import speak


async def test_a_whole_case_is_taken(form: IntakePanel, seat: FakeHall, qtbot: QtBot) -> None:
    assert (form.form.text.placeholderText(), form.form.channel.accessibleName()) == ("照来电人说的写", "渠道")
    write(form)
    form.form.who.name.setText("刘女士")
    qtbot.keyClicks(form.form.who.phone, "13812342607")
    form.form.who.secret.setChecked(True)
    await looked(form)
    form.file()
    await turns()
    (taken,) = seat.desk.heard
    assert isinstance(taken, Take)
    assert (taken.street, taken.grid, taken.community) == ("s03", "s03-g07", "s03-c1")
    assert (taken.kind, taken.channel, taken.secret) == (hall.case().kind, "h12345", True)
    assert (taken.petitioner, taken.sealed) == ("p-77", "c2VhbGVk")
    assert UUID(taken.case).version == 7
    case = seat.desk.board.find("case", taken.case)
    assert case.stage is Stage.RECEIVED
    assert seat.focus.case == taken.case
    assert form.form.said() == ""  # ready for the next caller
    assert seat.told == [("道路积水 已登记，已存待发", "ok")]


async def test_who_calls_is_sealed_at_once_and_wiped(form: IntakePanel, seat: FakeHall, qtbot: QtBot) -> None:
    who = form.form.who
    who.name.setText("刘女士")
    qtbot.keyClicks(who.phone, "13812342607")
    qtbot.keyClick(who.phone, Qt.Key.Key_Return)
    assert (seat.desk.sealed[0].name, seat.desk.sealed[0].phone) == ("刘女士", "13812342607")
    assert who.name.text() == who.phone.text() == ""
    assert not who.phone.isUndoAvailable()
    assert who._mask.text() == "刘*  138****2607"
    fields = [edit.text() for edit in form.findChildren(QLineEdit)]
    assert not any("13812342607" in text for text in fields)


async def test_without_a_key_the_person_is_not_sent_in_the_clear(form: IntakePanel, seat: FakeHall) -> None:
    seat.desk.has_key = False
    write(form)
    form.form.who.phone.setText("13812342607")
    await looked(form)
    form.file()
    await turns()
    assert seat.desk.heard == []
    assert "密封" in shown(form.form.who._error)
    assert form.form.who.phone.text() == "13812342607"
    assert form.form.said() == WATER


async def test_without_words_it_is_refused_and_kept(form: IntakePanel, seat: FakeHall) -> None:
    write(form, text="")
    await looked(form)
    form.file()
    await turns()
    assert seat.desk.heard == []
    assert form.form.text_field.error() == "写诉求"
    assert form.form.where.words() == "望江东路与宁国路口"
    assert form.form.where.spot is not None


async def test_what_the_rules_refuse_stays_in_the_form(form: IntakePanel, seat: FakeHall) -> None:
    write(form)
    await looked(form)
    seat.desk.person = person(Role.GRID_LEADER, street="s01", grid="t-s01-g01")
    form.file()
    await turns()
    assert seat.desk.heard == []
    assert shown(form.form.where._error) == "不在你的街镇"
    assert seat.told == [("没有登记：不在你的街镇。填写的都在。", "bad")]
    assert form.form.said() == WATER


async def test_a_telephone_among_the_numbers_is_said_and_gone_to(form: IntakePanel, seat: FakeHall) -> None:
    write(form)
    form.form.external.setText("13812345678")
    await looked(form)
    form.file()
    await turns()
    assert "里面有电话" in seat.told[-1][0]
    assert form.form.focusWidget() is form.form.external


async def test_a_click_on_the_map_gives_grid_and_street(form: IntakePanel) -> None:
    spot = hall.case().spot
    form.place_at(spot.lon, spot.lat)
    where = form.form.where
    assert (where.chosen_street(), where.grid) == ("s03", "s03-g07")
    assert "由点位得出" in place(where)
    form.place_at(117.0, 31.0)
    assert where.grid is None
    assert "不在任何网格内" in place(where)


async def test_a_place_is_found_by_initials_and_brings_its_street(form: IntakePanel, qtbot: QtBot) -> None:
    search = form.form.where.search
    qtbot.keyClicks(search.edit, "whjd d 07 wg")
    qtbot.keyClick(search.edit, Qt.Key.Key_Return)
    where = form.form.where
    assert where.words() == "望湖街道第 07 网格"
    assert (where.chosen_street(), where.grid) == ("s03", "s03-g07")


async def test_enter_in_the_empty_address_line_does_not_scold(form: IntakePanel, qtbot: QtBot) -> None:
    qtbot.keyClick(form.form.where.search.edit, Qt.Key.Key_Return)
    await turns()
    assert form.form.text_field.error() == ""
    assert shown(form.form.where._error) == ""


async def test_a_pin_that_came_with_the_address_can_be_taken_away(form: IntakePanel) -> None:
    where = form.form.where
    spot = hall.case().spot
    where._take(Candidate("x", Address("望江东路", "s03", None, None, spot)))
    assert where.spot == spot
    assert where._unpin.isVisibleTo(where)


async def test_the_kind_that_the_text_suggests_ends_the_asking_for_one(form: IntakePanel) -> None:
    form.form.show_errors({"kind": "选小类"})
    form.form.text.setPlainText(WATER)
    await looked(form)
    assert form.form.kind._error.isHidden()


async def test_another_street_by_hand_drops_the_grid(form: IntakePanel) -> None:
    write(form)
    where = form.form.where
    where.street.setCurrentIndex(where.street.findData("s01"))
    assert (where.chosen_street(), where.grid) == ("s01", None)


async def test_the_text_suggests_the_kind(form: IntakePanel) -> None:
    form.form.text.setPlainText("小区门口下水道堵塞，污水外溢")
    await looked(form)
    assert form.form.kind.kind.name == "下水道堵塞"
    form.form.text.setPlainText(WATER)
    await looked(form)
    assert form.form.kind.kind.name == "道路积水"
    assert "4 工作时" in form.form.limit.text()
    assert "11-25 10:42" in form.form.limit.text()


async def test_a_kind_chosen_by_hand_stays(form: IntakePanel, qtbot: QtBot) -> None:
    kind = form.form.kind
    qtbot.keyClicks(kind.search.edit, "ltsk")
    qtbot.keyClick(kind.search.edit, Qt.Key.Key_Return)
    assert kind.kind.name == "露天烧烤"
    form.form.text.setPlainText(WATER)
    await looked(form)
    assert kind.kind.name == "露天烧烤"
    kind.choose_offer(1)
    assert kind.kind.name == "道路积水"


async def test_a_likely_duplicate_is_shown_with_its_distance(form: IntakePanel, seat: FakeHall) -> None:
    write(form)
    spot = hall.case().spot
    form.place_at(spot.lon + 0.0003, spot.lat)
    await looked(form)
    card = form.findings.cards()[0]
    assert card.title == "00421 道路积水"
    assert "相距 28\u00a0m" in card.lines[0]
    assert "同小类、同地址" in card.lines
    form.findings.wanted.emit(card.case)
    assert seat.focus.case == card.case
    form.findings.other.emit(card.case)
    assert card.case not in {c.case for c in form.findings.cards()}


async def test_the_same_words_far_away_are_another_place(form: IntakePanel) -> None:
    write(form, pin=False)
    form.place_at(117.30, 31.74)
    await looked(form)
    assert "00421 道路积水" not in {card.title for card in form.findings.cards()}


async def test_what_happened_here_before_is_listed(form: IntakePanel, seat: FakeHall) -> None:
    old = hall.case(77, stage=Stage.CLOSED, received_at=hall.NOW.replace(month=8, day=27), ended_at=hall.NOW)
    seat.desk.board.apply([old])
    write(form)
    await looked(form)
    assert ("08-27", "道路积水", "已结", "ok") in {(r.day, r.what, r.state, r.tone) for r in form.findings.rows()}


async def test_earlier_cases_that_this_program_cannot_read_are_counted(form: IntakePanel, seat: FakeHall) -> None:
    known = hall.case(7, now=hall.NOW)
    seat.desk.archive = {"newer": replace(known, id="newer", place="望江东路与宁国路口")}
    seat.desk.unread = {"newer"}
    write(form)
    await looked(form)  # on a slow machine the search of the board would else come last
    form.lookup.ask()
    await seen(lambda: "1 件读不出，请更新程序" in form.findings._past.accessibleName())


async def test_that_nothing_happened_here_is_told_once_the_platform_has_answered(form: IntakePanel) -> None:
    write(form, place="南宁路99号", pin=False)
    await looked(form)
    assert form.findings._past.accessibleName() == "此地以往：正在问平台"
    form.lookup.ask()
    await seen(lambda: form.findings._past.accessibleName() == "此地以往：没有记录")


async def test_offline_it_still_takes_a_case(form: IntakePanel, seat: FakeHall) -> None:
    seat.desk.offline = True
    write(form)
    await looked(form)
    form.lookup.ask()
    form.file()
    await turns()
    assert len(seat.desk.heard) == 1


async def test_put_away_and_opened_again_it_holds_what_was_typed(form: IntakePanel, qtbot: QtBot) -> None:
    write(form)
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()
    form.show()
    form.start()
    await turns()
    assert form.form.said() == WATER


async def test_who_may_not_take_cases_is_told_why(form: IntakePanel, seat: FakeHall) -> None:
    seat.desk.person = person(Role.LEADER)
    form.start()
    assert not form._primary.isEnabled()
    assert form._primary.toolTip() == "你的角色不做这一步"


async def test_it_speaks_english(form: IntakePanel) -> None:
    try:
        speak("en")
        await turns()
        assert form._primary.text() == "Take it"
    finally:
        speak("zh")


async def test_what_was_asked_for_and_is_given_is_asked_no_more(form: IntakePanel) -> None:
    form.file()
    await turns()
    assert shown(form.form.where._error)
    form.form.text.setPlainText("路灯不亮")
    assert form.form.text_field.error() == ""
    form.form.where.street.setCurrentIndex(1)
    form.form.where.street.activated.emit(1)
    assert shown(form.form.where._error) == ""


async def test_a_form_that_was_open_before_the_district_came_is_filled_when_it_comes(qtbot: QtBot) -> None:
    whole = hall.board(5)
    seat = FakeHall(FakeDesk(Board(), by=person(Role.INTAKE_CLERK)))
    follow = Follow(seat.desk.board)
    panel = IntakePanel(seat, follow=follow)
    qtbot.addWidget(panel)
    panel.start()
    assert (panel.form.channel.count(), panel.form.where.street.count()) == (0, 1)
    seat.desk.board.apply([record for kind in ("street", "channel") for record in whole.all(kind)])
    while panel.form.where.street.count() == 1:
        await turns()
    assert panel.form.where.street.count() == 1 + len(hall.STREETS)
    assert panel.form.channel.count() > 0
    await tasks.close()
    panel.close_following()
    follow.close()


async def test_an_emptied_board_takes_nothing_away_of_what_was_chosen(form: IntakePanel, seat: FakeHall) -> None:
    write(form)
    form.form.where.street.setCurrentIndex(2)
    form.form.channel.setCurrentIndex(form.form.channel.findData("grid"))
    street, board = form.form.where.chosen_street(), seat.desk.board
    kinds = ("street", "community", "grid", "channel", "kind", "holder", "calendar", "case")
    records = [record for kind in kinds for record in board.all(kind)]
    board.replace(())  # no role at this moment
    await turns()
    board.replace(records)
    await turns()
    assert (form.form.where.chosen_street(), form.form.channel.currentData()) == (street, "grid")
