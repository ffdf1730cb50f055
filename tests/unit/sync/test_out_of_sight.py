"""An act whose effect takes the case out of its author's sight is done as soon as the stream has passed it."""

from datetime import timedelta

from commandcenter.domain.commands import File
from commandcenter.protocol.codec import encode
from commandcenter.store.overlay import Act, Delivery
from tests.kit.console import console, until
from tests.kit.district import NOON
from tests.kit.scripted import Paper, a_case, sit


async def test_an_act_that_took_the_case_away_is_done_without_a_heartbeat(tmp_path):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        assert isinstance(act, Act)
        await until(lambda: [one.delivery for one in desk.acts.open] == [Delivery.SENT])
        paper.say("evict", encode({"seq": 11, "prev": 10, "records": [{"kind": "case", "id": "c1"}]}), key="1:11")
        await until(lambda: not desk.acts.open)
        assert desk.board.find("case", "c1") is None


async def test_it_is_done_too_where_the_platforms_clock_was_set_back_on_the_stream(tmp_path):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await desk.do(File("c1"))
        await until(lambda: [one.delivery for one in desk.acts.open] == [Delivery.SENT])
        paper.say("hb", encode({"head": paper.head, "now": NOON + timedelta(days=31)}))
        paper.beat()
        paper.beat()
        await until(lambda: not desk.acts.open)
