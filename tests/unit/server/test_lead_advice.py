"""Who should lead a case, asked of the platform: by what happened before, and for those who may ask."""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from commandcenter.domain.people import Holder, HolderKind, Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.platform import Platform
from commandcenter.server.queries import lead_advice, lead_precedents
from commandcenter.server.queries.lead_advice import LeadAdvisor
from tests.kit.district import NOON, hashed
from tests.kit.imported import ROW
from tests.kit.platform import Clock, Desk

Sit = Callable[[str], Awaitable[Desk]]
PUMP, LEAK = "小区二次供水泵房停水三天", "路边自来水管爆裂喷水"
DEPARTMENTS = ("housing", "health", "works")


@pytest.fixture(autouse=True)
def departments(platform: Platform) -> None:
    """Three departments with their seats, and shift leaders of the two streets."""
    made = [Holder(name, 1, HolderKind.DEPARTMENT, name, name, power=name) for name in DEPARTMENTS[1:]]
    platform.writer.submit(lambda connection: put_reference(connection, "d1", made, now=NOON)).result()
    people = [Person(name, Role.DEPARTMENT, Scope("d1", department=name)) for name in DEPARTMENTS[1:]]
    people += [Person(f"{one}-shift", Role.SHIFT_LEADER, Scope("d1", street=one)) for one in ("east", "west")]
    for person in people:
        platform.writer.submit(lambda connection, one=person: accounts.put(connection, one, hashed())).result()


@pytest.fixture
def sit(sit: Sit) -> Sit:
    """Sits everybody down once: the stories have many acts."""
    desks: dict[str, Desk] = {}

    async def down(user: str) -> Desk:
        desks[user] = desks.get(user) or await sit(user)
        return desks[user]

    return down


async def of_district(sit: Sit, text: str, street: str = "east", **more: Any) -> str:
    """Takes a case that nobody leads yet, and returns its id."""
    case = await (await sit("clerk")).take(street, text=text, **more)
    done = [await (await sit("shift")).do("file", case=case)]
    desk = await sit(f"{street}-desk")
    while (await (await sit("shift")).get(f"/v1/cases/{case}")).json()["tier"] != "district":
        done.append(await desk.do("escalate", case=case, reason="街镇办不了"))
    assert {one["status"] for one in done} == {"applied"}
    return case


async def led(sit: Sit, text: str, *leads: str, helpers: tuple[str, ...] = (), **more: Any) -> str:
    """A case that the last of `leads` led and settled, after the others had refused."""
    case, coordinator = await of_district(sit, text, **more), await sit("coordinator")
    for lead in leads[:-1]:
        assert (await coordinator.do("set_lead", case=case, to=lead))["status"] == "applied"
        refused = await (await sit(lead)).do("refuse_lead", case=case, objection="not_our_duty")
        assert refused["status"] == "applied"
    done = [await coordinator.do("set_lead", case=case, to=leads[-1], rank=1)]
    done += [await coordinator.do("add_co_handler", case=case, to=helper) for helper in helpers]
    done.append(await (await sit(leads[-1])).do("accept", case=case))
    for helper in helpers:
        desk = await sit(helper)
        done += [await desk.do(verb, case=case, **said) for verb, said in PART.items()]
    done.append(await (await sit(leads[-1])).do("report", case=case, finding="办好"))
    assert {one["status"] for one in done} == {"applied"}, done
    return case


PART: dict[str, dict[str, str]] = {"accept_task": {}, "report_task": {"finding": "合格"}}


async def told(desk: Desk, case: str) -> dict[str, Any]:
    answer = await desk.get(f"/v1/cases/{case}/recommendation")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def first(desk: Desk, case: str) -> str:
    return (await told(desk, case))["leads"][0]["holder"]


async def test_what_was_settled_before_is_the_precedent(sit: Sit, clock: Clock) -> None:
    before = [await led(sit, PUMP, "health", "housing", helpers=("works",)) for _ in range(2)]
    await led(sit, LEAK, "works")
    clock.forward(seconds=60)
    case = await of_district(sit, "泵房停水")
    found = await told(await sit("coordinator"), case)
    assert found["leads"][0]["holder"] == "housing"
    assert [one["holder"] for one in found["co_handlers"]] == ["works"]
    assert (found["case"], found["known"], found["reads_text"]) == (case, 3, True)
    shown = {one["case"]: one for one in found["precedents"]}
    for key in before:
        said = (shown[key]["lead"], shown[key]["helpers"], shown[key]["refused"], shown[key]["at"])
        assert said == ("housing", ["works"], ["health"], "2026-11-24T04:00:00Z")
    assert await first(await sit("coordinator"), await of_district(sit, "水管爆裂")) == "works"


async def test_what_happens_later_is_followed(sit: Sit) -> None:
    coordinator, case = await sit("coordinator"), await of_district(sit, PUMP)
    assert (await told(coordinator, case))["known"] == 0
    for count, who in enumerate(("works", "works", "health", "health", "health"), 1):
        await led(sit, PUMP, who)
        assert (await told(coordinator, case))["known"] == count
        leads = {1: "works", 2: "works", 5: "health"}.get(count)
        assert leads is None or await first(coordinator, case) == leads


async def test_fitting_takes_its_share_of_the_time_and_no_more(platform: Platform, sit: Sit) -> None:
    ticks = iter(range(0, 10_000_000, 10))  # each look at the clock takes ten seconds: fitting is slow
    advisor = LeadAdvisor(lambda: float(next(ticks)))
    seat = Person("coordinator", Role.COORDINATOR, Scope("d1"))
    await led(sit, PUMP, "works")
    case = await of_district(sit, PUMP)

    def known() -> int:
        def ask(connection: Any) -> int:
            found = lead_advice.find(connection, "d1", "case", case)
            return advisor.advise(connection, seat, found).known  # type: ignore[arg-type]

        return platform.readers.now(ask)

    assert known() == 1
    await led(sit, PUMP, "works")
    assert known() == 1  # just fitted
    assert [known() for _ in range(30)][-1] == 2


async def test_a_case_that_goes_on_elsewhere_is_no_precedent_any_more(sit: Sit) -> None:
    coordinator, case = await sit("coordinator"), await of_district(sit, PUMP)
    settled = await led(sit, PUMP, "works")
    assert (await told(coordinator, case))["known"] == 1
    assert (await (await sit("clerk")).do("close", case=settled))["status"] == "applied"
    assert (await (await sit("shift")).do("reopen", case=settled, reason="没修好"))["status"] == "applied"
    assert (await coordinator.do("change_lead", case=settled, to="health", reason="改派"))["status"] == "applied"
    assert (await told(coordinator, case))["known"] == 0


async def test_no_more_than_the_newest_precedents_are_kept(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_precedents, "MOST", 2)
    coordinator, case = await sit("coordinator"), await of_district(sit, PUMP)
    assert (await told(coordinator, case))["known"] == 0
    for _ in range(3):
        await led(sit, PUMP, "works")
    assert (await told(coordinator, case))["known"] == 2


async def test_after_more_than_can_be_followed_all_is_read_anew(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_advice, "FOLLOWED", 1)
    coordinator, case = await sit("coordinator"), await of_district(sit, PUMP)
    for count in range(3):
        assert (await told(coordinator, case))["known"] == count
        await led(sit, PUMP, "works")


async def test_who_refused_this_case_is_told_so(sit: Sit) -> None:
    for _ in range(4):
        await led(sit, PUMP, "works")
    coordinator, case = await sit("coordinator"), await of_district(sit, PUMP)
    assert await first(coordinator, case) == "works"
    await coordinator.do("set_lead", case=case, to="works", rank=1)
    await (await sit("works")).do("refuse_lead", case=case, objection="no_power")
    found = await told(coordinator, case)
    assert found["leads"][0]["holder"] != "works"
    against = next(one["against"] for one in found["leads"] if one["holder"] == "works")
    assert "refused_this" in {one["code"] for one in against}


async def test_a_department_that_was_retired_is_not_proposed(sit: Sit, platform: Platform) -> None:
    for _ in range(4):
        await led(sit, PUMP, "works", helpers=("health",))
    gone = [Holder(name, 2, HolderKind.DEPARTMENT, name, name, retired=True) for name in ("works", "health")]
    platform.writer.submit(lambda connection: put_reference(connection, "d1", gone, now=NOON)).result()
    found = await told(await sit("coordinator"), await of_district(sit, PUMP))
    assert [one["holder"] for one in found["leads"]] == ["housing"]
    assert found["co_handlers"] == []


def test_a_platform_that_nobody_asked_has_no_numpy_in_its_memory() -> None:
    said = "import sys, commandcenter.operations.serve, commandcenter.server.app; print('numpy' in sys.modules)"
    heard = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert heard.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("user", "status"),
    [
        *((user, 200) for user in ("coordinator", "dispatcher", "shift", "east-shift")),
        *((user, 403) for user in ("clerk", "system", "sensors", "east-desk", "housing")),
        *((user, 404) for user in ("west-shift", "west-desk", "west-urban", "health", "east-urban")),
    ],
)
async def test_who_may_ask(sit: Sit, user: str, status: int) -> None:
    case = await of_district(sit, PUMP)
    assert (await (await sit("coordinator")).do("set_lead", case=case, to="housing"))["status"] == "applied"
    answer = await (await sit(user)).get(f"/v1/cases/{case}/recommendation")
    assert answer.status_code == status
    assert status == 200 or PUMP not in answer.text


async def test_a_case_that_there_is_not_is_answered_as_one_out_of_sight(sit: Sit) -> None:
    hidden, desk = await of_district(sit, PUMP, "west"), await sit("east-shift")
    answers = [
        await desk.get(f"/v1/cases/{key}/recommendation") for key in (hidden, "018f0000-0000-7000-8000-00000000ffff")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


async def test_a_street_is_shown_its_own_precedents_alone(sit: Sit) -> None:
    here = await led(sit, PUMP, "works", street="east")
    there = await led(sit, PUMP, "works", street="west")
    case = await of_district(sit, PUMP)
    shown = {
        user: {one["case"] for one in (await told(await sit(user), case))["precedents"]}
        for user in ("shift", "east-shift")
    }
    assert shown == {"shift": {here, there}, "east-shift": {here}}
    assert await first(await sit("east-shift"), case) == "works"


async def test_withheld_words_are_neither_told_nor_considered(sit: Sit) -> None:
    for _ in range(3):
        await led(sit, PUMP, "health")
        await led(sit, LEAK, "works")
    secret = await of_district(sit, f"我是租客，{LEAK}", secret=True)
    plain = await of_district(sit, f"我是租客，{LEAK}")
    leader, coordinator = await sit("shift"), await sit("coordinator")
    for reader in (leader, coordinator):
        assert any(one["words"] == LEAK for one in (await told(reader, plain))["changes"])
    read, withheld = await told(leader, secret), await told(coordinator, secret)
    assert (read["reads_text"], withheld["reads_text"]) == (True, False)
    assert any(one["words"] == LEAK for one in read["changes"])
    assert not [word for word in ("租客", LEAK) if word in json.dumps(withheld, ensure_ascii=False)]
    empty = await told(coordinator, await of_district(sit, "其他"))
    assert [one["score"] for one in withheld["leads"]] == [one["score"] for one in empty["leads"]]


async def test_the_words_of_a_secret_case_are_no_precedent(sit: Sit) -> None:
    for _ in range(3):
        await led(sit, LEAK, "works", secret=True)
        await led(sit, PUMP, "health", secret=True)
    coordinator = await sit("coordinator")
    scores = [(await told(coordinator, await of_district(sit, text)))["leads"] for text in (LEAK, PUMP)]
    assert scores[0] == scores[1]


async def test_no_answer_has_the_text_of_a_precedent(sit: Sit) -> None:
    await led(sit, "泵房停水，住户王某说有人偷卖", "works")
    found = await told(await sit("coordinator"), await of_district(sit, "泵房停水"))
    assert found["precedents"]
    assert "王某" not in json.dumps(found, ensure_ascii=False)
    assert not {"text", "place", "finding"} & set(found["precedents"][0])


async def test_a_lead_that_an_import_names_is_a_precedent(sit: Sit) -> None:
    row = ROW | {"tier": "district", "stage": "closed", "responsible": "works", "text": PUMP, "kind": "water"}
    row |= {"ended_at": "2026-11-24T03:00:00Z"}
    system = await sit("system")
    answer = await system.post("/v1/imports", {"district": "d1", "commands": [row]})
    assert answer.status_code == 200, answer.text
    found = await told(await sit("coordinator"), await of_district(sit, PUMP))
    assert (found["known"], found["leads"][0]["holder"]) == (1, "works")
