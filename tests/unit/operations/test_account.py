"""`account` at the terminal: passwords are made or typed, never arguments; a refusal is one sentence, told twice."""

import getpass
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.operations import account
from commandcenter.operations.account import main
from commandcenter.server.auth import accounts
from commandcenter.server.platform import Platform
from commandcenter.server.storage import database
from tests.kit.district import PASSWORD, hashed, small_accounts, small_district
from tests.unit.operations.test_serve import served

GOOD = "Kq7-mm2_hall9"
BOSS = Person("admin", Role.SECURITY_ADMIN, Scope("", street=NOWHERE))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with database.writing(tmp_path) as connection:
        small_district(connection)
        small_accounts(connection)
        accounts.put(connection, BOSS, hashed())
    return tmp_path


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Has somebody type these words, one after the other; returns the prompts that they see."""

    def types(*words: str) -> list[str]:
        left, seen = iter(words), list[str]()
        monkeypatch.setattr("getpass.getpass", lambda prompt: seen.append(prompt) or next(left))
        return seen

    return types


def _password_of(data: Path, user: str) -> str | None:
    with database.writing(data) as connection:
        return accounts.password_of(connection, user)


def _fails(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> str:
    assert main([*words, "--data", str(data)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    return said.err


def test_a_password_is_made_and_shown_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "li.wei", "--role", "unit", "--holder", "east-urban", "--data", str(data)]) == 0
    word, password = capsys.readouterr().out.removesuffix(" (shown this once)\n").split(", password ")
    assert word == "account li.wei"
    assert accounts.verify_password(password, _password_of(data, "li.wei"))
    assert main(["list", "--data", str(data)]) == 0
    said = capsys.readouterr().out
    assert "li.wei\tunit\td1\teast\teast-urban\t\n" in said
    assert password not in said


def test_a_password_can_be_typed_twice_and_is_not_shown(
    data: Path, typing: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = typing(GOOD, GOOD)
    assert main(["password", "clerk", "--ask", "--data", str(data)]) == 0
    assert capsys.readouterr().out == "account clerk\n"
    assert accounts.verify_password(GOOD, _password_of(data, "clerk"))
    assert len(prompts) == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [((GOOD, GOOD + "x"), "两次输入的口令不同"), (("short",), "口令太弱"), (("clerk-2026-x",), "口令太弱")],
)
def test_a_weak_or_mistyped_password_changes_nothing(
    data: Path, typing: Callable[..., list[str]], capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    typing(*words)
    said = _fails(capsys, data, "password", "clerk", "--ask")
    assert said.startswith(says)
    assert "nothing was changed (clerk)" in said or "differ" in said
    assert _password_of(data, "clerk") == hashed()


def test_a_password_is_never_typed_where_it_would_be_seen(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n{GOOD}\n"))
    monkeypatch.setattr("getpass.getpass", getpass.fallback_getpass)  # type: ignore[attr-defined]
    assert "nobody is at a terminal" in _fails(capsys, data, "password", "clerk", "--ask")
    assert _password_of(data, "clerk") == hashed()


def test_a_role_is_changed_and_an_account_stopped(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["role", "clerk", "--role", "leader", "--data", str(data)]) == 0
    assert main(["stop", "shift", "--data", str(data)]) == 0
    assert capsys.readouterr().out == "account clerk\naccount shift\n"
    assert main(["list", "--data", str(data)]) == 0
    said = capsys.readouterr().out
    assert "clerk\tleader\td1\t\t\t\n" in said
    assert "shift\tshift_leader\td1\t\t\t已停用 stopped\n" in said


def test_a_refusal_is_one_sentence_in_both_languages_also_at_the_server(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("stop", "admin"), ("role", "admin", "--role", "leader")):
        assert _fails(capsys, data, *words) == (
            "这是最后一位这样的管理员，请先另设一位；什么都没有改 · "
            "this is the last administrator of that kind: add another first; nothing was changed (admin)\n"
        )
    assert "(north)" in _fails(capsys, data, "add", "x", "--role", "street_dispatcher", "--street", "north")


def test_a_folder_that_a_platform_holds_or_without_one_is_a_sentence(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "running" in _fails(capsys, platform.data, "stop", "clerk")
    assert "holds no database" in _fails(capsys, tmp_path / "nowhere", "list")
    assert not (tmp_path / "nowhere").exists()


def test_at_a_running_platform_the_administrator_signs_in_first(
    data: Path, typing: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(account, "PAGE_MOST", 5)
    with served(data) as (_, url):
        prompts = typing(*[PASSWORD] * 3)
        assert main(["add", "li.wei", "--role", "dispatcher", "--url", url]) == 0
        assert capsys.readouterr().out.startswith("account li.wei, password ")
        assert main(["list", "--url", url, "--by", "admin"]) == 0
        listed = capsys.readouterr().out.splitlines()
        assert main(["stop", "admin", "--url", url]) == 2
        assert "nobody stops the own account" in capsys.readouterr().err
    assert prompts == ["admin: "] * 3
    assert [line.split("\t")[0] for line in listed] == sorted(line.split("\t")[0] for line in listed)
    assert {"admin", "li.wei", "west-urban"} <= {line.split("\t")[0] for line in listed}


def test_a_password_is_not_asked_for_an_address_in_clear(
    typing: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = typing()
    assert main(["list", "--url", "http://hall.example"]) == 2
    assert prompts == []
    assert " · " in capsys.readouterr().err
