"""A note that is markup is read in a tooltip as it was written; it loads no file."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from commandcenter.cache.journal_row import RowState
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands import ApplyReturn
from commandcenter.domain.facts import Dispatched
from tests.gui.inbox.conftest import MINE, THEIRS, filed
from tests.kit.fake_desk import FakeDesk
from tests.kit.tips import shown_by_a_tip
from ui.inbox.room import InboxRoom
from ui.inbox.version_diagram import VersionDiagram

EVIL = '<img src="file:///etc/hostname">速办'


def _conflict(waiting: Any, desk: FakeDesk) -> None:
    seen = replace(filed(421), stage=Stage.HANDLING, responsible=MINE, place=EVIL)
    fact = Dispatched(seen.id, "s03.street_dispatcher", desk.now(), THEIRS, Tier.STREET, note=EVIL)
    desk.board.apply([replace(seen, rev=seen.rev + 1, responsible=THEIRS)])
    waiting.row(ApplyReturn(seen.id, EVIL), seen, state=RowState.CONFLICT, since=(fact,))


async def test_the_list_of_what_waits_shows_markup_as_it_was_written(
    desk: FakeDesk, waiting: Any, opened: Callable[[], InboxRoom]
) -> None:
    kind = desk.board.find("kind", str(filed(421).kind))
    assert kind is not None
    desk.board.apply([replace(kind, rev=2, name=EVIL)])  # type: ignore[type-var]
    _conflict(waiting, desk)
    model = opened().list.model
    tips = [str(model.index(row).data(Qt.ItemDataRole.ToolTipRole)) for row in range(model.rowCount())]
    assert any(EVIL in shown_by_a_tip(tip) for tip in tips)


async def test_the_course_of_a_conflict_shows_markup_as_it_was_written(
    desk: FakeDesk, waiting: Any, opened: Callable[[], InboxRoom]
) -> None:
    _conflict(waiting, desk)
    tips = [course.toolTip() for course in opened().findChildren(VersionDiagram)]
    assert any(EVIL in shown_by_a_tip(tip) for tip in tips)
