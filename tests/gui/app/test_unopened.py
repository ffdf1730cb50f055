"""A profile that cannot be opened: why, what can be read of a damaged journal, and the way on after that."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from commandcenter.bootstrap import Unavailable
from commandcenter.cache.journal import Journal
from commandcenter.sync.recovery import Recovery
from tests.kit.console import until
from tests.kit.inline_worker import InlineWorker
from tests.kit.rows import row
from ui.app.profile_error import ProfileErrorCard, counted
from ui.kit.texts.words import speak


@pytest.fixture
def card(qtbot: object, tmp_path: Path) -> Iterator[tuple[ProfileErrorCard, list[str]]]:
    asked: list[str] = []
    made = ProfileErrorCard(tmp_path, leave=lambda: asked.append("leave"), again=lambda: asked.append("again"))
    made.show()
    yield made, asked
    made.close()
    made.deleteLater()


def press(card: ProfileErrorCard, words: str) -> None:
    next(
        button for button in card.findChildren(QPushButton) if words in button.accessibleName() + button.text()
    ).click()


async def reads(card: ProfileErrorCard, words: str) -> None:
    await until(lambda: words in card.accessibleName())


async def test_what_can_be_read_is_counted_offered_and_taken_over(
    card: tuple[ProfileErrorCard, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown, asked = card
    worker = InlineWorker()
    journal = Journal(tmp_path / "journal.db", worker=worker, now=lambda: 1000.0, new_id=lambda: "console")
    for number in range(3):
        await journal.keep(row(number, f"c{number}"))
    await journal.close()
    with (tmp_path / "journal.db").open("r+b") as raw:
        raw.write(b"\xa5" * 90)
    shown.show_error(Unavailable("journal_damaged", "journal.db"))
    await reads(shown, "读得出 3 条操作，其中 3 条还没有办完；没有读不出的。")
    press(shown, "恢复读得出的")
    await reads(shown, "操作日志已恢复")
    assert f"journal-damaged-{datetime.now(UTC):%Y%m}" in shown.accessibleName()
    assert "操作日志已恢复" in capsys.readouterr().err
    press(shown, "继续")
    assert asked == ["again"]
    again = Journal(tmp_path / "journal.db", worker=worker, now=lambda: 1000.0, new_id=lambda: "other")
    assert [one.cmd_id for one in await again.open_rows()] == ["cmd0", "cmd1", "cmd2"]
    assert again.console_id == "console"
    await again.close()


def test_a_newer_journal_offers_nothing_but_the_way_out(
    card: tuple[ProfileErrorCard, list[str]], qtbot: object, capsys: pytest.CaptureFixture[str]
) -> None:
    shown, asked = card
    shown.show_error(Unavailable("newer_journal", "journal.db"))
    assert len(shown.findChildren(QPushButton)) == 1
    press(shown, "退出")
    assert asked == ["leave"]
    assert "打不开席位档案" in capsys.readouterr().err


def test_the_count_is_said_in_both_languages() -> None:
    assert counted(Recovery(0, 0, None)).endswith("有多少条读不出，无法知道。")
    speak("en")
    assert counted(Recovery(5, 2, 3)) == "5 acts can be read, 2 of them not finished; at most 3 cannot be read."
