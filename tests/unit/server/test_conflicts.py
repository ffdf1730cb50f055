"""Who saw an older board: what is a conflict, what merges, and what the answer shows, row by row."""

from typing import Any

import msgspec
import pytest

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.platform import Platform
from commandcenter.server.storage import epochs
from tests.kit.district import DISTRICT, hashed, reference
from tests.kit.platform import Desk, new_id, wish


def on(name: str, case: str, rev: int | None, **args: Any) -> dict[str, Any]:
    """A command given by who saw `case` at revision `rev` (None: never)."""
    more = {"epoch": args.pop("epoch")} if "epoch" in args else {}
    return wish(name, bases=({} if rev is None else {f"case:{case}": rev}) | more, case=case, **args)


@pytest.fixture
async def dispatched(sit: Any, filed: str) -> str:
    """Taken by clerk, filed by shift, dispatched by dispatcher: revision 3, held by the east's urban unit."""
    done = await (await sit("dispatcher")).send(on("dispatch", filed, 2, to="east-urban"))
    assert done[0]["status"] == "applied"
    return filed


# who gives which command having seen which revision, and what happened since that they are shown (None: no conflict)
ROWS = [
    ("dispatcher", "dispatch", 3, None),
    ("dispatcher", "dispatch", 2, None),  # since then they themselves did it
    ("dispatcher", "dispatch", 1, ["filed", "dispatched"]),
    ("dispatcher", "dispatch", 0, ["taken", "filed", "dispatched"]),
    ("dispatcher", "dispatch", None, ["taken", "filed", "dispatched"]),
    ("dispatcher", "dispatch", -7, ["taken", "filed", "dispatched"]),
    ("dispatcher", "dispatch", 4, []),  # nobody ever saw such a revision
    ("dispatcher", "dispatch", 9, []),
    ("east-desk", "dispatch", 3, None),
    ("east-desk", "dispatch", 2, ["dispatched"]),
    ("shift", "file", 2, ["dispatched"]),
    ("shift", "file", 1, ["filed", "dispatched"]),
    ("clerk", "file", 0, ["taken", "filed", "dispatched"]),
    ("west-desk", "dispatch", 0, None),  # who does not see the case is not told of it
    ("west-desk", "dispatch", 9, None),
]


@pytest.mark.parametrize(("user", "name", "rev", "since"), ROWS, ids=lambda one: str(one))
async def test_a_command_from_an_older_board(
    sit: Any, dispatched: str, user: str, name: str, rev: int | None, since: list[str] | None
) -> None:
    args = {"to": "east-police"} if name == "dispatch" else {}
    (said,) = await (await sit(user)).send(on(name, dispatched, rev, **args))
    if since is None:
        code = "unknown_case" if user == "west-desk" else "stage"
        assert (said["status"], said["code"], "current" in said) == ("refused", code, False)
        return
    assert (said["status"], said["code"], said["about"]) == ("conflict", "changed", "dispatched")
    assert [one["type"] for one in said.get("since", [])] == since
    assert (said["current"]["kind"], said["current"]["record"]["rev"]) == ("case", 3)
    assert said["current"]["record"]["id"] == dispatched


@pytest.mark.parametrize(
    ("user", "name", "conflicts"),
    [("dispatcher", "deny_return", True), ("east-urban", "accept", False), ("shift", "close", False)],
)
async def test_a_change_of_what_a_command_does_not_touch_is_in_nobodys_way(
    sit: Any, dispatched: str, platform: Platform, user: str, name: str, conflicts: bool
) -> None:
    second = Person("second-hand", Role.UNIT, Scope(DISTRICT.id, street="east", unit="east-urban"))
    platform.writer.submit(lambda connection: accounts.put(connection, second, hashed())).result()
    assert (await (await sit(second.user)).send(on("apply_return", dispatched, 3, reason="不属本队")))[0]["revs"] == {
        f"case:{dispatched}": 4
    }
    args = {"reason": "请继续"} if name == "deny_return" else {}
    (said,) = await (await sit(user)).send(on(name, dispatched, 3, **args))
    assert (said["status"] == "conflict") is conflicts
    assert [one["type"] for one in said.get("since", [])] == (["return_applied"] if conflicts else [])


async def test_a_command_that_is_guarded_by_nothing_always_merges(sit: Any) -> None:
    unit = await sit("east-urban")
    spot = {"spot": {"lon": 117.31, "lat": 31.81}, "status": "available"}
    for rev in (0, 1, 9):
        (said,) = await unit.send(wish("locate_crew", bases={"crew:east-crew": rev}, crew="east-crew", **spot))
        assert said["status"] == "applied"


async def test_a_revision_of_the_former_epoch_counts_as_far_as_both_logs_have_it(
    sit: Any, dispatched: str, platform: Platform
) -> None:
    def restored(connection: Any) -> int:
        """At the head, as after a restore; every sign-in ends with it."""
        return epochs.begin_epochs(connection, {}, now=platform.now())[DISTRICT.id].epoch

    epoch = platform.writer.submit(restored).result()
    desk, unit = await sit("dispatcher"), await sit("east-urban")
    desk.epoch = unit.epoch = epoch
    (seen,) = await desk.send(on("dispatch", dispatched, 3, epoch=1, to="east-police"))
    assert seen["code"] == "stage"  # both logs have revision 3
    (done,) = await unit.send(on("accept", dispatched, 3, epoch=1))
    assert done["revs"] == {f"case:{dispatched}": 4}
    (lost,) = await desk.send(on("dispatch", dispatched, 4, epoch=1, to="east-police"))
    assert (lost["status"], [one["type"] for one in lost["since"]]) == ("conflict", ["accepted"])
    for how in ({"epoch": epoch}, {}):
        (same,) = await desk.send(on("dispatch", dispatched, 4, to="east-police", **how))
        assert same["code"] == "stage"


async def test_a_conflict_is_shown_again_to_who_sees_the_case_and_to_nobody_else(
    sit: Any, dispatched: str, platform: Platform
) -> None:
    desk = await sit("east-desk")
    late = on("dispatch", dispatched, 2, to="east-police")
    (said,) = await desk.send(late)
    assert said["status"] == "conflict"
    assert await desk.send(late) == [said]
    west = Person("east-desk", Role.STREET_DISPATCHER, Scope(DISTRICT.id, street="west"))
    platform.writer.submit(lambda connection: accounts.put(connection, west, hashed(), since=platform.now())).result()
    (again,) = await (await sit("east-desk")).send(late)
    assert again == {"cmd_id": late["cmd_id"], "status": "refused", "code": "unknown_case"}


async def test_nobody_takes_an_id_that_is_taken_where_they_see_nothing(sit: Any, filed: str) -> None:
    team = await sit("west-team")
    given = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": "west"}
    (said,) = await team.send(wish("take", case=filed, **given))
    assert said["status"] == "refused"
    (new,) = await team.send(wish("take", case=new_id(), **given))
    assert new["status"] == "applied"


async def test_a_crew_is_told_to_who_sees_it_with_its_own_revision(sit: Any, platform: Platform) -> None:
    crew = next(one for one in reference() if one.id == "east-crew")
    moved = msgspec.convert({**msgspec.to_builtins(crew), "name": "二组"}, type(crew))
    desk: Desk = await sit("east-desk")
    head = (await desk.get("/v1/hello")).json()["head"]
    platform.writer.submit(lambda connection: put_reference(connection, DISTRICT.id, [moved])).result()
    (put,) = (await desk.get("/v1/events", after=f"1:{head}", limit=5)).json()["events"]
    assert [(one["kind"], one["record"]["rev"], one["record"]["name"]) for one in put["data"]["records"]] == [
        ("crew", 2, "二组")
    ]
    (fact,) = put["data"]["facts"]
    assert (fact["type"], fact["fact"]["record"]) == ("reference_changed", "crew:east-crew")
