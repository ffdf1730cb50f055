"""A name that is markup is read in a tooltip as it was written; it loads no file."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QAbstractItemModel, Qt

from commandcenter.domain import commands as wish
from commandcenter.store.overlay import Act
from commandcenter.sync.outages import Outage
from tests.kit import hall
from tests.kit.fake_desk import FakeDesk
from tests.kit.tips import shown_by_a_tip
from ui.kit.texts.tips import TIP_MOST, plain_tip
from ui.status.model import ActsModel
from ui.status.outages import OutageModel

EVIL = '<img src="file:///etc/hostname">城管'
SHORT = '<img src="file:/x">'  # a code is cut before it is shown


def _tip(model: QAbstractItemModel) -> str:
    return shown_by_a_tip(str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)))


async def test_own_acts_show_markup_as_it_was_written(desk: FakeDesk) -> None:
    holder = desk.board.find("holder", "s03-urban")
    desk.board.apply([replace(holder, rev=2, name=EVIL, short=EVIL)])  # type: ignore[type-var]
    assert isinstance(await desk.do(wish.Dispatch(hall.case(421).id, to="s03-urban")), Act)
    assert EVIL in _tip(ActsModel(desk))  # type: ignore[arg-type]


def test_outages_show_markup_as_it_was_written(desk: FakeDesk) -> None:
    desk.outages.history = (Outage(desk.now() - timedelta(seconds=30), SHORT),)
    model = OutageModel(desk)  # type: ignore[arg-type]
    model.refresh()
    assert SHORT in _tip(model)


def test_a_tip_is_short_keeps_its_lines_and_hides_nothing() -> None:
    assert plain_tip("字" * 5_000) == "字" * (TIP_MOST - 1) + "…"
    assert shown_by_a_tip(plain_tip("<b>一</b>\n二 & 三")) == "<b>一</b>\n二 & 三"
    assert shown_by_a_tip(plain_tip("&lt;b&gt;")) == "&lt;b&gt;"
    assert plain_tip("抢修\u202e队\x00") == "抢修⟨U+202E⟩队␀"
