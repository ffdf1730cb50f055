"""`audit` at the terminal: who did what is told newest first, of everybody or of one account."""

from pathlib import Path

import pytest

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.operations import audit, setting
from commandcenter.server.auth import accounts
from commandcenter.server.storage import database
from tests.kit.district import PASSWORD, hashed, small_district
from tests.unit.operations.test_serve import served


def test_what_an_administrator_set_is_read_by_the_auditor_over_several_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.writing(tmp_path) as connection:
        small_district(connection)
        for user, role in (("admin", Role.SECURITY_ADMIN), ("auditor", Role.AUDIT_ADMIN)):
            accounts.put(connection, Person(user, role, Scope("", street=NOWHERE)), hashed())
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)
    monkeypatch.setattr(audit, "PAGE_MOST", 1)
    with served(tmp_path) as (_, url):
        assert setting.main(["sign_in_hours", "8", "--url", url]) == 0
        assert setting.main(["sign_in_hours", "99", "--url", url]) == 2
        capsys.readouterr()
        assert audit.main(["--user", "admin", "--action", "change_setting", "--url", url, "--by", "auditor"]) == 0
        told = [line.split("\t")[1:] for line in capsys.readouterr().out.splitlines()]
        same = ["", "admin", "security_admin", "change_setting", "setting:sign_in_hours"]
        assert told == [[*same, "out_of_bounds"], [*same, "applied 8"]]
        assert audit.main(["--most", "1", "--url", url, "--by", "auditor"]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 1
        assert audit.main(["--url", url, "--by", "admin"]) == 2
        assert capsys.readouterr().err
