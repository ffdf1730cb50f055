"""The same case worked on both sides of a cut, with a real platform: the inbox shows it, and the choices do it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from commandcenter.bootstrap import Desk
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import ApplyReturn, ApproveReturn, Dispatch, File
from commandcenter.domain.teams import Crew
from commandcenter.store.overlay import Act
from tests.kit.administrator import edited_hall
from tests.kit.console import Wire, case, console, done, hall, live, seated, take, until
from tests.kit.district import PASSWORD
from tests.kit.ordering import Order, ordering
from tests.kit.turns import seen
from ui.actions.context import UiContext
from ui.cases.words import fact_words
from ui.inbox.room import InboxRoom
from ui.kit.feedback.toasts import Toasts
from ui.kit.seat import tasks
from ui.status.outages import OutageList
from ui.status.panel import ConnectionPanel


@asynccontextmanager
async def at_the_inbox(desk: Desk, qtbot: QtBot) -> AsyncIterator[tuple[UiContext, InboxRoom]]:
    """A window's seat on a real desk, its inbox open."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1600, 900)
    seat = UiContext.open(desk, window, Toasts(window))
    room = InboxRoom(
        seat,
        follow=seat.follow,
        watch=seat.watch,
        tell=fact_words,
        left=lambda _case: "",
        done=seat.tell_act,
        parent=window,
    )
    window.show()
    room.open()
    try:
        yield seat, room
    finally:
        await tasks.close()
        room.close_following()
        seat.close()


async def a_filed_case(clerk: Desk, shift: Desk, *dispatchers: Desk) -> str:
    wish = take()
    await done(clerk, wish)
    await until(lambda: shift.board.find("case", wish.case))
    await done(shift, File(wish.case))
    for desk in dispatchers:
        await until(lambda desk=desk: case(desk, wish.case).stage is Stage.FILED)
    return wish.case


async def test_both_sides_of_a_cut_drop_and_again(tmp_path: Path, qtbot: QtBot) -> None:
    network = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk") as clerk,
        seated(tmp_path / "b", url, "shift") as shift,
        seated(tmp_path / "d", url, "east-desk") as theirs,
        seated(tmp_path / "e", url, "east-police") as unit,
    ):
        async with seated(tmp_path / "c", url, "dispatcher", network) as mine:
            lost = await a_filed_case(clerk, shift, mine, theirs)
            wanted = await a_filed_case(clerk, shift, mine, theirs)
            async with at_the_inbox(mine, qtbot) as (seat, room):
                network.cut()
                await until(lambda: mine.connection.state == "waiting")
                first, second = [await mine.do(Dispatch(key, "east-urban")) for key in (lost, wanted)]
                assert isinstance(first, Act)
                assert isinstance(second, Act)
                seat.tell_act(second, "派遣")
                assert (seat.hint.text(), seat.toasts.shown()) == ("派遣，已存待发", [])
                for key in (lost, wanted):
                    await done(theirs, Dispatch(key, "east-police"))
                network.mend()
                await seen(lambda: len(mine.decisions.waiting) == 2)
                room.list.let_in()  # a pointer that happens to lie there holds back what comes in
                assert room.list.model.rowCount() == 3
                await seen(lambda: seat.hint.text() == "派遣，需处理")

                # field by field, who and when
                room.list.choose(first.cmd_id)
                await seen(lambda: room.versions.texts()[0] == "1 个字段相撞：承办")  # once it is told what theirs was
                assert "east-desk" in room.versions.texts()[1]
                rows = {row[0]: row[1:] for row in room.versions.table.rows()}
                assert rows["承办 相撞"][0] == "没有"
                assert rows["承办 相撞"][2].startswith("police east-desk")
                await seen(lambda: len(room.side.lines()) >= 6)  # the platform told the whole history

                # drop: nothing is sent, theirs stays, the act stays on record
                room.versions.choices.button("drop").click()
                await seen(lambda: mine.acts.find(first.cmd_id) is None)
                assert case(mine, lost).responsible == "east-police"
                await seen(lambda: room.shown is not None and room.shown.act.cmd_id == second.cmd_id)
                assert not room.versions.choices.button("again").isEnabled()

                # the other case comes back: again is possible now
                await until(lambda: unit.board.find("case", wanted))
                await done(unit, ApplyReturn(wanted, "不属本队"))
                async with seated(tmp_path / "f", url, "dispatcher") as colleague:
                    await until(lambda: case(colleague, wanted).application)
                    await done(colleague, ApproveReturn(wanted))
                await seen(lambda: room.versions.choices.button("again").isEnabled())
                assert "环节由已立案转为已派遣" in room.versions.choices.sentence("again")
                room.versions.choices.button("again").click()
                await seen(lambda: not mine.acts.open)
                await until(lambda: case(theirs, wanted).responsible == "east-urban")
                await seen(lambda: "已生效" in seat.hint.text())
                assert [str(room.list.model.index(at).data())[:3] for at in range(3)] == ["已决定", "已重做", "已放弃"]

                # the outage is told, and names nobody when it is read out
                going = ConnectionPanel(mine, seat.follow, seat.watch, address=lambda: url)
                qtbot.addWidget(going)
                assert "存了 2 条" in going.read_out()
                assert "dispatcher" not in going.read_out()

        # after a restart: what was decided, and the outage, are still told
        async with console(tmp_path / "c", network) as mine:
            await mine.user.sign_in(url, "dispatcher", PASSWORD)
            await live(mine)
            assert mine.decisions.waiting == ()
            assert [act.code for act in mine.acts.recent if act.is_dropped] == ["changed", "replaced"]
            history = OutageList(mine)
            qtbot.addWidget(history)
            assert "2 条需处理" in str(history.model.index(0).data())


async def test_what_another_left_here_is_listed_and_only_its_author_decides(tmp_path: Path, qtbot: QtBot) -> None:
    network = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk") as clerk,
        seated(tmp_path / "b", url, "shift") as shift,
        seated(tmp_path / "c", url, "dispatcher", network) as seat_desk,
    ):
        key = await a_filed_case(clerk, shift, seat_desk)
        network.cut()
        await until(lambda: seat_desk.connection.state == "waiting")
        assert isinstance(await seat_desk.do(Dispatch(key, "east-urban")), Act)
        signing_in = asyncio.ensure_future(seat_desk.user.sign_in(url, "shift", PASSWORD))
        await asyncio.wait({signing_in})
        assert signing_in.exception() is not None  # not while it is cut: whoever sat here still does
        await seat_desk._parts.loop.stop()
        network.mend()
        await seat_desk.user.sign_in(url, "shift", PASSWORD)
        await live(seat_desk)
        assert seat_desk.unsent == {"dispatcher": 1}
        async with at_the_inbox(seat_desk, qtbot) as (_seat, room):
            assert room.versions.texts()[0] == "派遣员留在本机的操作，还没有送出"
            assert not room.versions.choices.button("again").isEnabled()
            assert room.versions.choices.sentence("drop") == "只有本人能放弃。"
            assert case(shift, key).stage is Stage.FILED


async def test_orders_to_a_crew_that_an_administrator_renamed_during_a_cut(tmp_path: Path, qtbot: QtBot) -> None:
    network = Wire()
    with ordering():
        async with (
            edited_hall(tmp_path / "platform") as (url, editor),
            seated(tmp_path / "a", url, "clerk") as clerk,
            seated(tmp_path / "b", url, "shift") as shift,
            seated(tmp_path / "c", url, "dispatcher", network) as mine,
            at_the_inbox(mine, qtbot) as (_seat, room),
        ):

            async def ordered(key: str, name: str) -> Act:
                """The order of a crew to a case, which comes after an administrator gave the crew another name."""
                network.cut()
                await until(lambda: mine.connection.state == "waiting")
                act = await mine.do(Order(key, "east-crew"))
                assert isinstance(act, Act)
                assert (await editor.change("crew:east-crew", name=name))["status"] == "applied"
                network.mend()
                await seen(lambda: len(mine.decisions.waiting) == 1)
                room.list.let_in()
                room.list.choose(act.cmd_id)
                await seen(lambda: room.versions.texts()[0] == f"别人先动了：队组 {name}")
                return act

            one, other = [await a_filed_case(clerk, shift, mine) for _ in range(2)]
            for key in (one, other):
                await done(mine, Dispatch(key, "east-urban"))

            # the crew is named, and compared field by field: who changed it, and what the order wanted
            act = await ordered(one, "二组")
            assert room.versions.texts()[1].startswith("ops ")
            rows = {row[0]: row[1:] for row in room.versions.table.rows()}
            assert rows["名称 他人已改"][0] == "一组"
            assert rows["名称 他人已改"][2].startswith("二组 ops")
            assert rows["状态 只这步改"] == ("待命", "已派", "未改")
            assert ("名称", "二组") in room.side.now.texts()

            # again: the order is given to the crew as it is now
            room.versions.choices.button("again").click()
            await until(lambda: case(shift, one).stage is Stage.HANDLING)
            await seen(lambda: not mine.acts.open and mine.acts.find(act.cmd_id) is None)

            # drop: nothing is sent, the crew stays at its job, and so does the other case
            await ordered(other, "三组")
            room.versions.choices.button("drop").click()
            await seen(lambda: not mine.acts.open)
            crew = mine.board.find("crew", "east-crew")
            assert isinstance(crew, Crew)
            assert (crew.name, crew.job, case(mine, other).stage) == ("三组", one, Stage.DISPATCHED)
