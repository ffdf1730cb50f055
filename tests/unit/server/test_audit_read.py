"""An audit administrator reads who did what: newest first, in pages, within the own district."""

from typing import Any

import httpx
import pytest

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.platform import Platform
from commandcenter.server.storage import audit
from tests.kit.district import NOON, hashed
from tests.kit.platform import Desk, sit_down


async def _sits(platform: Platform, http: httpx.AsyncClient, user: str, district: str) -> Desk:
    person = Person(user, Role.AUDIT_ADMIN, Scope(district, street=NOWHERE))
    await platform.writer.do(lambda connection: accounts.put(connection, person, hashed()))
    return await sit_down(http, user)


async def _read(desk: Desk, **asked: Any) -> dict[str, Any]:
    answer = await desk.get("/v1/audit", **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _told(page: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(row["user"], row["action"], row["outcome"]) for row in page["items"]]


@pytest.fixture
async def auditor(platform: Platform, http: httpx.AsyncClient) -> Desk:
    return await _sits(platform, http, "auditor", "")


async def test_who_did_what_is_read_newest_first(sit: Any, auditor: Desk) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    taken = await clerk.take("east", text="积水")
    await shift.do("file", case=taken)
    acts = [row for row in (await _read(auditor))["items"] if row["record"] == f"case:{taken}"]
    assert [(row["user"], row["role"], row["action"], row["outcome"]) for row in acts] == [
        ("shift", "shift_leader", "file", "applied"),
        ("clerk", "intake_clerk", "take", "applied"),
    ]
    assert all(row["district"] == "d1" and row["cmd_id"] and "积水" not in str(row) for row in acts)


async def test_one_user_or_action_is_found(sit: Any, auditor: Desk) -> None:
    for user in ("clerk", "shift"):
        await sit(user)
    assert _told(await _read(auditor, user="shift")) == [("shift", "sign_in", "ok")]
    assert {row[1] for row in _told(await _read(auditor, action="sign_in"))} == {"sign_in"}
    assert _told(await _read(auditor, user="shift", action="take")) == []


async def test_pages_follow_each_other_and_those_after_the_first_are_audited(platform: Platform, auditor: Desk) -> None:
    def more(connection: Any) -> None:
        for number in range(5):
            audit.note_without_role(connection, "x", "d1", "sign_in", at=NOON, outcome=str(number))

    await platform.writer.do(more)
    first = await _read(auditor, user="x", limit=3)
    last = await _read(auditor, user="x", limit=3, cursor=first["next"])
    assert [row["outcome"] for row in first["items"] + last["items"]] == ["4", "3", "2", "1", "0"]
    assert last["next"] is None
    await platform.writer.do(lambda connection: None)
    assert _told(await _read(auditor, action="audit")) == [("auditor", "audit", f"2 before {first['next']}")]


async def test_the_auditor_of_one_district_reads_nothing_of_elsewhere(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    own = await _sits(platform, http, "own", "d1")

    def elsewhere(connection: Any) -> None:
        audit.note_without_role(connection, "x", "d2", "sign_in", at=NOON, outcome="ok")

    await platform.writer.do(elsewhere)
    assert {row["district"] for row in (await _read(own))["items"]} == {"d1"}
