"""What is answered to a command and written of it, to the last field: the answer, the log, the audit, the token."""

import base64
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from commandcenter.domain.people import Person
from commandcenter.protocol.messages import CommandEnvelope, Result
from commandcenter.server.command_pipeline import pipeline
from commandcenter.server.platform import Platform
from commandcenter.server.storage import epochs, tables
from commandcenter.server.storage.cursor_tokens import LogPosition
from commandcenter.server.storage.districts import find_district
from tests.kit.district import NOON, seats
from tests.kit.platform import Clock, new_id, wish
from tests.unit.server.conftest import Sends

TAKE = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": "east"}


@pytest.fixture
def filed(sends: Sends) -> str:
    """A case of the east at revision 2: taken by clerk, filed by shift."""
    case = new_id()
    assert sends("clerk", wish("take", case=case, **TAKE))[0]["status"] == "applied"
    assert sends("shift", on("file", case, 1))[0]["status"] == "applied"
    return case


def on(name: str, case: str, rev: int | None, **args: Any) -> dict[str, Any]:
    """A command given by who saw `case` at revision `rev`."""
    more = {key: args.pop(key) for key in ("cmd_id", "dep") if key in args}
    return wish(name, bases={} if rev is None else {f"case:{case}": rev}, case=case, **args, **more)


def rows_of(platform: Platform, table: Any, **named: Any) -> list[Any]:
    found = select(table).where(*(table.c[name] == value for name, value in named.items()))
    return platform.readers.now(lambda con: list(con.execute(found).all()))


def audited(platform: Platform, cmd_id: str) -> list[tuple[Any, ...]]:
    """(user, role, action, record, outcome, on behalf of) of each row about a command, all of the one moment."""
    rows = rows_of(platform, tables.audit, cmd_id=cmd_id)
    assert {(row.district, row.at) for row in rows} == {("d1", platform.now().timestamp())}
    return [(row.user, row.role, row.action, row.record, row.outcome, row.on_behalf_of) for row in rows]


def test_what_had_an_effect_is_answered_logged_and_audited(sends: Sends, platform: Platform, filed: str) -> None:
    head = _head(platform)
    act = on("dispatch", filed, 2, to="east-urban")
    (said,) = sends("dispatcher", act)
    token = said.pop("cursor_token")
    revs = {f"case:{filed}": 3}
    assert said == {"cmd_id": act["cmd_id"], "status": "applied", "seq": head + 1, "revs": revs}
    read = platform.cursor_tokens.read("d1", token)
    assert read is not None
    assert (read.epoch, read.places[0].seq) == (1, head + 1)
    (row,) = rows_of(platform, tables.log, cmd_id=act["cmd_id"])
    assert (row.district, row.seq, row.at, row.actor, row.on_behalf_of) == (
        *("d1", head + 1, NOON.timestamp()),
        *("dispatcher", None),
    )
    assert (row.kind, row.record, row.rev, set(row.changed.split()) >= {"stage", "responsible"}) == (
        *("case", filed, 3),
        True,
    )
    assert (row.was.split(), row.now.split()) == (
        ["d", "p:clerk", "s:east"],
        ["d", "h:east-urban", "p:clerk", "s:east"],
    )
    kept = rows_of(platform, tables.dedupe, cmd_id=act["cmd_id"])[0]
    assert (kept.district, kept.console, kept.user, kept.at) == ("d1", "at-dispatcher", "dispatcher", NOON.timestamp())
    assert audited(platform, act["cmd_id"]) == [
        ("dispatcher", "dispatcher", "dispatch", f"case:{filed}", "applied", None)
    ]


def test_what_is_refused_is_audited_under_its_reason_and_leaves_no_trace_in_the_log(
    sends: Sends, platform: Platform, filed: str
) -> None:
    head = _head(platform)
    acts = {
        "role": ("clerk", on("file", filed, 2)),
        "stage": ("shift", on("file", filed, 2)),
        "unknown_case": ("west-desk", on("dispatch", filed, 2, to="west-urban")),
        "unknown_holder": ("dispatcher", on("dispatch", filed, 2, to="nobody")),
    }
    for code, (user, act) in acts.items():
        (said,) = sends(user, act)
        assert (said["status"], said["code"], said["cmd_id"]) == ("refused", code, act["cmd_id"])
        assert not {"seq", "revs", "cursor_token", "current", "since"} & set(said)
        role = seats()[user].role.value
        assert audited(platform, act["cmd_id"]) == [(user, role, act["type"], f"case:{filed}", code, None)]
    assert _head(platform) == head


@pytest.mark.parametrize(
    ("change", "code", "about"),
    [
        ({"args": {"case": "a b"}}, "bad_id", "case"),
        ({"args": {"case": "c", "kind": "长" * 5_000}}, "bad_id", "kind"),
        ({"type": "dispatch", "args": {"case": "c", "to": "v", "note": "长" * 5_000}}, "too_long", "note"),
        ({"args": {"case": 1}}, "unreadable", None),
        ({"args": {"case": "c", "x" * 900: 1}}, "unreadable", None),
        ({"type": "nothing"}, "unreadable", None),
    ],
)
def test_what_cannot_be_read_is_refused_and_stays_refused(
    sends: Sends, change: dict[str, Any], code: str, about: str | None
) -> None:
    act = wish("file", case="c") | change
    (said,) = sends("shift", act)
    assert (said["status"], said["code"]) == ("refused", code)
    assert said["about"] == about if about else 0 < len(said["about"]) <= 300
    assert sends("shift", act) == [said]
    assert sends("shift", act | {"type": "close"})[0]["code"] == "id_reused"


def test_a_withdrawn_command_and_one_under_a_used_id_are_in_the_audit(
    sends: Sends, platform: Platform, filed: str
) -> None:
    act = on("dispatch", filed, 2, to="east-urban")
    (said,) = sends("dispatcher", act | {"withdraw": True})
    assert said == {"cmd_id": act["cmd_id"], "status": "refused", "code": "withdrawn"}
    assert sends("dispatcher", act) == [said]
    for user, other in (("dispatcher", act | {"type": "accept"}), ("east-desk", act)):
        (reused,) = sends(user, other)
        assert reused == {"cmd_id": act["cmd_id"], "status": "refused", "code": "id_reused"}
    assert audited(platform, act["cmd_id"]) == [
        ("dispatcher", "dispatcher", "dispatch", "", "withdrawn", None),
        ("dispatcher", "dispatcher", "accept", "", "id_reused", None),
        ("east-desk", "street_dispatcher", "dispatch", "", "id_reused", None),
    ]
    assert sends("dispatcher", act) == [said]


def test_a_command_that_came_is_answered_by_what_became_of_it_when_it_is_withdrawn(sends: Sends, filed: str) -> None:
    act = on("dispatch", filed, 2, to="east-urban")
    (done,) = sends("dispatcher", act)
    assert sends("dispatcher", act | {"withdraw": True}) == [done]


def test_only_the_last_effect_of_a_batch_bears_a_token_whatever_comes_behind_it(
    sends: Sends, platform: Platform, filed: str
) -> None:
    first, second = (wish("take", case=new_id(), **TAKE) for _ in range(2))
    said = sends("clerk", first, second, on("close", filed, 2), first)
    assert [one["status"] for one in said] == ["applied", "applied", "refused", "applied"]
    assert ["cursor_token" in one for one in said] == [False, True, False, False]
    assert said[1]["cursor_token"] == _token(platform, said[1]["seq"])
    assert said[3] == said[0]


def test_what_is_answered_again_bears_the_token_of_its_own_moment(
    sends: Sends, platform: Platform, clock: Clock
) -> None:
    acts = [wish("take", case=new_id(), **TAKE) for _ in range(2)]
    before = [sends("clerk", act)[0] for act in acts]
    clock.forward(minutes=5)
    assert [sends("clerk", act)[0] for act in acts] == before
    assert [one["cursor_token"] for one in before] == [_token(platform, one["seq"]) for one in before]


def test_without_an_effect_nothing_bears_a_token(sends: Sends, filed: str) -> None:
    acts = [on("close", filed, 2), on("file", filed, 1)]
    assert not any("cursor_token" in one for one in sends("shift", *acts))
    row = {"case": "ext-1", "external": "1", "source_hash": "a", "stage": "filed", "tier": "street"}
    row |= {"channel": "hotline", "received_at": "2026-11-24T01:00:00Z", "kind": "lid", "street": "east"}
    assert "cursor_token" in sends("system", wish("import", **row))[0]
    (same,) = sends("system", wish("import", **row))
    assert (same["status"], {"seq", "revs", "cursor_token"} & set(same)) == ("applied", set())


def test_of_another_epoch_or_no_district_nothing_is_done_and_each_is_told(
    sends: Sends, platform: Platform, filed: str
) -> None:
    acts = [on("dispatch", filed, 2, to="east-urban"), wish("take", case=new_id(), **TAKE)]
    wrong = [{"cmd_id": act["cmd_id"], "status": "wrong_epoch"} for act in acts]
    assert sends("dispatcher", *acts, epoch=2) == sends("dispatcher", *acts, epoch=0) == wrong
    nowhere = seats("d9")["dispatcher"].person
    assert sends("dispatcher", *acts, person=nowhere) == wrong
    assert not rows_of(platform, tables.dedupe, cmd_id=acts[0]["cmd_id"])
    assert sends("dispatcher", acts[0])[0]["status"] == "applied"


def test_what_comes_behind_a_retry_is_not_looked_at(sends: Sends, platform: Platform, filed: str) -> None:
    waits = on("dispatch", filed, 2, to="east-urban", dep=new_id())
    behind = on("dispatch", filed, 2, to="east-police")
    (said,) = sends("dispatcher", waits, behind)
    assert said == {"cmd_id": waits["cmd_id"], "status": "retry", "code": "dep_unknown"}
    assert not rows_of(platform, tables.dedupe, user="dispatcher")
    assert sends("dispatcher", behind, waits)[1]["code"] == "dep_unknown"


def test_a_command_waits_for_its_own_person_s_command_and_falls_with_it(sends: Sends, filed: str) -> None:
    before = on("dispatch", filed, 2, to="nobody")
    follows = on("dispatch", filed, 2, to="east-urban", dep=before["cmd_id"])
    assert sends("dispatcher", follows)[0]["code"] == "dep_unknown"
    assert sends("east-desk", before)[0]["status"] == "refused"
    assert sends("dispatcher", follows)[0]["code"] == "dep_unknown"  # that one was somebody else's
    mine = on("dispatch", filed, 2, to="nobody")
    follows = on("dispatch", filed, 2, to="east-urban", dep=mine["cmd_id"])
    assert sends("dispatcher", mine)[0]["status"] == "refused"
    (said,) = sends("dispatcher", follows)
    assert (said["status"], said["code"], said["about"]) == ("refused", "dep_refused", mine["cmd_id"])
    assert sends("dispatcher", follows) == [said]


def test_a_command_whose_forerunner_was_applied_goes_its_way(sends: Sends) -> None:
    case = new_id()
    taken = wish("take", case=case, **TAKE)
    assert sends("clerk", taken)[0]["status"] == "applied"
    (said,) = sends("clerk", on("close", case, 1, dep=taken["cmd_id"]))
    assert said["code"] == "stage"


def test_cases_are_numbered_by_the_day_of_the_districts_clocks(sends: Sends, platform: Platform, clock: Clock) -> None:
    for _ in range(2):
        sends("clerk", wish("take", case=new_id(), **TAKE))
    clock.forward(hours=12)  # midnight in Shanghai
    for _ in range(3):
        sends("clerk", wish("take", case=new_id(), **TAKE))
    numbers = [row.number for row in rows_of(platform, tables.cases)]
    assert numbers == [
        *(f"SY-20261124-{number:05d}" for number in (1, 2)),
        *(f"SY-20261125-{number:05d}" for number in (1, 2, 3)),
    ]


def test_what_is_sealed_of_a_petitioner_is_kept_apart_and_one_that_is_none_refuses_the_case(
    sends: Sends, platform: Platform
) -> None:
    sealed = base64.b64encode(b"s" * 80).decode()
    case = new_id()
    act = wish("take", case=case, petitioner="p", sealed=sealed, **TAKE)
    assert sends("clerk", act)[0]["status"] == "applied"
    (row,) = rows_of(platform, tables.vault)
    assert (row.district, row.sealed, row.at) == ("d1", b"s" * 80, NOON.timestamp())
    bad = wish("take", case=new_id(), petitioner="q", sealed="short", **TAKE)
    (said,) = sends("clerk", bad)
    assert (said["status"], said["code"], said["about"]) == ("refused", "bad_seal", "sealed")
    assert len(rows_of(platform, tables.cases)) == len(rows_of(platform, tables.vault)) == 1


@pytest.mark.expects_log("ended in an error")
def test_an_error_of_ours_undoes_its_own_command_alone_and_it_comes_again(
    sends: Sends, platform: Platform, filed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (wish("take", case=new_id(), **TAKE) for _ in range(3))
    head, keep = _head(platform), pipeline.dedupe.keep

    def broken(connection: Any, person: Person, one: CommandEnvelope, result: Result, **how: Any) -> None:
        if one.cmd_id == second["cmd_id"]:
            raise RuntimeError("after all was written")
        keep(connection, person, one, result, **how)

    monkeypatch.setattr(pipeline.dedupe, "keep", broken)
    said = sends("clerk", first, second, third)
    assert said[0]["status"] == "applied"
    assert said[1:] == [{"cmd_id": second["cmd_id"], "status": "retry", "code": "internal"}]
    assert (_head(platform), rows_of(platform, tables.audit, cmd_id=second["cmd_id"])) == (head + 1, [])
    monkeypatch.setattr(pipeline.dedupe, "keep", keep)
    assert [one["status"] for one in sends("clerk", second, third)] == ["applied", "applied"]
    assert _head(platform) == head + 3


def test_where_the_disk_fails_nothing_of_the_batch_is_done(
    sends: Sends, platform: Platform, filed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts, head, keep = [wish("take", case=new_id(), **TAKE) for _ in range(2)], _head(platform), pipeline.dedupe.keep

    def full(connection: Any, person: Person, one: CommandEnvelope, result: Result, **how: Any) -> None:
        if one.cmd_id == acts[1]["cmd_id"]:
            raise OperationalError("INSERT", {}, OSError("no space left"))
        keep(connection, person, one, result, **how)

    monkeypatch.setattr(pipeline.dedupe, "keep", full)
    with pytest.raises(OperationalError):
        sends("clerk", *acts)
    assert _head(platform) == head
    monkeypatch.setattr(pipeline.dedupe, "keep", keep)
    assert [one["status"] for one in sends("clerk", *acts)] == ["applied", "applied"]


def _head(platform: Platform) -> int:
    return platform.readers.now(lambda con: find_district(con, "d1")).head


def _token(platform: Platform, seq: int) -> str | None:
    """What the log itself says of its entry `seq`."""
    token = platform.readers.now(lambda con: platform.cursor_tokens.issuer("d1", 1).token_at(con, seq))
    read = platform.cursor_tokens.read("d1", token or "")
    assert read is not None
    assert isinstance(read.places[0], LogPosition)
    assert platform.readers.now(lambda con: epochs.last_shared_seq(con, "d1", read)) is None
    return token
