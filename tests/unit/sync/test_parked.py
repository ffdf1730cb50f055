"""What the platform does not take says why at once; one command that it fails on stops nothing but its own record."""

from dataclasses import replace

import pytest

from commandcenter.cache.journal_row import RowState
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Accept, File, Report
from commandcenter.domain.decisions import Refused
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync import outbound
from commandcenter.sync.connection import State
from tests.kit.console import case, console, until
from tests.kit.district import seats
from tests.kit.scripted import URL, Paper, a_case, html, jsoned, problem, sit


def shift(count: int = 3) -> Paper:
    made = Paper(seats()["shift"])
    made.records += [a_case(f"c{number}") for number in range(1, count + 1)]
    return made


def fails_on(paper: Paper, key: str, answer, *, withdrawn=None):
    """The platform fails on whatever names the case `key`; what stands before it in a batch is applied."""
    state = {"broken": True}

    def commands(batch):
        results = []
        for wish in batch["commands"]:
            is_bad = wish["args"]["case"] == key and state["broken"]
            if is_bad and not (wish["withdraw"] and withdrawn):
                if not isinstance(answer, dict):
                    return answer
                results.append({"cmd_id": wish["cmd_id"]} | answer)
                break
            results.append(paper._applied(wish))
        paper.batches.append(batch)
        return jsoned({"results": results})

    paper.refuse = commands
    return state


def codes(desk) -> dict[str, tuple[str, str | None]]:
    return {act.command.case: (act.delivery.name, act.code) for act in desk.acts.open}


def log(desk) -> list[str]:
    return [entry.code for entry in desk.connection.log if entry.code]


@pytest.mark.parametrize(
    ("answer", "code", "about"),
    [
        (problem(500, "internal"), "platform_error", "internal"),
        (problem(503, "busy"), "busy", ""),
        (problem(403, "forbidden"), "forbidden", "HTTP 403"),
        (problem(404, "unknown"), "unknown", "HTTP 404"),
        (problem(408, "too_slow"), "too_slow", "HTTP 408"),
        (html(403), "not_a_platform", "HTTP 403"),
        (html(413), "not_a_platform", "HTTP 413"),
        (html(502), "bad_gateway", "HTTP 502"),
        (html(), "not_a_platform", "text/html"),
        (jsoned({"results": []}), "empty_answer", ""),
        (jsoned([]), "garbled", None),
    ],
)
async def test_an_act_that_the_platform_does_not_take_says_why_while_the_stream_lives(tmp_path, answer, code, about):
    paper = shift()
    paper.instead["/v1/commands"] = answer
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        first = await desk.do(File("c1"))
        await until(lambda: paper.asked.count("/v1/commands") > 1)
        second = await desk.do(File("c2"))
        assert {act.cmd_id: act.code for act in desk.acts.open} == {first.cmd_id: code, second.cmd_id: code}
        assert about in (None, desk.acts.open[0].about)
        assert desk.connection.state is State.LIVE
        assert desk.connection.last_fault.code == code
        assert log(desk).count(code) == 1
        del paper.instead["/v1/commands"]
        await until(lambda: codes(desk) == {"c1": ("SENT", None), "c2": ("SENT", None)})


async def test_an_act_without_an_answer_says_that_it_waits_for_one(tmp_path, monkeypatch):
    monkeypatch.setattr(outbound, "SLOW", 0.05)
    paper = shift()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        heard = paper.handle_async_request

        async def slow(request):
            if request.url.path == "/v1/commands":
                await until(lambda: "c2" in codes(desk))
            return await heard(request)

        paper.handle_async_request = slow
        await desk.do(File("c1"))
        await until(lambda: codes(desk) == {"c1": ("KEPT", "unanswered")})
        await desk.do(File("c2"))
        await until(lambda: codes(desk) == {"c1": ("SENT", None), "c2": ("SENT", None)})


async def test_whatever_is_kept_while_there_is_no_line_says_what_the_line_waits_for(tmp_path):
    paper = shift()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead |= {"/v1/hello": html(502), "/v1/commands": html(502)}
        paper.raw(None)
        await until(lambda: desk.connection.state is State.WAITING and desk.connection.code == "bad_gateway")
        await desk.do(File("c1"))
        assert codes(desk) == {"c1": ("KEPT", "bad_gateway")}
    async with console(tmp_path, paper) as desk:  # nobody has signed in yet: it waits for its person
        assert [(act.code, act.about) for act in desk.acts.open] == [("other_user", "shift")]
        del paper.instead["/v1/hello"]
        paper.instead["/v1/commands"] = problem(401, "signed_out")
        paper.instead["/v1/refresh"] = problem(401, "signed_out")
        await desk.user.sign_in(URL, "shift", "x")
        await until(lambda: desk.connection.state is State.SIGNED_OUT)
        assert codes(desk) == {"c1": ("KEPT", "signed_out")}


@pytest.mark.parametrize(
    ("answer", "about"),
    [
        ({"status": "retry", "code": "internal"}, "internal"),
        ({"status": "retry", "code": "dep_unknown"}, "dep_unknown"),
        (problem(500, "internal"), "platform_error"),
        (html(502), "bad_gateway"),
        (problem(422, "bad_id"), "bad_id"),
    ],
)
async def test_a_command_that_the_platform_fails_on_parks_its_own_record_alone_and_is_reported_once(
    tmp_path, answer, about
):
    paper = shift(5)
    state = fails_on(paper, "c1", answer)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        first = await desk.do(File("c1"))
        for number in range(2, 5):
            await desk.do(File(f"c{number}"))
        await until(lambda: desk.acts.find(first.cmd_id).code == "parked")
        await until(lambda: {codes(desk)[f"c{number}"] for number in range(2, 5)} == {("SENT", None)})
        assert desk.acts.find(first.cmd_id).about == about
        await desk.do(File("c5"))
        await until(lambda: codes(desk)["c5"] == ("SENT", None))
        assert codes(desk)["c1"] == ("KEPT", "parked")
        assert first in [replace(act, code=None, about=None) for act in desk.decisions.waiting]
        tried = paper.asked.count("/v1/commands")
        await until(lambda: paper.asked.count("/v1/commands") > tried + 1)  # now and then it is tried again
        assert log(desk).count("parked") == 1
        state["broken"] = False
        await until(lambda: codes(desk)["c1"] == ("SENT", None))


async def test_a_platform_that_fails_in_one_way_and_then_in_another_is_not_the_fault_of_the_act(tmp_path):
    paper = shift()

    def commands(batch):
        paper.batches.append(batch)
        if len(paper.batches) == 1:
            return problem(404, "unknown")
        results = [{"cmd_id": wish["cmd_id"], "status": "retry", "code": "internal"} for wish in batch["commands"]]
        return jsoned({"results": results}) if len(paper.batches) == 2 else None

    paper.refuse = commands
    async with console(tmp_path, paper) as desk:
        said = []
        await sit(desk, paper)
        desk.acts.changed.connect(lambda _: said.extend(codes(desk).values()))
        await desk.do(File("c1"))
        await until(lambda: codes(desk) == {"c1": ("SENT", None)})
        assert {("KEPT", "unknown"), ("KEPT", "retry")} <= set(said)
        assert ("KEPT", "parked") not in said


async def test_what_stands_behind_a_parked_act_waits_for_it_and_says_so_in_its_order(tmp_path):
    paper = Paper(seats()["east-urban"])
    given = replace(a_case("c1", 3), stage=Stage.DISPATCHED, responsible="east-urban")
    paper.records += [given, replace(given, id="c2")]
    state = fails_on(paper, "c1", {"status": "retry", "code": "internal"})
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        accept, report = await desk.do(Accept("c1")), await desk.do(Report("c1", "已办"))
        other = await desk.do(Accept("c2"))
        await until(lambda: desk.acts.find(accept.cmd_id).code == "parked")
        await until(lambda: desk.acts.find(other.cmd_id).delivery is Delivery.SENT)
        await until(lambda: desk.acts.find(report.cmd_id).code == "behind_stuck")
        assert desk.acts.find(report.cmd_id).about == accept.cmd_id
        state["broken"] = False
        await until(lambda: desk.acts.find(report.cmd_id).delivery is Delivery.SENT)
        sent = [wish["cmd_id"] for batch in paper.batches for wish in batch["commands"]]
        assert sent.index(accept.cmd_id) < sent.index(report.cmd_id)


async def test_several_commands_that_the_platform_fails_on_stop_nobody_else(tmp_path):
    paper = shift(9)
    fails = {"c1", "c2", "c3", "c4"}

    def commands(batch):
        if any(wish["args"]["case"] in fails for wish in batch["commands"]):
            return problem(500, "internal")
        return None

    paper.refuse = commands
    paper.instead["/v1/commands"] = [html(502)]
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        for number in range(1, 10):
            await desk.do(File(f"c{number}"))
        await until(lambda: list(codes(desk).values()).count(("SENT", None)) == 5)
        await until(lambda: {key for key, said in codes(desk).items() if said == ("KEPT", "parked")} == fails)


async def test_a_parked_act_can_be_dropped_and_the_platform_is_told(tmp_path):
    paper = shift()
    fails_on(paper, "c1", {"status": "retry", "code": "internal"}, withdrawn=True)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await until(lambda: desk.acts.open[0].code == "parked")
        seen = desk.decisions.look(act.cmd_id)
        assert (seen.reason, seen.drop) == ("parked", None)
        assert await desk.decisions.drop(act.cmd_id) is None
        assert desk.acts.open == ()
        assert case(desk, "c1").stage is Stage.RECEIVED
        await until(lambda: paper.batches[-1]["commands"][0]["withdraw"])
        assert paper.batches[-1]["commands"][0]["cmd_id"] == act.cmd_id


async def test_an_act_that_was_dropped_after_it_took_effect_is_done(tmp_path):
    paper = shift()
    fails_on(paper, "c1", problem(500, "internal"))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await until(lambda: desk.acts.open[0].code == "platform_error")
        await desk.do(File("c2"))
        await until(lambda: desk.acts.find(act.cmd_id).code == "parked")
        assert await desk.decisions.drop(act.cmd_id) is None
        paper.refuse = lambda batch: None
        paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": paper.head + 1}
        await until(lambda: act.cmd_id in codes_by_id(desk))
        assert codes_by_id(desk)[act.cmd_id] is Delivery.SENT


def codes_by_id(desk) -> dict[str, Delivery]:
    return {act.cmd_id: act.delivery for act in desk.acts.open}


async def test_a_parked_act_is_given_again_once_the_platform_has_said_that_it_had_no_effect(tmp_path):
    paper = shift()
    state = fails_on(paper, "c1", {"status": "retry", "code": "internal"}, withdrawn=True)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await until(lambda: desk.acts.open[0].code == "parked")
        assert await desk.decisions.again(act.cmd_id) == Refused("unsettled", act.cmd_id)
        commands = desk._parts.store.commands
        await until(lambda: commands.rows[0].state is RowState.HELD and commands.is_settled(commands.rows[0]))
        state["broken"] = False
        again = await desk.decisions.again(act.cmd_id)
        assert isinstance(again, Act)
        await until(lambda: codes_by_id(desk) == {again.cmd_id: Delivery.SENT})


async def test_a_question_that_the_platform_cannot_answer_stops_nothing_else(tmp_path):
    paper = shift()
    fails_on(paper, "c1", problem(500, "internal"))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await desk.do(File("c2"))
        await until(lambda: desk.acts.find(act.cmd_id).code == "parked")
        assert await desk.decisions.drop(act.cmd_id) is None  # and asked about, in vain
        third = await desk.do(File("c3"))
        await until(lambda: desk.acts.find(third.cmd_id).delivery is Delivery.SENT)


async def test_an_act_that_comes_after_the_trouble_is_not_told_of_it(tmp_path):
    paper = shift()
    fails_on(paper, "c1", problem(500, "internal"))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await until(lambda: desk.acts.open[0].code == "platform_error")
        await desk.do(File("c2"))
        await until(lambda: desk.acts.find(act.cmd_id).code == "parked")
        paper.refuse = lambda batch: None
        await until(lambda: codes(desk) == {"c1": ("SENT", None), "c2": ("SENT", None)})
        paper.instead |= {"/v1/hello": html(502)}
        paper.raw(None)
        await until(lambda: desk.connection.state is State.WAITING)
        del paper.instead["/v1/hello"]
        paper.beat()
        await until(lambda: desk.connection.state is State.LIVE)
        said = []
        desk.acts.changed.connect(lambda _: said.append(codes(desk).get("c3")))
        await desk.do(File("c3"))
        await until(lambda: codes(desk)["c3"] == ("SENT", None))
        assert set(said) == {("KEPT", None), ("SENT", None)}
