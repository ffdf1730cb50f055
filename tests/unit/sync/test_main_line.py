"""The main line of a case, from two consoles: what one does, the other sees."""

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Accept, ApplyReturn, ApproveReturn, Close, Dispatch, File, Report
from commandcenter.domain.decisions import Refused
from tests.kit.console import case, done, hall, idle, seated, take, until


async def test_a_case_travels_from_intake_to_its_end_and_every_seat_sees_it(tmp_path):
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk") as clerk,
        seated(tmp_path / "b", url, "shift") as shift,
        seated(tmp_path / "c", url, "dispatcher") as dispatcher,
        seated(tmp_path / "d", url, "east-urban") as unit,
    ):
        wish = take()
        await done(clerk, wish)
        assert case(clerk, wish.case).number
        await until(lambda: shift.board.find("case", wish.case))
        await done(shift, File(wish.case))
        assert unit.board.find("case", wish.case) is None
        await until(lambda: "dispatch" in dispatcher.may(case(dispatcher, wish.case)))
        await done(dispatcher, Dispatch(wish.case, "east-urban"))
        await until(lambda: unit.board.find("case", wish.case))
        await done(unit, Accept(wish.case))
        await done(unit, Report(wish.case, "已抽干"))
        await until(lambda: case(shift, wish.case).stage is Stage.REPORTED)
        await done(shift, Close(wish.case))
        await until(lambda: case(clerk, wish.case).stage is Stage.CLOSED)
        assert [act.name for act in unit.acts.recent] == ["accept", "report"]


async def test_a_returned_case_leaves_the_unit_and_its_own_approval_is_done_all_the_same(tmp_path):
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk") as clerk,
        seated(tmp_path / "b", url, "shift") as shift,
        seated(tmp_path / "c", url, "dispatcher") as dispatcher,
        seated(tmp_path / "d", url, "east-urban") as unit,
    ):
        wish = take()
        await done(clerk, wish)
        await until(lambda: shift.board.find("case", wish.case))
        await done(shift, File(wish.case))
        await until(lambda: case(dispatcher, wish.case).stage is Stage.FILED)
        await done(dispatcher, Dispatch(wish.case, "east-urban"))
        await until(lambda: unit.board.find("case", wish.case))
        await done(unit, ApplyReturn(wish.case, "不属本队"))
        await until(lambda: case(dispatcher, wish.case).application)
        await done(dispatcher, ApproveReturn(wish.case))
        await until(lambda: unit.board.find("case", wish.case) is None)
        assert (case(dispatcher, wish.case).returns, case(dispatcher, wish.case).returned_by) == (1, "east-urban")
        await idle(dispatcher)


async def test_the_desk_refuses_at_once_what_the_rules_forbid(tmp_path):
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk") as clerk:
        wish = take()
        await done(clerk, wish)
        assert await clerk.do(File(wish.case)) == Refused("role", "intake_clerk")
        assert clerk.why_not("file", case(clerk, wish.case)) == "role"
        assert await clerk.do(take(street="nowhere")) == Refused("unknown_street", "nowhere")
        assert clerk.acts.open == ()
