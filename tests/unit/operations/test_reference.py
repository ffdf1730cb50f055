"""`reference` at the terminal: a limit is changed at once; a second editor is shown both values."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.operations import reference
from commandcenter.server.auth import accounts
from commandcenter.server.storage import database
from tests.kit.district import PASSWORD, hashed, small_accounts, small_district
from tests.unit.operations.test_serve import served

OPS = Person("ops", Role.SYSTEM_ADMIN, Scope("", street=NOWHERE))
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("data")
    with database.writing(folder) as connection:
        small_district(connection)
        small_accounts(connection)
        accounts.put(connection, OPS, hashed())
    with served(folder) as (_, url):
        yield url


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line as the system administrator; returns its exit code, output and errors."""
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)

    def ran(*words: str, by: str = "ops", district: str = "d1") -> tuple[int, str, str]:
        code = reference.main([*words, "--url", url, "--by", by, *(["--district", district] if district else [])])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def _shown(run: Run, name: str) -> Any:
    return json.loads(run("show", name)[1])


def test_a_limit_is_changed_and_the_next_revision_told(run: Run) -> None:
    assert run("change", "kind:water", "limit.amount=8", "name=路面积水") == (0, "kind:water 2\n", "")
    now = _shown(run, "kind:water")
    assert (now["limit"]["amount"], now["limit"]["version"], now["name"], now["rev"]) == (8, 2, "路面积水", 2)


def test_who_edits_what_another_changed_meanwhile_is_shown_both_values(run: Run) -> None:
    assert run("change", "kind:stall", "limit.amount=3")[0] == 0
    code, out, err = run("change", "kind:stall", "name=摊点", "--seen", "1")
    assert (code, out) == (2, "")
    told, refused = err.splitlines()
    assert told == 'name: 你的 yours "摊点" · 现在 there "占道经营"'
    assert refused.startswith("别的席位先改了同一处 · ")
    assert _shown(run, "kind:stall")["name"] == "占道经营"


def test_a_record_is_created_listed_retired_and_brought_back(run: Run) -> None:
    assert run("create", "channel:letter", "name=来信", "by_hand=true") == (0, "channel:letter 1\n", "")
    assert run("retire", "channel:letter") == (0, "channel:letter 2\n", "")
    assert "letter\t来信\t2\t已停用 retired\n" in run("list", "channel")[1]
    assert run("revert", "channel:letter", "--to", "1") == (0, "channel:letter 3\n", "")
    lines = [line.split("\t") for line in run("history", "channel:letter")[1].splitlines()]
    assert [(rev, who, fact, changed, reverts) for rev, _, who, fact, changed, reverts in lines] == [
        ("3", "ops", "reference_reverted", "retired", "= 1"),
        ("2", "ops", "reference_retired", "retired", ""),
        ("1", "ops", "reference_created", "*", ""),
    ]
    assert "letter\t来信\t3\t\n" in run("list", "channel")[1]


def test_a_refusal_is_one_sentence_in_both_languages(run: Run) -> None:
    for words, says in (
        (("change", "kind:lid", "limit.amount=0"), "no deadline can be counted by that limit or calendar (lid)"),
        (("retire", "calendar:week"), "no deadline could be counted without it, so it is not retired (week)"),
        (("change", "holder:housing", "kind=unit"), "settled when it is created and cannot be changed (kind)"),
        (("change", "kind:lid", "colour=red"), "the platform cannot read this act"),
    ):
        code, out, err = run(*words)
        assert (code, out, err.count("\n")) == (2, "", 1), err
        assert says in err
    assert run("list", "kind", by="clerk")[0] == 2


def test_a_district_begins_and_its_first_street_is_named_in_it(run: Run) -> None:
    new = ("name=二区", "zone=Asia/Shanghai", "prefix=EQ")
    assert run("create", "district:d2", *new, district="") == (0, "district:d2 1\n", "")
    assert run("create", "street:north", "name=北", district="d2") == (0, "street:north 1\n", "")
    assert run("retire", "district:d2", district="") == (0, "district:d2 2\n", "")
    code, out, err = run("create", "district:d2", *new, district="")
    assert (code, out) == (2, "")
    assert "d2" in err
    assert run("create", "district:d3", "name=三区", district="")[0] == 2
