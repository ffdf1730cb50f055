"""`pd` and a number: who is recommended stands first with why; digits choose, and nothing is sent before Enter."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain.commands import Dispatch
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus
from tests.gui.app.test_command_preview import said
from tests.kit import hall
from tests.kit.crews import assigned
from tests.kit.fake_desk import FakeDesk
from tests.kit.street_crews import crew
from tests.kit.turns import seen
from ui.kit.command_line.overlay import CommandOverlay
from ui.kit.command_line.parts import LinePart
from ui.kit.seat import tasks

CASE = hall.case(421)
NEAR = Spot(CASE.spot.lon, CASE.spot.lat + 0.009)  # about 1 km north
FAR = Spot(CASE.spot.lon, CASE.spot.lat + 0.027)
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def rows(overlay: CommandOverlay) -> list[tuple[str, str, str, str]]:
    return [(row.text, row.note, row.aside, row.key) for row in overlay.list.model().rows]


async def test_who_is_recommended_stands_first_with_why_and_digits_choose(
    overlay: CommandOverlay, desk: FakeDesk
) -> None:
    resting = crew(2, "s03-police", spot=NEAR, status=CrewStatus.OFF_DUTY)
    held = replace(hall.case(430), responsible="s03-urban", stage="handling")
    desk.board.apply((crew(1, spot=FAR, minutes=30), crew(2, spot=NEAR, minutes=30), resting, held))
    told, edit = said(overlay, "pd 00421"), overlay.field.edit
    assert "推荐 望湖·城管 二队：最近：直线 1.0 km" in told
    load = next(row for row in rows(overlay) if row[0] == "望湖街道城管")
    assert load[1].endswith("在岗 2 组，待命 2")
    assert load[2:] == ("望湖街道 · 1.0 km", "4")
    first, second = rows(overlay)[:2]
    assert first[0] == "城管二队"
    assert first[1] == "首选 · 待命 0:30:00"
    assert first[2:] == ("望湖·城管 · 1.0 km", "1")
    assert (second[0], second[2], second[3]) == ("城管一队", "望湖·城管 · 3.0 km", "2")
    assert overlay._after.text() == "回车写入所选的一行"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert (desk.heard, overlay._after.text()) == ([], "回车后")
    assert "城管二队 出动" in overlay.sentence.text()
    said(overlay, "pd 00421")
    QTest.keyClick(edit, Qt.Key.Key_2)
    assert (desk.heard, overlay.field.text()) == ([], "pd 00421 城管一队")
    said(overlay, "pd 00421 cg")
    assert {row[3][:4] for row in rows(overlay)} == {"Alt "}  # a digit may go on with the name
    QTest.keyClick(edit, Qt.Key.Key_1, ALT)
    assert (desk.heard, overlay.line.is_complete) == ([], True)
    said(overlay, "pd 0421")
    QTest.keyClicks(edit, " 3")
    assert overlay.line.is_complete
    picked = overlay.line.clauses[-1].targets[0].id
    QTest.keyClick(edit, Qt.Key.Key_Return, CTRL)  # as in every form
    await seen(lambda: desk.heard)
    assert desk.heard == [Dispatch(CASE.id, picked)]
    await tasks.close()


def test_nobody_is_recommended_who_would_be_refused(overlay: CommandOverlay, desk: FakeDesk) -> None:
    spots = {"spot": NEAR, "minutes": 30}
    busy = crew(2, status=CrewStatus.HANDLING, **assigned("elsewhere", holder="s03-urban", street="s03"), **spots)
    desk.board.apply((busy, crew(1, spot=FAR)))
    assert "推荐 望湖·城管" in said(overlay, "pd 00421")
    desk.board.apply([busy, replace(crew(1, spot=FAR), rev=2, status=CrewStatus.OFF_DUTY)])
    told = said(overlay, "pd 00421")
    assert "推荐 望湖·城管：" in told  # to leave a job takes a reason, which Enter would not give
    assert overlay.line.offers[0].id == "s03-urban"


def test_digits_that_go_on_with_a_number_are_typed(overlay: CommandOverlay) -> None:
    overlay.open("pd ")
    QTest.keyClicks(overlay.field.edit, "1124-00421")
    assert (overlay.field.text(), overlay.line.clauses[-1].case) == ("pd 1124-00421", CASE.id)
    for name in ("望湖没有的三队", "meiyou"):
        overlay.open(f"pd 00421 {name}")
        QTest.keyClicks(overlay.field.edit, "21 3")
        assert overlay.field.text() == f"pd 00421 {name}21 3"  # a name that nobody has is no number
    overlay.open("")
    QTest.keyClick(overlay.field.edit, Qt.Key.Key_1)
    assert overlay.line.verb is not None  # no line begins with a digit


def test_without_a_number_the_cases_at_the_right_stage_are_offered_as_they_are_due(
    overlay: CommandOverlay, desk: FakeDesk
) -> None:
    overlay.open("pd ")
    cases = [desk.board.find("case", offer.id) for offer in overlay.line.offers if offer.part is LinePart.CASE]
    assert {case.stage for case in cases} == {"filed"}
    assert [case.due for case in cases] == sorted(case.due for case in cases)
