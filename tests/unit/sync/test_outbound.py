"""Commands on their way: what ends one and what does not, in which order they leave, under whose name."""

import json
from dataclasses import replace

import pytest

from commandcenter.bootstrap import Environment
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import Accept, Dispatch, File, Report
from commandcenter.store.overlay import Delivery
from tests.kit.console import case, console, take, until
from tests.kit.district import NOON, seats
from tests.kit.scripted import Paper, html, jsoned, problem, sit


def received(key: str, rev: int = 1, stage: Stage = Stage.RECEIVED) -> Case:
    return Case(key, rev, stage, Tier.GRID, "hotline", NOON, kind="water", street="east")


def paper(*cases: Case, user: str = "shift") -> Paper:
    made = Paper(seats()[user])
    made.records += cases
    return made


@pytest.mark.parametrize(
    "answer",
    [html(), html(401), html(403), html(404), html(407), html(413), html(429), html(502), jsoned({"results": []}),
     problem(500, "internal"), problem(503, "unavailable", **{"retry-after": "1"}), problem(404, "unknown"),
     jsoned({"results": [{"cmd_id": "another", "status": "applied", "seq": 11}]}),
     jsoned({"results": [{"cmd_id": 7}]}), jsoned([])],
)  # fmt: skip
async def test_nothing_but_a_well_formed_result_ends_a_command(tmp_path, answer):
    platform = paper(received("c1"))
    platform.instead["/v1/commands"] = [answer]
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        act = await desk.do(File("c1"))
        await until(lambda: platform.batches)
        assert platform.batches[0]["commands"][0]["cmd_id"] == act.cmd_id
        await until(lambda: desk.acts.open[0].delivery is Delivery.SENT)
        platform.put(11, received("c1", 2, Stage.FILED), cmd_id=act.cmd_id)
        await until(lambda: desk.acts.open == ())


async def test_retry_stops_the_queue_and_the_same_command_comes_again(tmp_path):
    platform = paper(received("c1"), received("c2"))
    statuses = ["retry", "applied", "applied"]
    platform.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": statuses.pop(0), "seq": None}
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        first = await desk.do(File("c1"))
        await until(lambda: desk.acts.find(first.cmd_id) is None)
        assert len({json.dumps(batch["commands"][0]) for batch in platform.batches}) == 1


async def test_a_batch_too_large_is_halved_and_one_not_understood_lets_the_others_pass(tmp_path):
    platform = paper(*(received(f"c{n}") for n in range(4)))
    poison = []

    def commands(batch):
        if len(batch["commands"]) > 1:
            return problem(413, "too_large")
        if batch["commands"][0]["cmd_id"] in poison:
            return problem(422, "bad_id")
        return None

    platform.refuse = commands
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        platform.instead["/v1/commands"] = html(502)  # nothing leaves before it is known what is not understood
        acts = [await desk.do(File(f"c{n}")) for n in range(4)]
        poison.append(acts[1].cmd_id)
        del platform.instead["/v1/commands"]
        await until(lambda: sum(act.delivery is Delivery.SENT for act in desk.acts.open) == 3)
        (left,) = (act for act in desk.acts.open if act.delivery is Delivery.KEPT)
        assert (left.cmd_id, left.code, left.about) == (acts[1].cmd_id, "parked", "bad_id")
        poison.clear()
        platform.raw(None)
        await until(lambda: all(act.delivery is Delivery.SENT for act in desk.acts.open))


async def test_a_wrong_epoch_sends_the_line_back_to_hello_and_the_command_follows(tmp_path):
    platform = paper(received("c1"))
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        platform.epoch, platform.bases = 2, {"1": 0, "2": 10}
        answers = [{"status": "wrong_epoch"}, {"status": "applied", "seq": 11}]
        platform.results = lambda wish: {"cmd_id": wish["cmd_id"]} | answers.pop(0)
        await desk.do(File("c1"))
        await until(lambda: len(platform.batches) == 2)
        assert [batch["epoch"] for batch in platform.batches] == [1, 2]


@pytest.mark.parametrize("answers_first", [True, False])
async def test_after_a_restore_what_was_acknowledged_and_lost_is_offered_again(tmp_path, answers_first):
    platform = paper(received("c1"), received("c2"))
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        platform.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": platform.head + 1}
        first = await desk.do(File("c1"))
        platform.put(11, received("c1", 2, Stage.FILED), cmd_id=first.cmd_id)
        await until(lambda: desk.acts.open == ())
        platform.head = 11
        second = await desk.do(File("c2"))
        platform.put(12, received("c2", 2, Stage.FILED), cmd_id=second.cmd_id)
        await until(lambda: desk.acts.open == ())
        await until(lambda: len(platform.batches) == 2)
    restored = paper(received("c1", 2, Stage.FILED), received("c2"))
    restored.epoch, restored.bases, restored.head = 2, {"1": 0, "2": 11}, 30
    if not answers_first:
        restored.instead["/v1/commands"] = html(502)
    async with console(tmp_path, restored) as desk:
        await sit(desk, restored)
        if not answers_first:
            assert case(desk, "c2").stage is Stage.RECEIVED  # what may have left is not predicted without an answer
            del restored.instead["/v1/commands"]
        await until(lambda: restored.batches)
        assert [wish["cmd_id"] for wish in restored.batches[0]["commands"]] == [second.cmd_id]
        await until(lambda: case(desk, "c2").stage is Stage.FILED)
        restored.put(31, received("c2", 2, Stage.FILED), cmd_id=second.cmd_id)
        await until(lambda: desk.acts.open == ())


async def test_an_effect_that_came_in_a_snapshot_is_shown_once_until_its_answer_is_there(tmp_path):
    platform = paper(received("c1"))
    platform.instead["/v1/commands"] = html(502)
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        act = await desk.do(File("c1"))
        platform.records[-1], platform.head = received("c1", 2, Stage.FILED), 11
        platform.instead["/v1/events"] = [problem(410, "gone")]
        platform.raw(None)
        await until(lambda: case(desk, "c1").rev == 2)
        assert desk.acts.open[0].facts == ()
        platform.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": 11}
        del platform.instead["/v1/commands"]
        await until(lambda: desk.acts.find(act.cmd_id) is None)


async def test_an_effect_out_of_sight_is_done_after_two_level_heartbeats(tmp_path):
    platform = paper(user="clerk")
    platform.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": 40}
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        await desk.do(take())
        await until(lambda: desk.acts.open[0].delivery is Delivery.SENT)
        platform.beat()
        platform.beat()
        await until(lambda: desk.acts.open == ())


async def test_the_next_shift_never_sends_the_former_ones_acts(tmp_path):
    platform = paper(received("c1"))
    platform.instead["/v1/commands"] = html(502)
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        act = await desk.do(File("c1"))
    other = paper(received("c1"), received("c2", stage=Stage.FILED), user="dispatcher")
    async with console(tmp_path, other) as desk:
        await sit(desk, other)
        assert desk.unsent == {"shift": 1}
        assert case(desk, "c1").stage is Stage.FILED
        mine = await desk.do(Dispatch("c1", "housing"))
        free = await desk.do(Dispatch("c2", "housing"))
        await until(lambda: other.batches)
        assert [wish["cmd_id"] for wish in other.batches[0]["commands"]] == [free.cmd_id]
        await until(lambda: desk.acts.find(free.cmd_id).delivery is Delivery.SENT)
        assert {a.cmd_id: (a.code, a.about) for a in desk.acts.open if a.delivery is Delivery.KEPT} == {
            act.cmd_id: ("other_user", "shift"),
            mine.cmd_id: ("behind_other", "shift"),
        }
        assert (await desk.decisions.drop(act.cmd_id)).code == "not_waiting"


async def test_a_follower_depends_on_what_it_follows(tmp_path):
    given = replace(received("c1", 3, Stage.DISPATCHED), responsible="east-urban")
    platform = paper(given, user="east-urban")
    platform.instead["/v1/commands"] = [html(502)]
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        accept, report = await desk.do(Accept("c1")), await desk.do(Report("c1", "已办"))
        await until(lambda: sum(len(batch["commands"]) for batch in platform.batches) == 2)
        sent = [wish for batch in platform.batches for wish in batch["commands"]]
        assert [(wish["cmd_id"], wish["dep"]) for wish in sent] == [
            (accept.cmd_id, None),
            (report.cmd_id, accept.cmd_id),
        ]
        assert [wish["bases"] for wish in sent] == [{"case:c1": 3, "epoch": 1}] * 2


def test_the_real_world_gives_sortable_ids():
    environment = Environment()
    assert environment.new_id() != environment.new_id()
    assert environment.new_id()[14] == "7"
