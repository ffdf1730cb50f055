"""Whoever answers that should not, or otherwise than agreed: a proxy, a newer platform, rubbish; the line goes on."""

import pytest

from commandcenter.sync.connection import State
from tests.kit.console import console, live, until
from tests.kit.scripted import URL, Paper, a_case, html, sit


async def test_a_proxy_that_answers_for_the_platform_is_waited_out(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead["/v1/hello"] = [html(), html(401), html(403), html(503)]
        paper.instead["/v1/events"] = [html(407)]
        paper.raw(None)
        await until(lambda: paper.instead["/v1/hello"] == [])
        assert desk.connection.state is not State.SIGNED_OUT
        paper.beat()
        await live(desk)
        assert "not_a_platform" in [entry.code for entry in desk.connection.log]


async def test_a_platform_that_became_too_new_is_refused_and_asked_again_later(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.hello_extra = {"min_client": 99}
        paper.raw(None)
        await until(lambda: desk.connection.state is State.REFUSED)
        assert desk.connection.code == "newer_protocol"
        paper.hello_extra = {}
        paper.beat()
        await live(desk)


async def test_a_good_bye_is_honoured(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.say("bye", b'{"retry_s":3}')
        await until(lambda: desk.connection.state is State.WAITING)
        left = (desk.connection.retry_at - desk.now()).total_seconds()
        assert 2.5 < left <= 4


async def test_a_window_too_many_says_so_and_comes_back_after_a_while(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.say("bye", b'{"retry_s":60,"code":"too_many_streams"}')
        await until(lambda: desk.connection.state is State.WAITING)
        assert desk.connection.code == "too_many_streams"
        assert (desk.connection.retry_at - desk.now()).total_seconds() > 10


async def test_word_that_the_platform_is_back_ends_the_wait(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.say("bye", b'{"retry_s":60}')
        await until(lambda: desk.connection.state is State.WAITING)
        desk.user.moved(URL)
        paper.beat()
        await live(desk)
        desk.user.moved(URL)  # a line that is live is left alone
        assert desk.connection.state is State.LIVE


@pytest.mark.parametrize(
    "chunk",
    [
        b"event: put\ndata: {}\n\n",
        b"event: put\ndata: \xff\n\n",
        b'id: 1:11\nevent: put\ndata: {"seq":12}\n\n',
        b"event: put\ndata: " + b"[" * 2000 + b"\n\n",
        b'id: 1:11\nevent: put\ndata: {"seq":11,"prev":10,"facts":[],"records":[{"kind":"case","record":{"id":7}}],'
        b'"cmd_id":"x","actor":"y","at":"2026-11-24T04:00:00Z"}\n\n',
        b'event: hb\ndata: {"head":"many"}\n\n',
    ],
)
async def test_rubbish_on_the_stream_breaks_it_off_and_changes_nothing(tmp_path, chunk):
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.raw(chunk)
        await until(lambda: "garbled" in [entry.code for entry in desk.connection.log])
        await until(lambda: len(paper.cursors) == 2)
        assert paper.cursors[1] == "1:10"
        assert desk.board.find("case", "c1") == a_case()


async def test_what_a_newer_platform_adds_is_passed_over(tmp_path):
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.say("weather", b'{"rain":true}')
        frame = b'{"seq":11,"prev":10,"facts":[{"type":"sung","fact":{}}],"records":[{"kind":"song","record":{}}],'
        frame += b'"cmd_id":"x","actor":"y","at":"2026-11-24T04:00:00Z","mood":"good"}'
        paper.say("put", frame, key="1:11")
        paper.put(12, a_case())
        await until(lambda: desk.board.find("case", "c1"))
        assert paper.cursors == ["1:10"]
