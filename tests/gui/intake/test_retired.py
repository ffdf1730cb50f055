"""What was retired is offered to no new case, wherever one chooses; the cases that use it still show its name."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from commandcenter.domain.channels import Channel
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder
from commandcenter.domain.places import Grid, Street
from tests.gui.intake.conftest import opened
from tests.kit import hall
from tests.kit.seat import FakeHall
from ui.cases.ranking import Asked, RankedHolders
from ui.intake import address
from ui.kit import records
from ui.kit.texts import names


async def test_a_retired_record_is_offered_nowhere_and_its_name_stays(seat: FakeHall, qtbot: QtBot) -> None:
    board = seat.desk.board
    chosen = {Channel: "h12345", Kind: hall.case().kind, Street: "s03", Grid: "s04-g01", Holder: "s04-urban"}
    for kind, key in chosen.items():
        found = records.find(board, kind, key)
        assert found is not None
        board.apply([replace(found, rev=2, retired=True)])
    async with opened(seat, qtbot) as panel:
        form = panel.form
        assert form.channel.findData("h12345") == form.where.street.findData("s03") == -1
        assert form.channel.findData("grid") >= 0
        assert form.where.street.findData("s04") >= 0
        assert hall.case().kind not in {one.thing.id for one in form.kind._like("道路积水")}
        assert "s04-g01" not in {one.grid for one in address._areas(board)}
    holders = {
        one.thing.id
        for one in RankedHolders(Asked(board, hall.case(street="s04"), None, hall.NOW, lambda _key: True)).like("")
    }
    assert "s04-urban" not in holders
    assert "s04-market" in holders
    assert names.name(board, "street", "s03") == "望湖街道"
