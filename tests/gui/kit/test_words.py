"""Chinese is the source, English stands beside it, ids have words, and the screens switch live."""

import ast
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from commandcenter.domain.kinds import Limit, Measure
from resources import path
from ui.kit.controls.buttons import IconButton, KeyButton
from ui.kit.controls.switches import CountTabs
from ui.kit.labels.chips import Chip, Glyph
from ui.kit.labels.facts import Fact, Facts
from ui.kit.labels.label import Label
from ui.kit.texts.numbers import limit_words
from ui.kit.texts.words import english, phrase, say, speak, spoken, term, terms, word

UI = path().parent / "ui"


@pytest.fixture(autouse=True)
def chinese_after(qapp: object) -> Iterator[None]:
    yield
    speak("zh")


def _literals() -> dict[str, Path]:
    found = {}
    for file in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in {"say", "phrase"} and isinstance(node.args[0].value, str):
                    found[node.args[0].value] = file.relative_to(UI)
    return found


def _holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_sentence_of_the_screens_has_its_english() -> None:
    missing = {source: str(file) for source, file in _literals().items() if source not in english()}
    assert missing == {}


def test_english_says_the_same_values() -> None:
    differing = {source: text for source, text in english().items() if _holes(source) != _holes(text)}
    assert differing == {}


def test_english_nouns_follow_the_number_before_them() -> None:
    speak("en")
    assert [str(limit_words(Limit(n, Measure.WORKING_DAYS))) for n in (1, 1.5, 7)] == [
        "1 working day",
        "1.5 working days",
        "7 working days",
    ]
    assert say("网络正常，{n} 条需处理", n="1") == "The network is well; 1 needs you"
    assert say("网络正常，{n} 条需处理", n="21") == "The network is well; 21 need you"
    assert say("{name}  值班 {phone}", name="a [s]", phone="1") == "a [s]  on duty 1"  # data stay as they are


def test_no_two_files_translate_one_sentence_differently() -> None:
    seen: dict[str, str] = {}
    for file in sorted(path("i18n").glob("en*.toml")):
        for source, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            assert seen.setdefault(source, text) == text, f"{source} in {file.name}"


def test_every_id_has_both_languages() -> None:
    for table, entries in terms().items():
        for key, entry in entries.items():
            assert entry.get("zh"), f"{table}.{key}"
            assert entry.get("en"), f"{table}.{key}"
            assert ("zh_short" in entry) >= ("en_short" in entry), f"{table}.{key}"


def test_ids_become_words() -> None:
    assert word("stage", "dispatched") == "已派遣"
    assert word("delivery", "kept") == "已存待发"
    assert word("delivery", "kept", short=True) == "已存"
    assert word("stage", "closed", short=True) == "已结"
    assert word("stage", "of_tomorrow") == "of_tomorrow"
    speak("en")
    assert word("stage", "dispatched") == "Dispatched"
    assert word("stage", "closed", short=True) == "Closed"


def test_values_are_never_read_as_a_pattern() -> None:
    assert say("{n} 天前", n="{n}") == "{n} 天前"
    with pytest.raises(KeyError):
        say("{n} 天前", m=1)


def test_a_phrase_keeps_its_values_through_the_switch() -> None:
    told = phrase("时限已用 {n} %，{light}", n=62, light=term("light", "soon"))
    assert str(told) == "时限已用 62 %，将超期"
    speak("en")
    assert spoken() == "en"
    assert "62" in str(told)
    assert "Due soon" in str(told)


def test_a_language_we_do_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        speak("fr")
    assert spoken() == "zh"


def test_the_screen_switches_live_and_back(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    label = Label(phrase("取消"), parent=window)
    button = KeyButton(term("command", "dispatch"), key="P", parent=window)
    tool = IconButton("x", phrase("关闭"), key="Esc")
    tool.setParent(window)
    chip = Chip(term("stage", "filed"))
    chip.setParent(window)
    glyph = Glyph("light.overdue", parent=window)
    tabs = CountTabs(parent=window)
    tabs.add("late", term("light", "overdue"), count=22, tone="bad")
    facts = Facts()
    facts.setParent(window)
    facts.show_facts([Fact(phrase("取消"), "望江东路")])

    speak("en")
    qtbot.waitUntil(lambda: label.text() == "Cancel")
    assert button.text() == "Dispatch"
    assert button.accessibleName() == "Dispatch P"
    assert tool.toolTip() == "Close  Esc"
    assert chip.accessibleName() == "Filed"
    assert glyph.toolTip() == "Overdue"
    assert tabs.tabText(0) == "Overdue 22"
    assert facts.texts() == [("Cancel", "望江东路")]

    speak("zh")
    qtbot.waitUntil(lambda: label.text() == "取消")
    assert button.text() == "派遣"
    assert tabs.tabText(0) == "超期 22"
