"""Our faults are logged with a number and shown once; the world's faults are sentences, never a traceback."""

import tomllib
from pathlib import Path

import pytest

from commandcenter.sync.unavailable import Unavailable
from ui.app.process.faults import Faults, number_of
from ui.kit.texts.faults import fault
from ui.kit.texts.words import speak

TERMS = Path(__file__).parents[3] / "resources" / "i18n" / "terms.shell.toml"
EVERY = tuple(tomllib.loads(TERMS.read_text("utf-8"))["fault"])


def broken() -> BaseException:
    try:
        raise ZeroDivisionError
    except ZeroDivisionError as error:
        return error


@pytest.mark.expects_log("E-")
def test_the_same_fault_is_shown_once_and_logged_each_time(caplog: pytest.LogCaptureFixture) -> None:
    shown: list[str] = []
    faults = Faults(shown.append)
    numbers = {faults.note(broken()) for _ in range(3)}
    assert len(numbers) == 1
    assert shown == list(numbers)
    assert len([record for record in caplog.records if record.exc_info]) == 3


@pytest.mark.expects_log("E-")
def test_without_a_file_for_the_log_a_fault_is_told_at_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "console.log").mkdir()  # nothing can be written there
    faults = Faults()
    faults.write_to(tmp_path)
    try:
        number = faults.note(broken())
    finally:
        faults.close()
    told = capsys.readouterr().err
    assert number in told
    assert "ZeroDivisionError" in told


def test_numbers_differ_by_place() -> None:
    assert number_of(broken()) == number_of(broken())
    assert number_of(ValueError()) != number_of(broken())


def test_the_world_s_fault_is_a_sentence_and_not_ours() -> None:
    faults, said = Faults(), []
    faults.prevented.connect(said.append)
    assert faults.note(Unavailable("unreachable", "http://hall")) == ""
    assert [one.code for one in said] == ["unreachable"]


@pytest.mark.parametrize("code", EVERY)
def test_each_fault_of_the_world_has_a_sentence_in_both_languages(code: str) -> None:
    chinese = fault(code, "此处")
    assert chinese.endswith("。")
    assert "{" not in chinese
    speak("en")
    assert fault(code, "here") != chinese
    assert "{" not in fault(code, "here")


def test_an_unknown_fault_is_told_all_the_same() -> None:
    assert "strange" in fault("strange", "x")
