"""What may have had an effect that nobody here knows of: the platform is asked before a person decides on it."""

from dataclasses import replace

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Dispatch, File
from commandcenter.domain.decisions import Refused
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.send_order import OLD
from tests.kit.console import case, console, until
from tests.kit.district import seats
from tests.kit.scripted import Paper, a_case, html, sit


def filed(*keys: str, user: str = "dispatcher") -> Paper:
    made = Paper(seats()[user])
    made.records += [replace(a_case(key), stage=Stage.FILED) for key in keys]
    return made


def asked(paper: Paper) -> list[tuple[str, bool]]:
    return [(wish["cmd_id"], wish["withdraw"]) for batch in paper.batches for wish in batch["commands"]]


async def test_an_old_dispatch_that_was_tried_is_withdrawn_before_its_author_is_asked(tmp_path):
    clock = {"mono": 1000.0}
    paper = filed("c1", "c2")
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper, mono=lambda: clock["mono"], boot="monday") as desk:
        await sit(desk, paper)
        act = await desk.do(Dispatch("c1", "housing"))
        await until(lambda: "/v1/commands" in paper.asked)
        clock["mono"] += OLD + 1
        young = await desk.do(Dispatch("c2", "housing"))
        del paper.instead["/v1/commands"]
        await until(lambda: len(paper.batches) == 2)
        assert asked(paper) == [(act.cmd_id, True), (young.cmd_id, False)]
        assert [(one.cmd_id, one.code) for one in desk.acts.needing] == [(act.cmd_id, "old")]
        again = await desk.decisions.again(act.cmd_id)
        assert again.cmd_id != act.cmd_id
        await until(lambda: len(paper.batches) == 3)
        assert asked(paper)[2] == (again.cmd_id, False)
        assert [one.code for one in desk.acts.recent if one.cmd_id == act.cmd_id] == ["replaced"]


async def test_an_old_dispatch_that_never_left_is_asked_about_without_the_platform(tmp_path):
    clock = {"mono": 1000.0}
    paper = filed("c1")
    async with console(tmp_path, paper, mono=lambda: clock["mono"], boot="monday") as desk:
        await sit(desk, paper)
        paper.instead["/v1/hello"] = html(502)
        paper.raw(None)
        await until(lambda: desk.connection.state != "live")
        act = await desk.do(Dispatch("c1", "housing"))
        clock["mono"] += OLD + 1
        del paper.instead["/v1/hello"]
        await until(lambda: desk.acts.needing)
        assert await desk.decisions.drop(act.cmd_id) is None
        assert paper.batches == []


async def test_an_old_dispatch_that_had_its_effect_is_done_and_asks_nobody(tmp_path):
    paper = filed("c1")
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper, boot="monday") as desk:
        await sit(desk, paper)
        act = await desk.do(Dispatch("c1", "housing"))
        await until(lambda: "/v1/commands" in paper.asked)
    del paper.instead["/v1/commands"]
    paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": 9}
    paper.records[-1] = replace(a_case(rev=2), stage=Stage.DISPATCHED)
    async with console(tmp_path, paper, boot="tuesday") as desk:
        await sit(desk, paper)
        await until(lambda: not desk.acts.open)
        assert asked(paper) == [(act.cmd_id, True)]
        assert [(one.cmd_id, one.delivery) for one in desk.acts.recent] == [(act.cmd_id, Delivery.DONE)]


async def test_after_a_restore_a_conflict_waits_until_the_platform_has_judged_it_again(tmp_path):
    paper = filed("c1", "c2")
    paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "conflict", "code": "changed"}
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        mine, other = await desk.do(Dispatch("c1", "housing")), await desk.do(Dispatch("c2", "housing"))
        await until(lambda: len(desk.acts.needing) == 2)
        assert await desk.decisions.drop(other.cmd_id) is None
    restored = filed("c2")
    restored.records.append(replace(a_case(rev=2), stage=Stage.DISPATCHED))
    restored.epoch, restored.bases, restored.head = 2, {"1": 0, "2": 10}, 10
    restored.instead["/v1/commands"] = html(502)
    restored.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": 10}
    async with console(tmp_path, restored) as desk:
        await sit(desk, restored)
        assert (await desk.decisions.drop(mine.cmd_id)).code == "unsettled"
        assert (await desk.decisions.again(mine.cmd_id)).code == "unsettled"
        seen = desk.decisions.look(mine.cmd_id)
        assert seen.again == seen.drop == Refused("unsettled", mine.cmd_id)
        del restored.instead["/v1/commands"]
        await until(lambda: not desk.acts.open)
        assert {key for key, withdraws in asked(restored) if withdraws} == {mine.cmd_id, other.cmd_id}
        assert {one.cmd_id: one.delivery for one in desk.acts.recent} == {
            mine.cmd_id: Delivery.DONE,
            other.cmd_id: Delivery.DONE,
        }


async def test_an_act_that_is_asked_about_again_and_waits_on_has_waited_since_it_began_to(tmp_path):
    paper = filed("c1")
    paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "conflict", "code": "changed"}
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(Dispatch("c1", "housing"))
        await until(lambda: desk.acts.needing)
        since = desk.acts.find(act.cmd_id).moved_at
    restored = filed("c1")
    restored.epoch, restored.bases, restored.head = 2, {"1": 0, "2": 10}, 10
    restored.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "refused", "code": "withdrawn"}
    async with console(tmp_path, restored) as desk:
        await sit(desk, restored)
        await until(lambda: desk._parts.store.commands.is_settled(desk._parts.store.commands.rows[0]))
        assert asked(restored) == [(act.cmd_id, True)]
        assert desk.acts.find(act.cmd_id).moved_at == since


async def test_what_never_left_can_be_dropped_after_the_end_of_the_program_too(tmp_path):
    paper = filed("c1")
    paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "conflict", "code": "changed"}
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        first = await desk.do(Dispatch("c1", "housing"))
        await until(lambda: desk.acts.needing)
        behind = await desk.do(Dispatch("c1", "housing"))
        assert isinstance(behind, Act), behind
    sent = len(paper.batches)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        assert await desk.decisions.drop(behind.cmd_id) is None
        assert await desk.decisions.drop(first.cmd_id) is None
        assert case(desk, "c1").stage is Stage.FILED
        assert len(paper.batches) == sent


async def test_a_snapshot_of_a_restored_platform_is_not_taken_before_what_was_lost_is_offered(tmp_path):
    paper = filed("c1", user="shift")
    paper.records[-1] = a_case()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await until(lambda: desk.acts.open[0].delivery is Delivery.SENT)
        paper.instead["/v1/snapshot"] = [html(502)]
        paper.scope_ver = 2
        hello = paper._hello()
        paper.instead["/v1/hello"] = [hello, hello]  # said just before the restore
        paper.epoch, paper.bases, paper.head = 2, {"1": 0, "2": 10}, 12
        paper.raw(None)
        await until(lambda: len(paper.batches) == 2)
        assert paper.batches[1]["epoch"] == 2
        assert asked(paper) == [(act.cmd_id, False)] * 2
        assert all(one.delivery is not Delivery.DONE for one in desk.acts.recent)
