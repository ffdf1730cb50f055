"""Random requests to the platform under every role: no internal error, no data that the asker may not see."""

import json
import random
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import true

from commandcenter.domain import commands
from commandcenter.domain.people import Person
from commandcenter.server.app import create_app
from commandcenter.server.command_pipeline import adoption
from commandcenter.server.queries import case_lists
from commandcenter.server.routes import figures
from tests.faults import mutants
from tests.fuzz.caller import Heard, Request, call
from tests.fuzz.fuzz import Fuzz, run
from tests.fuzz.hall import Hall, canary_hall, known
from tests.fuzz.judge import leaks
from tests.fuzz.values import SURPLUS, Maker
from tests.kit.platform import new_id

SEED = 20261124
RUNS = 8  # at most: when the document changes, the same seed draws other requests
pytestmark = pytest.mark.expects_log("cursor tokens shown that this platform did not make")


async def test_a_thousand_requests_bring_no_mistake_and_no_leak(tmp_path: Path) -> None:
    tally = await run(tmp_path, requests=1000, seed=SEED)
    assert not tally.wrong, "\n".join(tally.wrong)
    assert tally.line == "requests 1000, 0 x 5xx, 0 leaks, 0 other faults"
    reached = {(method, path) for (method, path, status), _ in tally.reached.items() if status == 200}
    assert {("POST", "/v1/commands"), ("GET", "/v1/cases"), ("GET", "/v1/cases/{id}/history")} <= reached


async def test_a_list_that_forgets_the_scope_is_found_out(tmp_path: Path) -> None:
    found = 0
    with patch.object(case_lists, "case_filter", lambda scope: true()):
        for number in range(RUNS):
            found = found or (await run(tmp_path / str(number), requests=1000, seed=SEED + number)).leaks
    assert found


@pytest.mark.expects_log("ended in an error")  # a command that the broken rule lets through may have no outcome
@pytest.mark.parametrize("name", ["taken over across streets", "a return without an application"])
async def test_a_power_that_nobody_has_is_found_out_in_what_was_done(tmp_path: Path, name: str) -> None:
    proven = patch.object(adoption, "is_attested_by", lambda *given: True)  # random adoptions have no attestation
    wrong: list[str] = []
    for number in range(RUNS):
        if not wrong:
            with mutants.applied(name), proven:
                tally = await run(tmp_path / str(number), requests=700, seed=SEED + number)
            wrong = [line for line in tally.wrong if ": a power: " in line]
    assert wrong


async def test_a_street_that_sees_the_whole_district_is_found_out(tmp_path: Path) -> None:
    with mutants.applied("a street sees the whole district"):
        tally = await run(tmp_path, requests=700, seed=SEED)
    assert tally.leaks


async def test_requests_that_no_run_before_has_seen_bring_no_mistake(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seed = secrets.randbelow(1 << 30)
    again = f"main.py test fuzz --requests 300 --seed {seed}"
    record_property("seeds", again)
    tally = await run(tmp_path, requests=300, seed=seed)
    assert not tally.wrong, "\n".join((again, *tally.wrong))


@pytest.mark.expects_log("the database did not answer")
async def test_a_mistake_of_the_platform_is_found_out(tmp_path: Path) -> None:
    def broken(*given: Any, **more: Any) -> None:
        raise ZeroDivisionError

    with patch.object(figures.figures, "summary", broken):
        tally = await run(tmp_path, requests=300, seed=SEED)
    assert tally.mistakes


async def test_who_asks_for_another_s_case_hears_what_who_asks_for_none_hears(tmp_path: Path) -> None:
    """For each role, foreign case, documented path and command: the same answer as for a case that does not exist."""
    with canary_hall(tmp_path) as hall:
        app, cells = create_app(hall.platform), 0
        documented = app.openapi()["paths"].items()
        paths = [path for path, methods in documented if "/cases/{id}" in path and "get" in methods]
        assert len(paths) >= 2
        for person in (one for one in hall.people if one is not None):
            ask, nothing = await _asker(hall, person, app), new_id()
            foreign = _foreign(hall, person)
            for key in foreign:
                for path in paths:
                    got, none = [await ask(Request("GET", path.format(id=one))) for one in (key, nothing)]
                    assert (got.status, got.body) == (404, none.body), (person, path)
                    cells += 1
            for name in (name for name in commands.NAMES if name not in ("take", "import", "locate_crew")):
                one, other = [_result(await ask(_command(name, key)), key) for key in (foreign[0], nothing)]
                assert one == other, (person, name)
                cells += 1
        assert cells > 500


async def test_no_write_takes_a_field_that_it_does_not_know(tmp_path: Path) -> None:
    """Every request body in the document and every command: an unknown field is refused."""
    with canary_hall(tmp_path) as hall:
        app = create_app(hall.platform)
        document = app.openapi()
        system = next(one for one in hall.people if one is not None and one.user == "system")
        ask, maker = (
            await _asker(hall, system, app),
            Maker(document, random.Random(1), known(hall, random.Random(2).choice)),
        )
        schemas = document["components"]["schemas"]
        for path, methods in document["paths"].items():
            for method, said in methods.items():
                wanted = said.get("requestBody", {}).get("content", {}).get("application/json")
                good = {} if wanted is None else json.loads(maker.body(wanted["schema"], spoil=0.0))
                fields = {} if wanted is None else schemas[wanted["schema"]["$ref"].rpartition("/")[2]]["properties"]
                for surplus in (name for name in SURPLUS if good and name not in fields):
                    body = json.dumps({surplus: "x"} | good).encode()
                    heard = await ask(Request(method.upper(), path, body=body))
                    assert heard.status == 422, (path, surplus, heard)
                    assert b"unknown field" in heard.body or b"Extra" in heard.body, heard
        for name in commands.NAMES:
            result = _result(await ask(_command(name, "no-case", actor="boss")), "no-case")
            assert (result["status"], result["code"]) == ("refused", "unreadable"), name


async def test_a_seed_asks_the_same_again(tmp_path: Path) -> None:
    asked: list[list[tuple[str, str]]] = []
    for number in range(2):
        with canary_hall(tmp_path / str(number)) as hall:
            fuzz = Fuzz(hall, 5)
            for _ in range(60):
                await fuzz.one()
            asked.append([(str(status), str(count)) for status, count in sorted(fuzz.tally.statuses.items())])
    assert asked[0] == asked[1]


async def test_the_own_street_is_no_leak_and_another_one_is(tmp_path: Path) -> None:
    with canary_hall(tmp_path) as hall:
        east = next(one for one in hall.people if one is not None and one.user == "east-desk")
        words = [canary.word for canary in hall.canaries]
        heard = Heard(200, {"content-type": "text/plain"}, " ".join(words).encode())
        found = leaks(hall, {east}, Request("GET", "/v1/snapshot"), heard)
        own = {canary.word for canary in hall.canaries if hall.may_see(east, canary)}
        assert {canary.word for canary in found} == set(words) - own
        assert len(own) == 5  # four cases, one crew


def _foreign(hall: Hall, person: Person) -> list[str]:
    """Returns the cases that the person may not see; never empty, because of the other district."""
    words = [canary for canary in hall.canaries if canary.record is not None and canary.record[0] == "case"]
    seen = [canary for canary in words if not canary.is_secret]  # each case has one, which shows that it exists
    return [canary.record[1] for canary in seen if canary.record and not hall.may_see(person, canary)]


async def _asker(hall: Hall, person: Any, app: Any) -> Any:
    headers = (("authorization", f"Bearer {await hall.token(person)}"), ("content-type", "application/json"))

    async def ask(request: Request) -> Heard:
        return await call(app, Request(request.method, request.path, request.query, headers, request.body))

    return ask


def _command(name: str, case: str, **more: Any) -> Request:
    args = {"case": case, "to": "east-urban", "finding": "x", "reason": "x"} | more
    shape = commands.NAMES[name]
    given = {key: value for key, value in args.items() if key in shape.__dataclass_fields__ or key in more}
    wish = {"cmd_id": new_id(), "cseq": 1, "type": name, "args": given, "made_at": "2026-11-24T04:00:00Z"}
    wish["bases"] = {f"case:{case}": 1}
    batch = {"epoch": 1, "console_id": "console-a", "commands": [wish]}
    return Request("POST", "/v1/commands", body=json.dumps(batch).encode())


def _result(heard: Heard, case: str) -> dict[str, Any]:
    """Returns the only result, without the ids that were sent."""
    result = json.loads(heard.body.replace(case.encode(), b"?"))["results"][0]
    return {name: value for name, value in result.items() if name != "cmd_id"}
