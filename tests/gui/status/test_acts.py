"""Own acts with the four words; one that needs the person offers again and drop; the facts for the telephone."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from commandcenter.domain import commands as wish
from commandcenter.store.overlay import Act, Delivery
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from ui.kit import tasks
from ui.kit.follow import Follow
from ui.status.acts import OwnActs
from ui.status.model import ActsModel
from ui.status.panel import Going
from ui.status.watch import Watch


@pytest.fixture
async def act(desk: FakeDesk) -> Act:
    kept = await desk.do(wish.Dispatch(hall.case(421).id, to="s03-urban"))
    assert isinstance(kept, Act)
    return kept


@pytest.fixture
def own(desk: FakeDesk, follow: Follow, watch: Watch, qtbot: Any) -> OwnActs:
    made = OwnActs(desk, follow, watch)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(800, 240)
    made.show()
    return made


def rows(own: OwnActs) -> list[str]:
    return [own.model.index(row).data() for row in range(own.model.rowCount())]


async def test_an_act_is_told_with_its_case_and_what_comes_next(act: Act, own: OwnActs) -> None:
    assert rows(own) == ["派遣  00421  道路积水 连上后依次送达"]


async def test_it_comes_further_in_place(act: Act, desk: FakeDesk, own: OwnActs) -> None:
    tester = QAbstractItemModelTester(own.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    desk.acts.put(replace(act, delivery=Delivery.SENT))
    own.refresh()
    assert "平台已收" in rows(own)[0]
    desk.acts.end([replace(act, delivery=Delivery.DONE)])
    own.refresh()
    assert rows(own) == ["派遣  00421  道路积水"]
    del tester


async def test_only_an_act_that_needs_the_person_offers_again_and_drop(act: Act, desk: FakeDesk, own: OwnActs) -> None:
    heard: list[tuple[str, str]] = []

    async def again(cmd_id: str) -> None:
        heard.append(("again", cmd_id))

    desk.again = desk.drop = again  # type: ignore[attr-defined]
    own.choose(0)
    assert own.again.isHidden()
    desk.acts.put(replace(act, delivery=Delivery.NEEDS_YOU, code="conflict"))
    own.refresh()
    own.choose(0)
    assert not own.again.isHidden()
    own.again.click()
    await asyncio.sleep(0.01)
    assert heard == [("again", act.cmd_id)]
    await tasks.close()


async def test_enter_asks_for_the_case(act: Act, own: OwnActs, qtbot: Any) -> None:
    own.choose(0)
    with qtbot.waitSignal(own.wanted) as wanted:
        own.case.click()
    assert wanted.args == [hall.case(421).id]


def test_nothing_done_yet_is_said(own: OwnActs) -> None:
    assert own.empty.isVisible()


def test_the_model_is_sound(desk: FakeDesk, qtbot: Any) -> None:
    QAbstractItemModelTester(ActsModel(desk), QAbstractItemModelTester.FailureReportingMode.Fatal)  # type: ignore[arg-type]


def test_what_is_going_on_can_be_read_out_and_copied(desk: FakeDesk, follow: Follow, watch: Watch, qtbot: Any) -> None:
    desk.connection.heard(round_trip=0.02, skew=0.4)
    desk.unsent = {"d07": 2}
    going = Going(desk, follow, watch, address=lambda: "http://hall:8765", fault=lambda: "E-7F21")  # type: ignore[arg-type]
    qtbot.addWidget(going)
    going.copy.click()
    told = QApplication.clipboard().text()
    for part in ("已连接", "http://hall:8765", "15:42:08", "d07 2", "本机 +0.4 秒", "E-7F21"):
        assert part in told
