"""A command on two records at the consoles: both are shown as changed, and who loses one keeps nothing of it."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Accept, Dispatch, File
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.decisions import Refused, evolve
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.desk import Desk
from commandcenter.sync.versions import FieldState, Reason, Versions
from tests.kit.administrator import Editor, edited_hall
from tests.kit.console import Wire, case, console, done, hall, live, seated, take, until
from tests.kit.district import PASSWORD
from tests.kit.ordering import Order, Ordered, ordering
from tests.kit.platform import sit_down
from tests.kit.swapping import Swap, swapping


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with swapping(), ordering():
        yield


UNITS = ("east-urban", "east-police")


async def _with_units(folder: Path, url: str, holders: Sequence[str] = UNITS) -> list[str]:
    """A case for each of `holders`, dispatched to it."""
    async with seated(folder / "clerk", url, "clerk") as clerk:
        cases = [(await done(clerk, take())).ref[1] for _ in holders]
    async with seated(folder / "shift", url, "shift") as shift:
        for key in cases:
            await until(lambda key=key: shift.board.find("case", key))
            await done(shift, File(key))
    async with seated(folder / "dispatcher", url, "dispatcher") as dispatcher:
        for key, to in zip(cases, holders, strict=True):
            await until(lambda key=key: "dispatch" in dispatcher.may(case(dispatcher, key)))
            await done(dispatcher, Dispatch(key, to))
    return cases


def _here(desk: Desk, *keys: str) -> list[bool]:
    return [desk.board.find("case", key) is not None for key in keys]


async def test_a_unit_gets_one_case_and_loses_the_other_at_once_and_after_a_new_start(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        mine, theirs = await _with_units(tmp_path, url)
        async with seated(tmp_path / "unit", url, "east-urban") as unit:
            await until(lambda: _here(unit, mine, theirs) == [True, False])
            async with seated(tmp_path / "dispatcher", url, "dispatcher") as dispatcher:
                await until(lambda: _here(dispatcher, mine, theirs) == [True, True])
                await done(dispatcher, Swap(mine, theirs))
            await until(lambda: unit.board.find("case", theirs))
            assert _here(unit, mine, theirs) == [False, True]
        async with console(tmp_path / "unit", Wire()) as unit:
            assert _here(unit, mine, theirs) == [False, True]
            await unit.user.sign_in(url, "east-urban", PASSWORD)
            await live(unit)
            await done(unit, Accept(theirs))


async def test_kept_at_the_console_it_shows_both_cases_as_changed(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        mine, theirs = await _with_units(tmp_path, url)
        network = Wire()
        async with console(tmp_path / "dispatcher", network) as desk:
            await desk.user.sign_in(url, "dispatcher", PASSWORD)
            await live(desk)
            await until(
                lambda: [case(desk, key).responsible for key in (mine, theirs)] == ["east-urban", "east-police"]
            )
            network.cut()
            act = await desk.do(Swap(mine, theirs))
            assert not isinstance(act, Refused)
            assert [case(desk, key).responsible for key in (mine, theirs)] == ["east-police", "east-urban"]
            assert [desk.board.delivery("case", key) for key in (mine, theirs)] == [Delivery.KEPT] * 2
            network.mend()
            await until(lambda: not desk.acts.open)
            assert [desk.board.delivery("case", key) for key in (mine, theirs)] == [Delivery.DONE] * 2
            assert [case(desk, key).responsible for key in (mine, theirs)] == ["east-police", "east-urban"]


async def test_what_waited_behind_a_dropped_act_on_two_cases_waits_for_neither_case_any_more(tmp_path: Path) -> None:
    """Of three acts in a row the middle one ties two cases together; without it the last has nothing to wait for."""
    async with hall(tmp_path / "p") as url:
        one, two, three = await _with_units(tmp_path, url, (*UNITS, "east-urban"))
        network = Wire()
        async with console(tmp_path / "dispatcher", network) as desk:
            await desk.user.sign_in(url, "dispatcher", PASSWORD)
            await live(desk)
            await until(lambda: case(desk, three).responsible == "east-urban")
            network.cut()
            for act in (Swap(one, two), Swap(two, three), Recall(three, "派错了")):
                assert not isinstance(await desk.do(act), Refused)
            async with seated(tmp_path / "other", url, "east-desk") as other:
                await until(lambda: case(other, one).responsible == "east-urban")
                await done(other, Recall(one, "另有安排"))
            network.mend()
            await until(lambda: [act.name for act in desk.acts.needing][:1] == ["swap"])
            first, middle, last = sorted(desk.acts.open, key=lambda act: act.cseq)
            assert [act.code for act in (middle, last)] == ["held", "held"]
            assert await desk.decisions.drop(middle.cmd_id) is None
            await until(lambda: [act.cmd_id for act in desk.acts.open] == [first.cmd_id])
            assert (case(desk, three).stage, case(desk, two).responsible) == (Stage.FILED, "east-police")


async def test_where_the_second_case_has_changed_meanwhile_that_case_is_compared(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        one, two = await _with_units(tmp_path, url)
        network = Wire()
        async with console(tmp_path / "dispatcher", network) as desk:
            await desk.user.sign_in(url, "dispatcher", PASSWORD)
            await live(desk)
            await until(lambda: case(desk, two).responsible == "east-police")
            network.cut()
            act = await desk.do(Swap(one, two))
            assert not isinstance(act, Refused)
            async with seated(tmp_path / "other", url, "east-desk") as other:
                await until(lambda: case(other, two).responsible == "east-police")
                await done(other, Recall(two, "另有安排"))
            network.mend()
            await until(lambda: desk.acts.needing)
        async with console(tmp_path / "dispatcher", Wire()) as desk:  # after a new start, from the journal alone
            await desk.user.sign_in(url, "dispatcher", PASSWORD)
            await live(desk)
            await until(lambda: case(desk, two).stage == Stage.FILED)
            (waiting,) = desk.acts.needing
            seen = desk.decisions.look(waiting.cmd_id)
            assert seen is not None
            assert (waiting.ref, waiting.compared) == (("case", one), ("case", two))
            three = (seen.before, seen.mine, seen.theirs)
            assert [version and (version.id, version.responsible) for version in three] == [
                (two, "east-police"), (two, "east-urban"), (two, None),
            ]  # fmt: skip
            assert [(fact.by, type(fact).__name__) for fact in seen.since] == [("east-desk", "Recalled")]
            assert [(field.name, field.fact) for field in seen.clashing] == [("responsible", seen.since[0])]


@asynccontextmanager
async def _two_wait_and_others_behind_them(folder: Path) -> AsyncIterator[tuple[Desk, list[str], list[Act]]]:
    """Of four acts given offline the first two conflict; the third ties their cases together, the last is behind it."""
    async with hall(folder / "p") as url:
        one, two, three, four = await _with_units(folder, url, (*UNITS, "east-urban", "east-police"))
        network = Wire()
        async with seated(folder / "dispatcher", url, "dispatcher", network) as desk:
            await until(lambda: case(desk, four).responsible == "east-police")
            network.cut()
            for act in (Swap(one, three), Swap(two, four), Swap(one, two), Recall(two, "派错了")):
                assert not isinstance(await desk.do(act), Refused)
            for unit, key in (("east-urban", one), ("east-police", two)):
                async with seated(folder / unit, url, unit) as theirs:
                    await until(lambda theirs=theirs, key=key: theirs.board.find("case", key))
                    await done(theirs, Accept(key))
            network.mend()
            await until(lambda: len(desk.acts.needing) == 4)
            await until(lambda: {getattr(desk.board.confirmed("case", key), "rev", 0) for key in (one, two)} == {4})
            given = sorted(desk.acts.open, key=lambda act: act.cseq)
            assert [act.code for act in given] == ["changed", "changed", "held", "held"]
            assert [act.about for act in given[2:]] == [given[0].cmd_id] * 2
            yield desk, [one, two, three, four], given


def _reasons(desk: Desk) -> list[tuple[str, str | None, str | None]]:
    return [(act.cmd_id, act.code, act.about) for act in sorted(desk.acts.open, key=lambda act: act.cseq)]


async def test_what_stands_behind_two_acts_that_wait_is_free_when_both_are_decided(tmp_path: Path) -> None:
    async with _two_wait_and_others_behind_them(tmp_path) as (desk, _, (first, second, third, last)):
        assert await desk.decisions.drop(first.cmd_id) is None
        assert _reasons(desk)[1:] == [(one.cmd_id, "held", second.cmd_id) for one in (third, last)]
        assert await desk.decisions.drop(second.cmd_id) is None
        await until(lambda: [act.code for act in desk.acts.needing][:1] == ["changed"])  # they were accepted meanwhile
        assert not isinstance(await desk.decisions.again(desk.acts.needing[0].cmd_id), Refused)
        await until(lambda: not desk.acts.open)


async def test_without_the_act_that_ties_two_cases_together_the_last_is_held_behind_its_own(tmp_path: Path) -> None:
    async with _two_wait_and_others_behind_them(tmp_path) as (desk, cases, (first, second, third, last)):
        assert await desk.decisions.drop(third.cmd_id) is None
        assert _reasons(desk)[2:] == [(last.cmd_id, "held", second.cmd_id)]
        assert not isinstance(await desk.decisions.again(first.cmd_id), Refused)
        await until(lambda: len(desk.acts.open) == 2)
        assert _reasons(desk)[1:] == [(last.cmd_id, "held", second.cmd_id)]
        assert await desk.decisions.drop(second.cmd_id) is None
        await until(lambda: case(desk, cases[1]).stage == Stage.FILED or desk.acts.needing)


CREW = ("crew", "east-crew")


def _crew(desk: Desk) -> Crew:
    found = desk.board.find(*CREW)
    assert isinstance(found, Crew)
    return found


@asynccontextmanager
async def _ordered_offline(folder: Path) -> AsyncIterator[tuple[Desk, Editor, Wire, Act]]:
    """A crew is ordered to a case at a console without a network."""
    async with edited_hall(folder / "p") as (url, editor):
        (key,) = await _with_units(folder, url, ("east-urban",))
        network = Wire()
        async with seated(folder / "dispatcher", url, "dispatcher", network) as desk:
            await until(lambda: case(desk, key).responsible == "east-urban")
            network.cut()
            act = await desk.do(Order(key, "east-crew"))
            assert isinstance(act, Act)
            yield desk, editor, network, act


async def _looked(desk: Desk, network: Wire) -> Versions:
    """The network is there again, and what waits is looked at."""
    network.mend()
    await until(lambda: desk.acts.needing)
    await live(desk)
    seen = desk.decisions.look(desk.acts.needing[0].cmd_id)
    assert seen is not None
    return seen


async def test_where_an_administrator_changed_the_crew_meanwhile_the_crew_is_compared(tmp_path: Path) -> None:
    async with _ordered_offline(tmp_path) as (desk, editor, network, act):
        assert (await editor.change("crew:east-crew", name="二组"))["status"] == "applied"
        seen = await _looked(desk, network)
        await until(lambda: _crew(desk).name == "二组")
        seen = desk.decisions.look(act.cmd_id)
        assert seen is not None
        assert (seen.reason, act.ref[0], seen.act.compared) == (Reason.CONFLICT, "case", CREW)
        three = (seen.before, seen.mine, seen.theirs)
        assert [isinstance(one, Crew) and (one.name, one.status, one.job) for one in three] == [
            ("一组", CrewStatus.AVAILABLE, None),
            ("一组", CrewStatus.DISPATCHED, act.ref[1]),
            ("二组", CrewStatus.AVAILABLE, None),
        ]
        marks = {field.name: field.mark for field in seen.fields}
        assert marks == {
            "name": FieldState.THEIRS,
            "unit": FieldState.UNTOUCHED,  # it guards the order
            "status": FieldState.MINE,
            "assignments": FieldState.MINE,
        }
        (name, *_) = seen.fields
        assert (name.fact, seen.decisive) == (seen.since[0], seen.since[0])
        assert [(fact.by, type(fact).__name__) for fact in seen.since] == [("ops", "ReferenceChanged")]
        assert seen.alike == 3  # its street, whether it is lent, and whether it is retired
        (wanted,) = seen.act.facts
        assert isinstance(wanted, Ordered)
        assert evolve(case(desk, act.ref[1]), wanted).stage is Stage.HANDLING  # type: ignore[union-attr]
        assert not isinstance(await desk.decisions.again(act.cmd_id), Refused)
        await until(lambda: not desk.acts.open)
        crew = _crew(desk)
        assert (crew.name, crew.job, case(desk, act.ref[1]).stage) == ("二组", act.ref[1], Stage.HANDLING)


async def test_an_order_to_a_crew_that_changed_meanwhile_is_dropped_from_both_records(tmp_path: Path) -> None:
    async with _ordered_offline(tmp_path) as (desk, editor, network, act):
        assert (await editor.change("crew:east-crew", name="二组"))["status"] == "applied"
        seen = await _looked(desk, network)
        assert seen.drop is None
        assert await desk.decisions.drop(act.cmd_id) is None
        await until(lambda: _crew(desk).name == "二组")
        assert (_crew(desk).job, case(desk, act.ref[1]).stage, desk.acts.open) == (None, Stage.DISPATCHED, ())
        assert [desk.board.delivery(*ref) for ref in (act.ref, CREW)] == [Delivery.DONE] * 2


async def test_what_its_device_reported_and_what_was_edited_are_each_told_by_who_made_it_so(tmp_path: Path) -> None:
    """A console that sees the crew is told whole what happened to it, and takes nothing for reported that was not."""
    async with _ordered_offline(tmp_path) as (desk, editor, network, act):
        unit = await sit_down(editor.desk.http, "east-urban")
        spot = {"lon": 117.31, "lat": 31.81}
        answer = await unit.do("locate_crew", crew="east-crew", spot=spot, status="on_scene")
        assert answer["status"] == "applied"
        assert (await editor.change("crew:east-crew", name="二组"))["status"] == "applied"
        seen = await _looked(desk, network)
        await until(lambda: _crew(desk).name == "二组")
        seen = desk.decisions.look(act.cmd_id)
        assert seen is not None
        made = {field.name: (field.theirs, field.mark, field.fact and field.fact.by) for field in seen.fields}
        assert made["status"] == (CrewStatus.ON_SCENE, FieldState.CLASH, "east-urban")
        assert made["name"] == ("二组", FieldState.THEIRS, "ops")
