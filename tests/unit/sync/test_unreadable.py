"""What this program cannot read on the stream is fetched as a whole; if that helps nothing, a sentence, and calm."""

import pytest

from commandcenter.domain.commands import File
from commandcenter.protocol.codec import encode, record_envelope
from commandcenter.sync.connection import State
from tests.kit.console import case, console, live, until
from tests.kit.scripted import Paper, a_case, frame, sit

NULL = b'{"kind":"case","record":null}'


def damaged(chunk: bytes) -> bytes:
    """With a stage that is none in any version."""
    return chunk.replace(b'"stage":"received"', b'"stage":7')


def log(desk) -> list[tuple[str, str]]:
    return [(entry.state, entry.code) for entry in desk.connection.log if entry.code]


@pytest.mark.parametrize(
    "chunk",
    [
        frame(1, 11, a_case(rev=2)).replace(encode(record_envelope(a_case(rev=2))), NULL),
        damaged(frame(1, 11, a_case(rev=2))),
        b"id: 1:11\nevent: put\ndata: {}\n\n",
        b"id: 1:12\n" + frame(1, 11, a_case(rev=2)).split(b"\n", 1)[1],
        b'id: 1:11\nevent: evict\ndata: {"seq":11,"prev":10,"records":7}\n\n',
    ],
)
async def test_a_frame_that_cannot_be_read_leads_to_a_snapshot_that_can(tmp_path, chunk):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.records[-1], paper.head = a_case(rev=2), 11
        paper.raw(chunk)
        await until(lambda: case(desk, "c1").rev == 2)
        assert paper.asked.count("/v1/snapshot") == 2
        assert (State.WAITING, "garbled") in log(desk)
        paper.beat()
        await live(desk)
        paper.put(12, a_case(rev=3))
        await until(lambda: case(desk, "c1").rev == 3)
        assert paper.cursors == ["1:10", "1:11"]


class Damaged(Paper):
    """A platform whose snapshot has what this program cannot read."""

    is_damaged = False

    def _snapshot(self) -> bytes:
        whole = super()._snapshot()
        return damaged(whole) if self.is_damaged else whole


async def test_a_platform_that_goes_on_to_say_what_cannot_be_read_is_told_after_three_times_and_asked_calmly(tmp_path):
    paper = Damaged()
    paper.records += [a_case(), a_case("c2")]
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.is_damaged = True
        paper.instead["/v1/commands"] = [None] * 99
        paper.raw(damaged(frame(1, 11, a_case(rev=2))))
        await until(lambda: desk.connection.state is State.REFUSED)
        assert desk.connection.code == "unreadable"
        assert desk.connection.last_fault.code == "unreadable"
        assert paper.asked.count("/v1/snapshot") == 3  # one at the beginning, two in vain after the frame
        assert {one.id for one in desk.board.all("case")} == {"c1", "c2"}  # the board stays
        assert desk.connection.stale
        act = await desk.do(File("c2"))
        assert (act.cmd_id, desk.acts.open[0].code) == (desk.acts.open[0].cmd_id, "unreadable")
        times = paper.asked.count("/v1/hello")
        await until(lambda: log(desk).count((State.REFUSED, "unreadable")) > 2)
        assert paper.asked.count("/v1/hello") == times + 2  # once a minute, no more
        paper.is_damaged = False
        paper.beat()
        await live(desk)
        await until(lambda: paper.batches)
        assert paper.batches[0]["commands"][0]["cmd_id"] == act.cmd_id


async def test_a_frame_that_comes_again_after_each_snapshot_ends_in_the_sentence_too(tmp_path):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        bad = damaged(frame(1, 11, a_case(rev=2)))
        for _ in range(3):
            paper.raw(bad)
        await until(lambda: desk.connection.state is State.REFUSED)
        assert desk.connection.code == "unreadable"
        assert paper.asked.count("/v1/events") == 3
        assert case(desk, "c1") == a_case()
        paper.records[-1], paper.head = a_case(rev=2), 11
        paper.beat()
        await live(desk)
        assert case(desk, "c1").rev == 2
