"""The door of the screens: questions, seals, drafts, full disks, a profile that is in use."""

import asyncio
import base64
import json
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from nacl.public import PrivateKey, SealedBox

from commandcenter.bootstrap import Unavailable
from commandcenter.cache.journal import Journal
from commandcenter.domain.commands import File
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Filed, Taken
from commandcenter.sync.petitioner import Petitioner
from commandcenter.sync.queries import FiguresQuery, HistoryQuery, PlacesQuery, SearchQuery
from tests.kit.console import Wire, case, console, done, hall, idle, seated, take, until
from tests.kit.district import PASSWORD, seats
from tests.kit.scripted import Paper, a_case, sit

ROOT = Path(__file__).resolve().parents[3]


async def test_nobody_signed_in_may_do_nothing(tmp_path):
    async with console(tmp_path) as desk:
        assert await desk.do(take()) == Refused("signed_out")
        assert desk.why_not("take", None) == "signed_out"
        assert desk.user.stored_account() is None
        with pytest.raises(Unavailable) as said:
            await desk.ask(SearchQuery())
        assert said.value.code == "offline"
        with pytest.raises(Unavailable) as said:
            desk.seal(Petitioner("王敏", "138"))
        assert said.value.code == "no_seal_key"


async def test_questions_are_answered_by_the_platform(tmp_path):
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk") as desk:
        wish = take(text="宁国路口积水")
        await done(desk, wish)
        answer = await desk.ask(SearchQuery(q="积水", street="east", limit=10))
        assert [found.id for found in answer.items] == [wish.case]
        assert (answer.total, answer.next) == (1, None)
        (fact,) = await desk.ask(HistoryQuery(wish.case))
        assert isinstance(fact, Taken)
        at = desk.now()
        figures = await desk.ask(FiguresQuery(at - timedelta(days=1), at + timedelta(days=1)))
        assert figures.total == 1
        assert (await desk.ask(PlacesQuery("outline")))["type"] == "FeatureCollection"
        with pytest.raises(Unavailable) as said:
            await desk.ask(HistoryQuery("no such case"))
        assert said.value.code == "unknown"


async def test_a_district_without_a_layer_has_an_empty_one_and_not_that_of_another(tmp_path):
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk") as desk:
        await desk._answers._layers.keep("grids", "of-another", b'{"type": "FeatureCollection", "features": [1]}')
        assert (await desk.ask(PlacesQuery("grids")))["features"] == []


async def test_offline_a_history_that_was_seen_to_begin_and_the_places_are_there(tmp_path):
    network = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "shift", network) as shift,
        seated(tmp_path / "b", url, "clerk") as clerk,
    ):
        before = take()
        await done(clerk, before)
        await until(lambda: shift.board.find("case", before.case))
        await done(shift, File(before.case))
        await shift.ask(PlacesQuery("outline"))
        network.cut()
        assert [type(fact) for fact in await shift.ask(HistoryQuery(before.case))] == [Taken, Filed]
        assert (await shift.ask(PlacesQuery("outline")))["features"] == []
        for question in (HistoryQuery("never seen"), SearchQuery(), PlacesQuery("grids")):
            with pytest.raises(Unavailable) as said:
                await shift.ask(question)
            assert said.value.code == "unreachable"


async def test_who_called_is_on_no_disk_in_clear(tmp_path):
    key = PrivateKey.generate()
    platform = Paper()
    platform.hello_extra = {"seal_key": base64.b64encode(bytes(key.public_key)).decode()}
    platform.seat = seats()["clerk"]
    async with console(tmp_path / "a", platform) as desk:
        await sit(desk, platform)
        name, sealed = desk.seal(Petitioner("欧阳敏", "13800005678"))
        await desk.do(take(petitioner=name, sealed=sealed))
        await until(lambda: platform.batches)
        opened = SealedBox(key).decrypt(base64.b64decode(sealed))
        assert json.loads(opened) == {"name": "欧阳敏", "phone": "13800005678"}
    for file in (tmp_path / "a").iterdir():
        assert b"13800005678" not in file.read_bytes()
        assert "欧阳敏".encode() not in file.read_bytes()


async def test_a_full_disk_refuses_in_words_and_keeps_nothing_half(tmp_path, monkeypatch):
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk") as desk:

        def full(self, connection, row):
            connection.exec_driver_sql("INSERT INTO meta VALUES ('half', 'kept')")
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(Journal, "_keep", full)
            refused = await desk.do(take())
        assert (refused.code, refused.about) == ("disk", "database or disk is full")
        assert desk.acts.open == ()
        assert not list(desk.board.all("case"))
        wish = take()
        await done(desk, wish)
        assert case(desk, wish.case).number
    with sqlite3.connect(tmp_path / "a" / "journal.db") as journal:
        assert journal.execute("SELECT count(*) FROM meta WHERE key = 'half'").fetchone() == (0,)
    journal.close()


async def test_drafts_belong_to_who_writes_them(tmp_path):
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk") as desk:
        await desk.drafts.keep("intake", {"text": "积水"})
        assert await desk.drafts.of("intake") == {"text": "积水"}
        await desk.user.sign_in(url, "shift", PASSWORD)
        assert await desk.drafts.of("intake") == {}
        await desk.user.sign_in(url, "clerk", PASSWORD)
        await desk.drafts.keep("intake", None)
        assert await desk.drafts.of("intake") == {}


async def test_a_second_console_on_the_same_profile_is_refused_until_the_first_is_gone(tmp_path):
    async with console(tmp_path):
        with pytest.raises(Unavailable) as said:
            async with console(tmp_path):
                pass
        assert said.value.code == "profile_in_use"
    async with console(tmp_path):
        pass


async def test_the_lock_of_a_console_that_was_killed_is_free(tmp_path):
    code = "import os, sys; from pathlib import Path; from commandcenter.cache.profile_lock import ProfileLock; "
    code += "ProfileLock(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(tmp_path), cwd=ROOT)
    assert await child.wait() != 0
    async with console(tmp_path):
        pass


async def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Unavailable) as said:
        async with console(tmp_path / "file" / "profile"):
            pass
    assert said.value.code == "read_only"


async def test_a_thousand_frames_later_memory_holds_what_is_shown_and_no_more(tmp_path):
    platform = Paper()
    async with console(tmp_path, platform) as desk:
        await sit(desk, platform)
        for number in range(3000):
            platform.put(11 + number, a_case("c1", rev=number + 1))
        await until(lambda: desk.board.find("case", "c1") == a_case("c1", 3000))
        assert len(desk.board.cases) == 1
        assert desk.board.cases.size == 1
        assert len(desk.connection.log) <= 200
        assert desk.acts.recent == ()


async def test_commands_given_together_are_kept_in_their_order(tmp_path):
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk") as desk:
        wishes = [take() for _ in range(30)]
        acts = await asyncio.gather(*(desk.do(wish) for wish in wishes))
        assert [act.cseq for act in acts] == sorted(act.cseq for act in acts)
        await idle(desk)
        numbers = [case(desk, wish.case).number for wish in wishes]
        assert numbers == sorted(numbers)
