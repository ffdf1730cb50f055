"""A telephone typed where everybody reads it is said at the field, and goes to the sealed one with a click."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from commandcenter.domain.channels import Channel
from tests.gui.intake.test_form import looked, write
from tests.kit.seat import FakeHall
from tests.kit.turns import turns
from ui.intake.panel import IntakePanel


async def test_a_telephone_in_the_text_is_said_while_it_is_typed_and_moved_to_the_sealed_one(
    form: IntakePanel, qtbot: QtBot
) -> None:
    fields, offer = form.form, form.form.number_warnings["text"]
    qtbot.keyClicks(fields.text, "water, call 1381234567")
    assert offer.text() == ""
    qtbot.keyClicks(fields.text, "8 please")
    assert offer.text() == "138****5678 像是电话号码，人人可见，不能登记"
    offer.move_button.click()
    assert fields.said() == "water, call  please"
    assert fields.who.phone.text() == "13812345678"
    assert not fields.text.document().isUndoAvailable()
    assert offer.text() == ""


async def test_a_card_is_only_struck_and_so_is_a_second_telephone(form: IntakePanel) -> None:
    fields, offer = form.form, form.form.number_warnings["text"]
    fields.text.setPlainText("身份证11010519491231002X丢了")
    assert "身份证号" in offer.text()
    assert offer.move_button.isHidden()
    offer.delete_button.click()
    assert fields.said() == "身份证丢了"
    fields.who.phone.setText("13987654321")
    fields.text.setPlainText("打13812345678")
    assert offer.move_button.isHidden()


async def test_a_telephone_beside_the_address_is_seen_too(form: IntakePanel) -> None:
    fields, offer = form.form, form.form.number_warnings["place"]
    fields.where.search.edit.setText("宁国路口 138 1234 5678")
    assert offer.text()
    offer.move_button.click()
    assert fields.where.words() == "宁国路口"
    assert fields.who.phone.text() == "138 1234 5678"


async def test_it_is_not_filed_with_a_telephone_in_the_open(form: IntakePanel, seat: FakeHall) -> None:
    write(form, text="路口积水，打13812345678")
    await looked(form)
    form.file()
    await turns()
    assert seat.desk.heard == []
    assert "电话" in form.form.text_field.error()
    assert form.form.said() == "路口积水，打13812345678"


async def test_the_draft_on_disk_has_no_telephone(form: IntakePanel, seat: FakeHall) -> None:
    write(form, text="路口积水，打13812345678")
    form._draft.keep()
    await turns()
    assert seat.desk.drafts.kept["intake"]["text"] == "路口积水，打138****5678"


async def test_characters_that_nobody_sees_go_as_they_are_pasted(form: IntakePanel, qtbot: QtBot) -> None:
    text, clipboard = form.form.text, QApplication.clipboard()
    qtbot.keyClicks(text, "ab")
    text.moveCursor(text.textCursor().MoveOperation.Left)
    clipboard.setText("抢\u202e修\u200b\x07队")
    text.paste()
    assert text.toPlainText() == "a抢修队b"
    assert text.textCursor().position() == 4
    qtbot.keyClicks(text, "x")
    assert text.toPlainText() == "a抢修队xb"
    form.form.where.search.edit.setText("望江\u2066路")
    assert form.form.where.words() == "望江路"


async def test_channels_that_are_not_by_hand_are_not_offered(form: IntakePanel, seat: FakeHall) -> None:
    offered = {form.form.channel.itemData(at) for at in range(form.form.channel.count())}
    by_hand = {c.id for c in seat.desk.board.all("channel") if isinstance(c, Channel) and c.by_hand}
    assert offered == by_hand
    assert any(isinstance(c, Channel) and not c.by_hand for c in seat.desk.board.all("channel"))
