"""What a snapshot holds: the scope's own, the day's cases, and the word for its place in the log."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import District
from commandcenter.protocol.retention import ENDED_SHOWN_FOR
from commandcenter.server.auth.current_role import current_role_of
from commandcenter.server.platform import Platform
from commandcenter.server.streaming import snapshots
from tests.kit.district import reference, small_accounts, small_district
from tests.kit.platform import Clock, new_id, wish
from tests.unit.server.conftest import Sends

TAKE = {"channel": "hotline", "kind": "stall", "text": "占道", "place": "路口", "street": "east"}
CREWS = {"east-crew", "west-crew"}


def of(platform: Platform, user: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Head and records of the snapshot of `user` now."""
    now, tokens = platform.now(), platform.cursor_tokens
    chunks = platform.readers.now(
        lambda con: snapshots.snapshot(con, current_role_of(con, user, now), now, tokens)
    ).chunks
    head, *lines, end = [json.loads(line) for line in b"".join(chunks).splitlines()]
    assert head["n"] == end["n"] == len(lines)
    return head, lines


def digest_of(platform: Platform, user: str) -> str:
    """The digest of the board of `user`, which has nothing that has ended: that leaves boards by the clock."""
    return platform.readers.now(lambda con: snapshots.digest(con, current_role_of(con, user, platform.now()).person))


def told(lines: Iterable[dict[str, Any]]) -> str:
    """The digest of the records of a snapshot."""
    keys = sorted((one["kind"], one["record"]["id"], one["record"]["rev"]) for one in lines)
    return sha256("".join(f"{kind} {key} {rev}\n" for kind, key, rev in keys).encode()).hexdigest()


@pytest.fixture
def beside(platform: Platform) -> str:
    """Another district of the same records on the same platform."""
    other = District("d2", 1, "另一区", "Asia/Shanghai", "LY")
    platform.writer.submit(lambda con: small_district(con, district=other)).result()
    platform.writer.submit(lambda con: small_accounts(con, district="d2", prefix="other-")).result()
    return other.id


@pytest.mark.parametrize(
    ("user", "crews"),
    [
        ("clerk", CREWS),
        ("east-desk", {"east-crew"}),
        ("west-urban", {"west-crew"}),
        ("east-team", {"east-crew"}),
        ("housing", set()),
    ],
)
def test_reference_records_are_everybodys_and_crews_their_own(
    platform: Platform, beside: str, user: str, crews: set[str]
) -> None:
    _, lines = of(platform, user)
    _, others = of(platform, f"other-{user}")
    shared = {one.id for one in reference()} - CREWS
    assert {one["record"]["id"] for one in lines} == {*shared, *crews, "d1", "week"}
    assert {one["record"]["id"] for one in others} == {*shared, *crews, beside, "week"}
    assert len(lines) == len(others) == len(shared) + len(crews) + 2


def test_a_case_and_its_sub_tasks_stay_for_less_than_a_day_after_their_end_and_are_in_no_digest(
    sends: Sends, platform: Platform, clock: Clock
) -> None:
    case = new_id()

    def on(user: str, name: str, rev: int, **args: Any) -> None:
        assert sends(user, wish(name, bases={f"case:{case}": rev}, case=case, **args))[0]["status"] == "applied"

    on("clerk", "take", 0, **TAKE)
    on("shift", "file", 1)
    on("dispatcher", "dispatch", 2, to="east-urban")
    on("east-urban", "accept", 3)
    on("east-desk", "whistle", 4, to="housing", note="认定", due=(platform.now() + timedelta(hours=1)).isoformat())
    on("housing", "arrive", 5)
    on("east-urban", "report", 6, finding="已劝离")
    assert digest_of(platform, "clerk") == told(of(platform, "clerk")[1])
    on("shift", "close", 7)
    head, lines = of(platform, "clerk")
    assert [one["record"]["rev"] for one in lines if one["record"]["id"] == case] == [8]
    assert [one["record"]["case"] for one in lines if one["kind"] == "task"] == [case]
    assert digest_of(platform, "clerk") == told(one for one in lines if case not in str(one))
    clock.forward(seconds=ENDED_SHOWN_FOR / timedelta(seconds=1) - 1)
    assert case in str(of(platform, "clerk")[1])
    clock.forward(seconds=1)
    later, lines = of(platform, "clerk")
    assert case not in str(lines)
    assert (later["cursor"], later["epoch"], later["scope_ver"]) == (head["cursor"], 1, 1)


def test_a_snapshot_bears_the_token_of_its_cursor(sends: Sends, platform: Platform) -> None:
    (said,) = sends("clerk", wish("take", case=new_id(), **TAKE))
    head, _ = of(platform, "west-desk")
    assert (head["cursor"], head["cursor_token"]) == (said["seq"], said["cursor_token"])


def test_a_digest_is_counted_once_for_all_who_see_the_same(
    sends: Sends, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, digest = [], snapshots.digest
    monkeypatch.setattr(snapshots, "digest", lambda con, seat: (counted.append(seat), digest(con, seat))[1])
    whole, east, unit = (
        Person("x", Role.UNIT, scope) for scope in (Scope("d1"), Scope("d1", "east"), Scope("d1", unit="east-urban"))
    )

    def asked(seat: Person) -> tuple[int, str]:
        return platform.readers.now(lambda con: platform.digests.now(con, seat))

    first = [asked(seat) for seat in (whole, east, whole, Person("y", Role.LEADER, Scope("d1")), east)]
    assert (counted, len(set(first))) == ([whole, east], 2)
    asked(unit), asked(replace(unit, user="y"))
    assert counted[2:] == [unit]
    grid = Person("x", Role.GRID_LEADER, Scope("d1", "east", grid="east-team"))
    asked(grid), asked(replace(grid, user="y"))  # each sees what they took in
    assert counted[3:] == [grid, replace(grid, user="y")]
    del counted[2:]
    (said,) = sends("clerk", wish("take", case=new_id(), **TAKE))
    second = asked(whole)
    assert (asked(whole), counted, second[0]) == (second, [whole, east, whole], said["seq"])
    assert second[1] not in {one for _, one in first}
