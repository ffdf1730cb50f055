"""A telephone or a card number never gets into a record, by whatever field it is sent."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from commandcenter.domain.cases import Case
from commandcenter.domain.personal import is_personal_id
from commandcenter.server.platform import Platform
from commandcenter.server.storage import projections
from tests.kit import imported

NUMBER = "13812345678"
KEPT = "138****5678"


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"text": f"积水，联系{NUMBER}"}, "text"),
        ({"text": "积水，联系138\u200b1234\u200b5678"}, "text"),
        ({"place": f"宁国路口 {NUMBER}"}, "place"),
        ({"external": NUMBER}, "external"),
        ({"external": f"来电{NUMBER}"}, "external"),
        ({"petitioner": NUMBER}, "petitioner"),
        ({"petitioner": f"tel-{NUMBER}"}, "petitioner"),
        ({"petitioner": "11010519491231002X"}, "petitioner"),
    ],
)
async def test_a_case_is_not_taken_with_a_telephone_where_everybody_reads_it(
    sit: Any, args: dict[str, str], field: str
) -> None:
    clerk = await sit("clerk")
    given = {"case": "c1", "channel": "hotline", "kind": "water", "text": "积水", "place": "宁国路口", "street": "east"}
    answer = await clerk.do("take", **(given | args))
    assert (answer["status"], answer["code"], answer["about"]) == ("refused", "personal_number", field)
    assert (await clerk.get("/v1/cases/c1")).status_code == 404


async def test_no_word_of_an_act_holds_a_telephone(sit: Any) -> None:
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await clerk.take(petitioner="018bcfe5-6800-7000-8000-138123456780")
    assert (await shift.do("file", case=case))["status"] == "applied"
    noted = await dispatcher.do("dispatch", case=case, to="east-urban", note=f"打{NUMBER}")
    assert (noted["code"], noted["about"]) == ("personal_number", "note")
    assert (await dispatcher.do("dispatch", case=case, to="east-urban", note="单号20260703001"))["status"] == "applied"
    applied = await unit.do("apply_return", case=case, reason=f"已联系{NUMBER}")
    assert (applied["code"], applied["about"]) == ("personal_number", "reason")
    assert (await unit.do("accept", case=case))["status"] == "applied"
    found = await unit.do("report", case=case, finding="回访021-56781234")
    assert (found["code"], found["about"]) == ("personal_number", "finding")


async def test_what_a_system_sends_is_not_lost_but_masked(sit: Any) -> None:
    channel = await sit("sensors")
    case = await channel.take(channel="sensor", text=f"水位高，值守{NUMBER}")
    clerk = await sit("clerk")
    assert (await clerk.get(f"/v1/cases/{case}")).json()["text"] == f"水位高，值守{KEPT}"


async def test_a_channel_that_is_not_by_hand_is_not_taken_by_hand(sit: Any) -> None:
    clerk = await sit("clerk")
    given = {"kind": "water", "text": "积水", "place": "宁国路口", "street": "east"}
    answer = await clerk.do("take", case="c2", channel="sensor", **given)
    assert (answer["status"], answer["code"], answer["about"]) == ("refused", "not_by_hand", "sensor")


@pytest.mark.parametrize(
    ("name", "field", "args"), [("file", "kind", {}), ("dispatch", "to", {"note": "请速办"})], ids=["kind", "holder"]
)
async def test_what_is_chosen_for_a_case_is_an_id_and_no_text(
    sit: Any, name: str, field: str, args: dict[str, str]
) -> None:
    case = await (await sit("clerk")).take()
    who = await sit("shift" if name == "file" else "dispatcher")
    answer = await who.do(name, case=case, **{field: f"张三 {NUMBER}"}, **args)
    assert (answer["status"], answer["code"], answer["about"]) == ("refused", "bad_id", field)


@pytest.mark.parametrize("key", [NUMBER, f"tel-{NUMBER}"])
async def test_a_telephone_is_the_id_of_no_case(sit: Any, key: str) -> None:
    given = {"channel": "hotline", "kind": "water", "text": "积水", "place": "宁国路口", "street": "east"}
    answer = await (await sit("clerk")).do("take", case=key, **given)
    assert (answer["status"], answer["code"], answer["about"]) == ("refused", "bad_id", "case")


async def test_the_number_of_a_complaint_is_kept_without_what_nobody_sees(sit: Any) -> None:
    clerk = await sit("clerk")
    case = await clerk.take(external=" 包河〔2026〕\x0012\u202e号 ")
    assert (await clerk.get(f"/v1/cases/{case}")).json()["external"] == "包河〔2026〕12号"


@pytest.mark.parametrize("job", [f"找{NUMBER}", "a\x00b", "<img src=x>", "a\u202eb"])
async def test_a_crew_s_job_is_an_id_and_no_text(sit: Any, job: str) -> None:
    spot = {"lon": 117.3, "lat": 31.8}
    located = await (await sit("east-urban")).do("locate_crew", crew="east-crew", spot=spot, status="en_route", job=job)
    assert (located["status"], located["code"], located["about"]) == ("refused", "bad_id", "job")


@pytest.mark.parametrize("job", [NUMBER, f"tel-{NUMBER}"])
async def test_a_crew_s_job_is_no_telephone(sit: Any, job: str) -> None:
    spot = {"lon": 117.3, "lat": 31.8}
    located = await (await sit("east-urban")).do("locate_crew", crew="east-crew", spot=spot, status="en_route", job=job)
    assert (located["status"], located["code"], located["about"]) == ("refused", "personal_number", "job")


@pytest.mark.parametrize("field", ["source_hash", "spot_gap", "merged_into"])
async def test_no_id_in_a_row_is_a_telephone(sit: Any, field: str) -> None:
    (told,) = await _imported(await sit("system"), imported.ROW | {field: NUMBER})
    assert (told["status"], told["code"], told["about"]) == ("refused", "personal_number", field)


async def test_eleven_digits_within_a_digest_are_nobody_s_telephone(sit: Any) -> None:
    digest = f"{'ab' * 26}e{NUMBER}"
    assert is_personal_id(digest)
    (told,) = await _imported(await sit("system"), imported.ROW | {"source_hash": digest})
    assert told["status"] == "new"


@pytest.mark.parametrize("external", [NUMBER, f"来电{NUMBER}"])
async def test_no_system_takes_a_case_by_a_telephone(sit: Any, external: str) -> None:
    given = {"channel": "sensor", "kind": "water", "text": "积水", "place": "路口", "street": "east"}
    channel = await sit("sensors")
    answer = await channel.do("take", case="c3", external=external, **given)
    assert (answer["status"], answer["code"], answer["about"]) == ("refused", "personal_number", "external")
    assert (await channel.get("/v1/cases/c3")).status_code == 404


async def test_the_number_of_a_row_is_masked_and_the_row_stays_one_case(sit: Any) -> None:
    system = await sit("system")
    row = imported.ROW | {"external": f"来电{NUMBER}", "channel": "hotline"}
    alike = row | {"case": "ext-2", "external": "来电13899995678"}  # the same once it is masked
    first, other = await _imported(system, row, alike)
    again = await _imported(system, row, row | {"source_hash": "b"}, alike | {"source_hash": "c"})
    assert [one["status"] for one in (first, other, *again)] == ["new", "new", "unchanged", "changed", "changed"]
    assert [one["case"] for one in again] == [first["case"], first["case"], other["case"]] != [first["case"]] * 3
    for case in (first["case"], other["case"]):
        told = await system.get(f"/v1/cases/{case}")
        assert told.json()["external"] == f"来电{KEPT}"
        facts = await system.get(f"/v1/cases/{case}/history")
        assert NUMBER not in told.text + facts.text


async def test_a_row_that_an_earlier_version_kept_with_its_number_stays_that_case(sit: Any, platform: Platform) -> None:
    system = await sit("system")
    row = imported.ROW | {"external": f"来电{NUMBER}"}
    (first,) = await _imported(system, row)

    def as_before(connection: Connection) -> None:
        case = projections.find(connection, "d1", "case", first["case"])
        assert isinstance(case, Case)
        projections.store(connection, "d1", replace(case, external=row["external"]), before=case)

    platform.writer.submit(as_before).result()
    (again,) = await _imported(system, row | {"case": "otherwise-called", "source_hash": "b"})
    assert (again["status"], again["case"]) == ("changed", first["case"])
    assert (await system.get(f"/v1/cases/{first['case']}")).json()["external"] == f"来电{KEPT}"


async def _imported(desk: Any, *rows: dict[str, Any]) -> Any:
    answer = await desk.post("/v1/imports", {"district": "d1", "commands": rows})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]
