"""A telephone or a card number never gets into a record, by whatever field it is sent."""

from typing import Any

import pytest

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
