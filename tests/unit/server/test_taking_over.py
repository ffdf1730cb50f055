"""Taking over an act, to the last field: why not, what is withdrawn, and the rows that say who did it for whom."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from commandcenter.domain.commands import Close, Command, Report
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.attestation import AttestedCommand, attest
from commandcenter.protocol.codec import decode
from commandcenter.protocol.messages import AdoptionPage, Result
from commandcenter.server.auth import accounts
from commandcenter.server.auth.attestation_keys import key_of
from commandcenter.server.command_pipeline import adoptions
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from tests.kit.district import NOON, hashed, seats
from tests.kit.platform import Clock, new_id, wish
from tests.unit.server.conftest import Sends

TAKE = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": "east"}
EAST, WEST = (Person(f"{street}-shift", Role.SHIFT_LEADER, Scope("d1", street=street)) for street in ("east", "west"))
HOUSING = Person("housing-shift", Role.SHIFT_LEADER, Scope("d1", department="housing"))


@pytest.fixture
def filed(sends: Sends, platform: Platform) -> str:
    """A case of the east at revision 2; the streets have leaders, and there is another district with accounts."""
    elsewhere = Person("stranger", Role.STREET_DISPATCHER, Scope("d2", street="east"))
    for person in (EAST, WEST, HOUSING, elsewhere):
        platform.writer.submit(lambda con, one=person: accounts.put(con, one, hashed())).result()
    case = new_id()
    sends("clerk", wish("take", case=case, **TAKE))
    sends("shift", wish("file", bases={f"case:{case}": 1}, case=case))
    return case


def dispatch(case: str, rev: int = 2, to: str = "east-urban") -> dict[str, Any]:
    return wish("dispatch", bases={f"case:{case}": rev}, case=case, to=to)


def adopting(platform: Platform, act: dict[str, Any], of: str, **more: Any) -> dict[str, Any]:
    """The same act in the place of `of`, whose console attested it."""
    key = key_of(Person(of, Role.DISPATCHER, Scope("d1")), platform.site_key)
    made, given = (
        datetime.fromisoformat(act["made_at"]),
        AttestedCommand(of, "d1", act["type"], json.dumps(act["args"]).encode()),
    )
    proof = msgspec.to_builtins(attest(key, given, act=act["cmd_id"], made_at=made, bases=act["bases"]))
    own = {"cmd_id": new_id(), "replaces": act["cmd_id"], "on_behalf_of": of, "attested": proof}
    return act | own | more


def listed(platform: Platform, scope: Scope = Scope("d1"), **how: Any) -> AdoptionPage:  # noqa: B008
    return platform.readers.now(lambda con: adoptions.page(con, scope, **({"limit": 99, "before": None} | how)))


def audited(platform: Platform, cmd_id: str) -> list[tuple[Any, ...]]:
    rows = platform.readers.now(
        lambda con: con.execute(select(tables.audit).where(tables.audit.c.cmd_id == cmd_id)).all()
    )
    return [(row.user, row.role, row.action, row.record, row.outcome, row.on_behalf_of) for row in rows]


def kept(platform: Platform, cmd_id: str) -> Any:
    return platform.readers.now(
        lambda con: con.execute(select(tables.dedupe).where(tables.dedupe.c.cmd_id == cmd_id)).one()
    )


def refusals(case: str) -> dict[str, tuple[str | Person, str, dict[str, Any], str, str]]:
    """Who takes over whose act, what else they say, the code and what it is about."""
    no_name, no_act = {"on_behalf_of": None}, {"replaces": None}
    return {
        "nobody is named": ("shift", "dispatcher", no_name, "may_not_adopt", "on_behalf_of"),
        "no act is named": ("shift", "dispatcher", no_act, "may_not_adopt", "replaces"),
        "no such account": ("shift", "nobody", {}, "unknown_user", "on_behalf_of"),
        "an account of another district": ("shift", "stranger", {}, "unknown_user", "on_behalf_of"),
        "another system": ("shift", "system", {}, "may_not_adopt", "on_behalf_of"),
        "oneself": ("shift", "shift", {}, "may_not_adopt", "on_behalf_of"),
        "a street is not told who there is": (EAST, "nobody", {}, "may_not_adopt", "on_behalf_of"),
        "a street covers its own": (EAST, "dispatcher", {}, "may_not_adopt", "on_behalf_of"),
        "a department covers nobody": (HOUSING, "nobody", {}, "may_not_adopt", "on_behalf_of"),
        "no leader": ("dispatcher", "nobody", {}, "may_not_adopt", "on_behalf_of"),
        "what the leader does not see": (WEST, "west-desk", {}, "unknown_case", case),
    }


@pytest.mark.parametrize("why", refusals(""))
def test_why_an_act_is_not_taken_over(sends: Sends, platform: Platform, filed: str, why: str) -> None:
    who, of, more, code, about = refusals(filed)[why]
    leader = who if isinstance(who, Person) else seats()[who].person
    act = dispatch(filed)
    own = adopting(platform, act, of, **more)
    (said,) = sends(leader.user, own, person=leader)
    assert said == {"cmd_id": own["cmd_id"], "status": "refused", "code": code, "about": about}
    role = leader.role.value
    assert audited(platform, own["cmd_id"]) == [(leader.user, role, "dispatch", "", code, None)]
    assert audited(platform, act["cmd_id"]) == []
    (row,) = listed(platform).items
    is_known = of not in ("nobody", "stranger") and why != "nobody is named"
    assert (row.at, row.given_at) == (NOON, datetime(2026, 11, 24, 4, tzinfo=UTC))
    assert (row.leader, row.owner, row.outcome) == (leader.user, of if is_known else "", code)
    assert (row.act, row.cmd_id) == ("" if why == "no act is named" else act["cmd_id"], own["cmd_id"])
    assert (row.type, row.record) == ("dispatch", f"case:{filed}")
    assert len(listed(platform, EAST.scope).items) == (of == "east-desk")  # a street has the list of its own people
    assert sends("dispatcher", act)[0]["status"] == "applied"  # it is not withdrawn


def test_a_new_case_or_a_crew_beyond_the_leaders_street_is_not_taken_over(sends: Sends, platform: Platform) -> None:
    act = wish("take", case=new_id(), **TAKE)
    for leader, code in ((WEST, "unknown_case"), (EAST, None)):
        own = adopting(platform, act, f"{leader.scope.street}-team")
        (said,) = sends(leader.user, own, person=leader)
        assert (said.get("code"), said.get("about")) == (code, code and act["args"]["case"])
    crew = wish("locate_crew", crew="west-crew", spot={"lon": 117, "lat": 31}, status="available")
    (said,) = sends(EAST.user, adopting(platform, crew, "east-urban"), person=EAST)
    assert (said["code"], said["about"]) == ("unknown_crew", "west-crew")
    (said,) = sends(WEST.user, adopting(platform, crew, "west-urban"), person=WEST)
    assert said["status"] == "applied"


def test_what_is_taken_over_is_withdrawn_under_each_of_its_ids_and_listed(
    sends: Sends, platform: Platform, clock: Clock, filed: str
) -> None:
    act, between = dispatch(filed), new_id()
    clock.forward(minutes=3)
    late = {"made_at": "2026-11-24T04:03:00Z"}
    own = adopting(platform, act, "east-desk", replaces=between, **late)  # the act had come to another id meanwhile
    (said,) = sends("shift", own)
    assert (said["status"], said["revs"]) == ("applied", {f"case:{filed}": 3})
    for one in (between, act["cmd_id"]):
        assert audited(platform, one) == [("shift", "shift_leader", "dispatch", "", "withdrawn", "east-desk")]
        row = kept(platform, one)
        assert (row.district, row.console, row.user, row.body_hash, row.at) == (
            *("d1", "", "east-desk", ""),
            clock().timestamp(),
        )
        assert decode(row.result, Result) == Result(cmd_id=one, status="refused", code="withdrawn", about=own["cmd_id"])
        late = act | {"cmd_id": one}
        assert sends("east-desk", late) == [
            {"cmd_id": one, "status": "refused", "code": "withdrawn", "about": own["cmd_id"]}
        ]
        assert sends("dispatcher", late)[0]["code"] == "id_reused"
    assert audited(platform, own["cmd_id"]) == [
        ("shift", "shift_leader", "dispatch", f"case:{filed}", "applied", "east-desk")
    ]
    (row,) = listed(platform).items
    assert (row.owner, row.act, row.outcome, row.at, row.given_at) == (
        *("east-desk", between, "applied"),
        *(clock(), datetime(2026, 11, 24, 4, tzinfo=UTC)),
    )
    assert (len(listed(platform, Scope("d1", street="east")).items), len(listed(platform, WEST.scope).items)) == (1, 0)
    (entry,) = platform.readers.now(
        lambda con: con.execute(select(tables.log).where(tables.log.c.cmd_id == own["cmd_id"])).all()
    )
    assert (entry.actor, entry.on_behalf_of) == ("shift", "east-desk")


def test_an_answer_so_far_gives_way_to_whoever_takes_the_act_over(
    sends: Sends, platform: Platform, clock: Clock, filed: str
) -> None:
    act = dispatch(filed, rev=1)
    assert sends("dispatcher", act)[0]["status"] == "conflict"
    clock.forward(minutes=3)
    own = adopting(platform, act, "dispatcher", bases={f"case:{filed}": 2})
    assert sends("shift", own)[0]["status"] == "applied"
    row = kept(platform, act["cmd_id"])
    assert (row.console, row.user, row.at) == ("at-dispatcher", "dispatcher", clock().timestamp())
    assert sends("dispatcher", act)[0] == {
        "cmd_id": act["cmd_id"],
        "status": "refused",
        "code": "withdrawn",
        "about": own["cmd_id"],
    }


def test_what_is_somebody_elses_or_the_very_command_is_not_replaced(
    sends: Sends, platform: Platform, filed: str
) -> None:
    act = dispatch(filed, rev=1)
    assert sends("east-desk", act)[0]["status"] == "conflict"
    for own in (adopting(platform, act, "dispatcher"), adopting(platform, act := dispatch(filed), "dispatcher")):
        is_itself = own["replaces"] == act["cmd_id"]
        own |= {"cmd_id": act["cmd_id"]} if is_itself else {}
        (said,) = sends("shift", own)
        assert (said["code"], said["about"]) == ("may_not_adopt", "replaces")


def test_what_was_never_given_is_named_by_its_act(sends: Sends, platform: Platform, filed: str) -> None:
    act = dispatch(filed)
    (said,) = sends("shift", adopting(platform, act, "dispatcher", args={"case": filed, "to": "east-police"}))
    assert (said["status"], said["code"], said["about"]) == ("refused", "unattested", act["cmd_id"])
    assert audited(platform, act["cmd_id"]) == []


@pytest.mark.parametrize("by", ["itself", "what stood for it"])
def test_what_had_its_effect_is_told_with_whoever_gave_it_and_where(
    sends: Sends, platform: Platform, filed: str, by: str
) -> None:
    act = dispatch(filed)
    first = act if by == "itself" else adopting(platform, act, "dispatcher")
    (done,) = sends("dispatcher" if by == "itself" else "shift", first)
    own = adopting(platform, act, "dispatcher")
    (said,) = sends("shift", own)
    assert said == {
        "cmd_id": own["cmd_id"],
        "status": "refused",
        "code": "already_done",
        "about": first["cmd_id"],
        "seq": done["seq"],
    }
    assert [row.outcome for row in listed(platform).items] == ["already_done", *["applied"] * (by != "itself")]


def test_what_fell_with_a_command_did_not_happen_with_what_stood_for_that_one(
    sends: Sends, platform: Platform, filed: str
) -> None:
    first = dispatch(filed, rev=1)
    follows = dispatch(filed, to="east-police") | {"dep": first["cmd_id"]}
    assert [one["status"] for one in sends("dispatcher", first, follows)] == ["conflict", "refused"]
    assert sends("shift", adopting(platform, first, "dispatcher", bases={f"case:{filed}": 2}))[0]["status"] == "applied"
    (said,) = sends("shift", adopting(platform, follows, "dispatcher", bases={f"case:{filed}": 3}, dep=None))
    assert (said["status"], said["code"]) == ("refused", "stage")


def test_the_list_is_read_page_by_page_the_newest_first(sends: Sends, platform: Platform, filed: str) -> None:
    acts = [adopting(platform, dispatch(filed), of) for of in ("dispatcher", "east-desk", "nobody")]
    for act in acts:
        sends("shift", act)
    ids = [act["cmd_id"] for act in reversed(acts)]
    whole = listed(platform, limit=3)
    assert ([row.cmd_id for row in whole.items], whole.next) == (ids, None)
    first = listed(platform, limit=2)
    assert [row.cmd_id for row in first.items] == ids[:2]
    assert first.next is not None
    rest = listed(platform, limit=2, before=int(first.next))
    assert ([row.cmd_id for row in rest.items], rest.next) == (ids[2:], None)
    assert listed(platform, Scope("d2")).items == ()
    (of_street,) = listed(platform, Scope("d1", street="east")).items
    assert of_street.owner == "east-desk"


def test_whoever_did_the_work_in_anothers_place_closes_it_in_nobodys_place_either(
    sends: Sends, platform: Platform
) -> None:
    case, who = new_id(), {name: seat.person for name, seat in seats().items()}
    second = Person("shift2", Role.SHIFT_LEADER, Scope("d1"))
    steps = (
        ("clerk", wish("take", case=case, **(TAKE | {"kind": "stall"}))),
        ("shift", wish("file", bases={f"case:{case}": 1}, case=case)),
        ("dispatcher", wish("dispatch", bases={f"case:{case}": 2}, case=case, to="east-urban")),
        ("east-urban", wish("accept", bases={f"case:{case}": 3}, case=case)),
    )
    assert [sends(user, step)[0]["status"] for user, step in steps] == ["applied"] * 4

    def done(command: Command, person: Person, rev: int, **how: Any) -> Result:
        bases = {f"case:{case}": rev}
        return platform.writer.submit(
            lambda con: perform(con, command, person, NOON, cmd_id=new_id(), bases=bases, **how)
        ).result()

    assert done(Report(case, "已劝离"), who["east-urban"], 4, hand=who["shift"]).status == "applied"
    for person, how in ((who["shift"], {}), (second, {"hand": who["shift"]})):
        no = done(Close(case), person, 5, **how)
        assert (no.status, no.code, no.about) == ("refused", "adopted_by_you", case)
    assert done(Close(case), who["shift"], 5, hand=second).status == "applied"
