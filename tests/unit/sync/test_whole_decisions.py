"""A decision is written whole before anything is sent: what is given again, or freed, is sent once, under one id."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Accept, ApplyReturn
from commandcenter.sync.connection import State
from tests.kit.console import console, until
from tests.kit.district import seats
from tests.kit.scripted import Paper, a_case, html, jsoned, problem, sit


@dataclass(slots=True)
class Platform:
    """Answers `retry` for the ids in `fails`, applies the rest, remembers its answers; `is_down`: 500 to everything."""

    fails: set[str] = field(default_factory=set)
    is_down: bool = False
    said: dict[str, dict[str, object]] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)  # (id, name); with "?" what was only asked about

    def commands(self, batch: dict) -> httpx.Response:
        self.sent += [(one["cmd_id"], one["type"] + "?" * one["withdraw"]) for one in batch["commands"]]
        if self.is_down:
            return problem(500, "internal")
        return jsoned({"results": [self._answer(one) for one in batch["commands"]]})

    def _answer(self, one: dict) -> dict[str, object]:
        key = one["cmd_id"]
        if key in self.fails:
            return {"cmd_id": key, "status": "retry", "code": "internal"}
        new = {"status": "refused", "code": "withdrawn"} if one["withdraw"] else {"status": "applied", "seq": 999}
        return self.said.setdefault(key, {"cmd_id": key, **new})

    def names(self, cmd_id: str) -> list[str]:
        return [name for key, name in self.sent if key == cmd_id]


def dispatched(key: str) -> Case:
    return replace(a_case(key, 3), stage=Stage.DISPATCHED, responsible="east-urban")


def paper_of(platform: Platform) -> Paper:
    paper = Paper(seats()["east-urban"])
    paper.records.append(dispatched("c1"))
    paper.refuse = platform.commands
    return paper


async def test_what_is_given_anew_when_the_act_before_it_is_dropped_leaves_once(tmp_path: Path) -> None:
    platform = Platform()
    paper = paper_of(platform)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        platform.is_down = True
        first = await desk.do(Accept("c1"))
        platform.fails.add(first.cmd_id)
        platform.is_down = False
        await until(lambda: desk.acts.find(first.cmd_id).code == "parked")
        behind = await desk.do(ApplyReturn("c1", "not ours"))
        await until(lambda: desk.acts.find(behind.cmd_id).code == "behind_stuck")
        assert await desk.decisions.drop(first.cmd_id) is None
        await until(lambda: any(name == "apply_return" for _, name in platform.sent))
        await until(lambda: not [act for act in desk.acts.open if act.state == "kept"])
        assert platform.names(behind.cmd_id) == []  # given anew, from what the board shows without the first
        assert len([key for key, name in platform.sent if name == "apply_return"]) == 1


async def test_what_was_taken_back_while_the_act_before_it_waited_is_not_sent_when_that_had_its_effect(
    tmp_path: Path,
) -> None:
    platform = Platform(is_down=True)
    paper = paper_of(platform)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead |= {"/v1/hello": html(502)}
        paper.raw(None)
        await until(lambda: desk.connection.state is State.WAITING)
        first, behind = await desk.do(Accept("c1")), await desk.do(ApplyReturn("c1", "not ours"))
        platform.fails.add(first.cmd_id)
        del paper.instead["/v1/hello"]
        await until(lambda: {first.cmd_id, behind.cmd_id} <= {key for key, _ in platform.sent})
        platform.is_down = False
        await until(lambda: desk.acts.find(first.cmd_id).code == "parked")
        assert (await desk.decisions.again(first.cmd_id)).code == "unsettled"
        await until(lambda: behind.cmd_id in platform.said)
        platform.fails.clear()
        platform.said[first.cmd_id] = {"cmd_id": first.cmd_id, "status": "applied", "seq": 998}
        before = len(platform.sent)
        await until(lambda: desk.acts.find(behind.cmd_id).code == "withdrawn")
        assert desk.acts.find(behind.cmd_id).state == "refused"
        assert (behind.cmd_id, "apply_return") not in platform.sent[before:]
