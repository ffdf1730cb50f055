"""`setting` at the terminal: what is set is listed with its bounds; a change is in force at once and told with who."""

from pathlib import Path

import pytest

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.operations import setting
from commandcenter.server.auth import accounts
from commandcenter.server.storage import database
from tests.kit.district import PASSWORD, hashed, small_district
from tests.unit.operations.test_serve import served


def test_a_setting_is_listed_changed_and_told_with_its_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.writing(tmp_path) as connection:
        small_district(connection)
        accounts.put(connection, Person("admin", Role.SECURITY_ADMIN, Scope("", street=NOWHERE)), hashed())
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)
    with served(tmp_path, "--quotas", "4") as (_, url):
        assert setting.main(["--url", url]) == 0
        listed = capsys.readouterr().out
        assert "sign_in_hours\t12\th\t1 – 24\n" in listed
        assert "quota_factor\t4\t\t1 – 10\n" in listed
        assert setting.main(["sign_in_hours", "8", "--url", url]) == 0
        now, told = capsys.readouterr().out.splitlines()
        assert now == "sign_in_hours\t8\th\t1 – 24"
        rev, value, _, actor = told.split("\t")
        assert (rev, value, actor) == ("1", "8", "admin")
        assert setting.main(["sign_in_hours", "6", "--seen", "0", "--url", url]) == 2
        assert capsys.readouterr().err.endswith("(6 ≠ 8)\n")
        assert setting.main(["sign_in_hours", "99", "--url", url]) == 2
        assert "out of the bounds of this setting (1 – 24 h)" in capsys.readouterr().err
