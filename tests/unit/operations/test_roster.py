"""`roster` at the terminal: shifts from an iCalendar file are in force at once, and a bad file changes nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.domain.rosters import Roster, Shift
from commandcenter.operations import audit, roster
from commandcenter.operations.shift_events import FILE_MOST
from commandcenter.server.auth import accounts
from commandcenter.server.storage import database
from commandcenter.server.storage.projections import find
from tests.kit.calendars import EARLY, GOOD, calendar, moment
from tests.kit.district import PASSWORD, hashed, small_accounts, small_district
from tests.unit.operations.test_serve import served

PEOPLE = (
    Person("ops", Role.SYSTEM_ADMIN, Scope("d1", street=NOWHERE)),
    Person("auditor", Role.AUDIT_ADMIN, Scope("d1", street=NOWHERE)),
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("data")
    with database.writing(made) as connection:
        small_district(connection)
        small_accounts(connection)
        for person in PEOPLE:
            accounts.put(connection, person, hashed())
    return made


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with served(folder) as (_, url):
        yield url


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line on a file with `content`; returns its exit code, output and errors."""
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)

    def ran(action: str, content: str | bytes | None = None, *, by: str = "ops") -> tuple[int, str, str]:
        file = tmp_path / "shifts.ics"
        if content is not None:
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = roster.main([action, str(file), "--url", url, "--by", by])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def known(folder: Path, crew: str = "east-crew") -> Roster | None:
    """Returns the roster that the platform has."""
    with database.writing(folder) as connection:
        found = find(connection, "d1", "roster", crew)
    assert found is None or isinstance(found, Roster)
    return found


def test_shifts_are_read_exported_and_read_again_without_a_change(
    run: Run, folder: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", GOOD) == (0, "rosters 1 new, 0 changed, 0 unchanged\n", "")
    there = known(folder)
    assert there is not None
    assert there.shifts == tuple(Shift(moment(at, 0, 30), moment(at, 10)) for at in (1, 3))  # the district is in +8
    assert (there.members, there.street, there.unit, there.rev) == (("王强",), "east", "east-urban", 1)
    code, out, _ = run("export")
    assert (code, out.startswith("rosters 1 in ")) == (0, True)
    assert run("import") == (0, "rosters 0 new, 0 changed, 1 unchanged\n", "")
    assert known(folder) == there
    # one that names nobody leaves the members as they are
    assert run("import", calendar(EARLY))[1] == "rosters 0 new, 1 changed, 0 unchanged\n"
    now = known(folder)
    assert now is not None
    assert (len(now.shifts), now.members, now.rev) == (1, ("王强",), 2)

    capsys.readouterr()
    assert audit.main(["--url", url, "--by", "auditor", "--user", "ops"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"create_reference.*roster:east-crew", told)
    assert "王强" not in told


def test_a_bad_file_and_one_of_somebody_else_change_nothing(run: Run, folder: Path) -> None:
    good = f"SUMMARY:west-crew\n{EARLY}"
    for content, by, says in (
        (calendar(good, good), "ops", "重叠，或没有按先后 · shifts of one crew overlap"),
        (calendar(good, f"SUMMARY:九组\n{EARLY}"), "ops", "没有这个队组"),
        (calendar(good).replace("day", "日").encode("utf-16"), "ops", "UTF-8"),
        (calendar(good), "auditor", "role does not do this"),
        (calendar(good), "dispatcher", "role"),
    ):
        code, out, err = run("import", content, by=by)
        assert (code, out, err.count("\n")) == (2, "", 1), err
        assert says in err
        assert known(folder, "west-crew") is None


def test_a_file_that_is_missing_or_too_large_is_told_before_a_password_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _: pytest.fail("nobody should be asked"))
    large = tmp_path / "large.ics"
    with large.open("wb") as opened:
        opened.truncate(FILE_MOST + 1)
    opens = Path.open

    def no_roster(file: Path, *args: Any, **named: Any) -> Any:
        assert file.suffix != ".ics"
        return opens(file, *args, **named)

    monkeypatch.setattr(Path, "open", no_roster)
    for file, says in ((tmp_path / "gone.ics", "gone.ics: No such file"), (large, "24,000,001 > 24,000,000")):
        assert roster.main(["import", str(file), "--url", "http://127.0.0.1:9", "--by", "ops"]) == 2
        assert says in capsys.readouterr().err
