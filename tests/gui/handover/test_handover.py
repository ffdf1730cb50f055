"""A shift leader hands over: the report counts, names what is due and promised, and is a PDF that can be read."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPageSize
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from commandcenter.domain.teams import Loan
from commandcenter.protocol.messages import Summary
from commandcenter.sync.connection import State
from tests.gui.handover.conftest import AT_WORK, MINUTE, NOW, Opened, things
from tests.kit import hall
from tests.kit.street_crews import crew
from tests.kit.turns import seen
from ui.handover.paper import A4, print_pages
from ui.kit.texts.words import speak
from ui.theme import paint

Open = Callable[..., Opened]
DONE = Summary(31, {}, {"received": 31, "filed": 28, "dispatched": 27, "reported": 19, "closed": 17}, (), (), (), (), 4)


def lines(one: Opened) -> list[str]:
    """Returns the report as lines."""
    return one.room.view.text().split("\n")


def chapter(one: Opened, name: str) -> list[str]:
    """Returns the lines under a heading, up to the empty place before the next."""
    told, names = lines(one), ("本班", "在办案件", "已超期", "两小时", "已约定", "在岗", "本机未送达", "给下一班")
    begun = next(at for at, line in enumerate(told) if line.startswith(name))
    ends = (at for at, line in enumerate(told) if at > begun and line.startswith(names))
    return told[begun : next(ends, len(told))]


async def test_the_report_counts_and_names_what_the_next_shift_takes_over(opened: Open) -> None:
    one = opened(*things(), figures=DONE, unsent={"d07": 3, "u12": 0})
    await seen(lambda: "受理 31" in lines(one))
    assert lines(one)[:2] == ["包河区交接班报告", "班次 今日 08:00 – 今日 16:00"]
    assert {"办结反馈 19", "结案 17", "异议和退回 4"} <= set(chapter(one, "本班"))
    assert chapter(one, "在办案件")[-1] == "合计 4 0 1 0 5"
    assert chapter(one, "已超期")[2:] == ["超 0:12:00 1124-00001 道路积水 望湖街道 望湖·城管 处置中"]
    assert [line.split()[1] for line in chapter(one, "两小时")[2:]] == ["1124-00002"]
    assert chapter(one, "已约定")[2:] == [
        "今日 16:02 预约出队 1124-00002 道路积水 城管一队",
        "今日 16:22 吹哨到场 1124-00005 道路积水 区数据资源局",
        "今日 15:41 退回待批 1124-00004 道路积水 望湖·城管",
        "今日 16:32 借队归还 — 常青·派出所 二队：望湖街道 还 常青街道",
    ]
    assert chapter(one, "在岗")[0] == "在岗队组 2 组在岗，共 3 组"
    assert chapter(one, "本机未送达")[2] == "d07 3"
    assert hall.case().text not in one.room.view.text()
    assert hall.case().place not in one.room.view.text()


async def test_what_is_overdue_stands_in_the_order_of_the_times_that_it_tells(opened: Open) -> None:
    """Of one due yesterday in working time fewer hours are told than of an urgent one due last night."""
    urgent = next(kind.id for kind in hall.kinds() if kind.limit.is_urgent)
    by_day = next(kind.id for kind in hall.kinds() if not kind.limit.is_urgent)
    dues = {1: (by_day, 23), 2: (urgent, 12), 3: (by_day, 1)}  # hours ago
    late = [hall.case(n, **AT_WORK, kind=kind, due=NOW - 60 * ago * MINUTE) for n, (kind, ago) in dues.items()]
    one = opened(*late)
    assert [line.split()[1:3] for line in chapter(one, "已超期")[2:]] == [
        ["12:00:00", "1124-00002"],
        ["6:00:00", "1124-00001"],  # 0:47:52 yesterday, 3:30 this morning, 1:42:08 since 14:00
        ["1:00:00", "1124-00003"],
    ]


async def test_the_holder_is_whole_in_what_room_the_other_columns_leave(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "望湖街道综合行政执法大队"
    long = replace(next(one for one in hall.holders() if one.id == "s03-urban"), name=name, short=name)
    one = opened(long, hall.case(1, **AT_WORK, due=NOW - 12 * MINUTE))
    told: dict[str, float] = {}
    monkeypatch.setattr(paint, "words", lambda _pen, box, text, **_how: told.update({text: box.width()}))
    one.room.view.grab()
    assert told[name] >= paint.text_width(name)


async def test_a_crew_that_was_not_given_back_in_time_is_still_to_be_given_back(opened: Open) -> None:
    late = crew(2, "s04-police", loan=Loan("s03", ("s03", "s04"), NOW - 20 * MINUTE))
    asked = crew(1, "s04-police", loan=Loan("s03", ("s03",), NOW - 20 * MINUTE))
    one = opened(late, asked)
    assert chapter(one, "已约定")[2:] == ["今日 15:22 借队超期未还 — 常青·派出所 二队：望湖街道 还 常青街道"]


async def test_nothing_that_a_petitioner_wrote_is_in_the_report(opened: Open) -> None:
    late = hall.case(1, **AT_WORK, due=NOW - 12 * MINUTE, kind=None, text="王女士 13855512345 投诉楼上")
    one = opened(late)
    assert chapter(one, "已超期")[2:] == ["超 0:12:00 1124-00001 未分类 望湖街道 望湖·城管 处置中"]


async def test_without_the_platform_it_says_what_is_missing_and_as_of_when(opened: Open) -> None:
    one = opened(offline=True)
    one.desk.connection.last_heard = NOW - 8 * MINUTE
    one.desk.connection.to(State.WAITING)
    one.room.renew()
    await seen(lambda: any("平台没有给出这一班的数" in line for line in chapter(one, "本班")))
    assert lines(one)[3] == "连接断开，数据只到 今日 15:34"
    assert chapter(one, "已超期")[1:] == ["没有超期的案件。"]
    assert chapter(one, "在岗")[1:] == ["没有队组。"]


async def test_the_note_stands_first_is_kept_and_names_nobody(opened: Open) -> None:
    one = opened(*things())
    one.room.side.editor.setPlainText("00001 的业主电话 13855512345")
    one.room.side.take()
    assert one.room.side.field.error()
    assert "给下一班的话" in lines(one)[-2]
    one.room.side.editor.setPlainText("00001 的泵 17 点到")
    one.room.side.take()
    assert lines(one)[4:6] == ["给下一班的话", "00001 的泵 17 点到"]
    await seen(lambda: "handover" in one.desk.drafts.kept)
    again = opened(*things(), drafts=one.desk.drafts)
    await seen(lambda: again.room.side.note == "00001 的泵 17 点到")


async def test_without_its_note_a_report_is_neither_saved_nor_printed(opened: Open, qtbot: QtBot) -> None:
    one = opened(*things())
    side, window = one.room.side, one.room.window()
    for button in (side.save, side.print_it):
        side.editor.setPlainText("00001 的业主电话 13855512345")
        one.room.take_focus()
        button.click()
        assert one.room.findChildren(QDialog) == []
        assert window.focusWidget() is side.editor
        assert side.field.error()
    side.editor.setPlainText("00001 的泵 17 点到")
    side.save.click()
    (dialog,) = one.room.findChildren(QFileDialog)
    dialog.reject()


async def test_the_pdf_is_of_a4_has_its_text_and_its_page_numbers(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    many = [hall.case(n, **AT_WORK, due=NOW - n * MINUTE, green_until=NOW - 90 * MINUTE) for n in range(1, 90)]
    one = opened(*many, figures=DONE)
    one.room.side.set_note("泵 17 点到")
    await seen(lambda: "受理 31" in lines(one))
    turns: list[int] = []
    saving = asyncio.ensure_future(one.room.save(tmp_path / "report.pdf"))
    while not saving.done():
        turns.append(1)
        await asyncio.sleep(0)
    assert one.seat.told == [("报告已存为 report.pdf", "ok")]
    read = QPdfDocument()
    assert read.load(str(tmp_path / "report.pdf")) == QPdfDocument.Error.None_
    assert read.pageCount() > 1
    assert b"/FontFile" in (tmp_path / "report.pdf").read_bytes()  # its Chinese font goes with it
    assert len(turns) >= read.pageCount()  # the desk had its turn at each page
    assert read.pagePointSize(0).toSize() == QPageSize(QPageSize.PageSizeId.A4).sizePoints()
    first, last = (read.getAllText(page).text() for page in (0, read.pageCount() - 1))
    named = ("包河区交接班报告", "泵 17 点到", "办结反馈", f"第 1 / {read.pageCount()} 页")
    assert [said for said in named if said not in first] == []
    assert f"第 {read.pageCount()} / {read.pageCount()} 页" in last
    assert hall.case().text[:8] not in first
    read.close()


async def test_what_cannot_be_saved_is_said(opened: Open, tmp_path: Path) -> None:
    one = opened()
    await one.room.save(tmp_path / "no folder" / "report.pdf")
    assert one.seat.told[0][1] == "warn"


async def test_it_is_printed_and_speaks_english(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    one = opened(*things(), figures=DONE)
    speak("en")
    await seen(lambda: lines(one)[0] == "包河区: handover report")
    await seen(lambda: "Taken in 31" in lines(one))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageLayout(A4)
    assert await print_pages(printer, one.room.blocks(), "handover") >= 1
    assert (tmp_path / "printed.pdf").stat().st_size > 1000
    qtbot.keyClick(one.room.column, Qt.Key.Key_Escape)
    assert one.room.isHidden()
