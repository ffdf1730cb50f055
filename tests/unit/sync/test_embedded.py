"""The platform beside the console: started, started again when it dies, ended with the console; small start-up cost."""

import asyncio
import json
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from commandcenter.bootstrap import EmbeddedPlatform, Unavailable, demo_account, follow_restarts
from commandcenter.domain.people import Scope
from commandcenter.sync.demo_accounts import DemoAccount, of_district
from commandcenter.sync.embedded_platform import RESTARTS
from tests.kit.console import console, until
from tests.kit.scripted import URL, Paper, sit

ROOT = Path(__file__).resolve().parents[3]
STAND_IN = """
import socket, sys
arguments = sys.argv[1:]
data = arguments[arguments.index("--data") + 1]
with open(data + "/starts", "a") as out:
    out.write(" ".join(arguments) + "\\n")
print("making the district", file=sys.stderr, flush=True)
{extra}
listening = socket.create_server(("127.0.0.1", int(arguments[arguments.index("--port") + 1])))
print("ready http://127.0.0.1:%d" % listening.getsockname()[1], flush=True)
line = sys.stdin.readline()
print("bye", file=sys.stderr, flush=True)
"""


def stand_in(folder: Path, extra: str = "") -> EmbeddedPlatform:
    (folder / "main.py").write_text(STAND_IN.format(extra=extra))
    return EmbeddedPlatform(folder / "main.py", folder / "logs" / "platform.log")


async def test_it_says_when_it_is_ready_and_ends_with_the_console(tmp_path):
    embedded, said = stand_in(tmp_path), []
    url = await embedded.start(tmp_path, progress=said.append)
    assert url.startswith("http://127.0.0.1:")
    assert (tmp_path / "starts").read_text().strip() == f"serve --port 0 --with-console --data {tmp_path} --demo"
    await embedded.stop()
    assert said[0] == "making the district"
    assert (tmp_path / "logs" / "platform.log").read_text().splitlines() == ["making the district", "bye"]


async def test_when_it_dies_it_is_started_again_at_the_same_address(tmp_path):
    embedded = stand_in(tmp_path)
    url = await embedded.start(tmp_path)
    async with console(tmp_path / "profile") as desk:
        follow_restarts(desk, embedded)
        embedded._child._process.kill()
        await until(lambda: [entry.code for entry in desk.connection.log] == ["platform_restarted"])
        assert embedded.url == url
    await embedded.stop()


async def test_who_has_signed_in_to_a_hall_stays_there_whatever_becomes_of_the_platform_beside(tmp_path):
    paper, embedded = Paper(), stand_in(tmp_path)
    url = await embedded.start(tmp_path)
    (tmp_path / "demo_accounts.json").write_text(json.dumps([{"user": "shift", "password": "p", "role": "shift"}]))
    async with console(tmp_path / "profile", paper) as desk:
        follow_restarts(desk, embedded)
        await sit(desk, paper)
        embedded.moved.emit((url, "http://127.0.0.1:1"))
        embedded.ended.emit("no more")
        assert desk.user.url == URL
        assert desk.user.stored_account() is None
        assert not {entry.code for entry in desk.connection.log} & {"platform_restarted", "platform_ended"}
        embedded.url = URL  # this hall is the platform beside, as it was when this person signed in
        assert desk.user.stored_account() == (URL, "shift", "p")
        embedded.moved.emit((URL, "http://127.0.0.1:1"))
        assert desk.user.url == "http://127.0.0.1:1"
    await embedded.stop()


async def test_a_later_start_is_at_the_same_address_unless_it_is_taken(tmp_path):
    first, later, last = (stand_in(tmp_path) for _ in range(3))
    url = await first.start(tmp_path)
    await first.stop()
    assert await later.start(tmp_path) == url
    assert await last.start(tmp_path) != url
    await later.stop()
    await last.stop()


async def test_one_that_dies_again_and_again_is_left_alone_and_that_is_said(tmp_path):
    flag = tmp_path / "broken"
    embedded = stand_in(tmp_path, f"import os\nif os.path.exists({str(flag)!r}): sys.exit('no more')")
    await embedded.start(tmp_path)
    flag.touch()
    ended = []
    embedded.ended.connect(ended.append)
    embedded._child._process.kill()
    await until(lambda: ended)
    assert ended == ["no more"]
    await embedded.stop()


async def test_one_that_cannot_start_says_why_in_its_own_words(tmp_path):
    embedded = stand_in(tmp_path, "sys.exit('the port is in use')")
    with pytest.raises(Unavailable) as said:
        await embedded.start(tmp_path)
    assert (said.value.code, said.value.about) == ("platform_ended", "the port is in use")
    await embedded.stop()


@pytest.mark.parametrize(("why", "code"), [("held", "data_in_use"), ("corrupt", "database_damaged")])
async def test_one_whose_folder_cannot_be_used_says_so_in_the_console_s_words(tmp_path, why, code):
    embedded = stand_in(tmp_path, f"print('unusable {why}', flush=True); sys.exit('in its own words')")
    with pytest.raises(Unavailable) as said:
        await embedded.start(tmp_path)
    assert (said.value.code, said.value.about) == (code, str(tmp_path))
    await embedded.stop()


def test_the_account_of_the_demonstration_by_its_role_or_by_its_name(tmp_path):
    with pytest.raises(Unavailable) as said:
        demo_account(tmp_path)
    assert said.value.code == "no_demo_accounts"
    accounts = [{"user": "d1", "password": "p", "role": "dispatcher"}, {"user": "u1", "password": "q", "role": "unit"}]
    (tmp_path / "demo_accounts.json").write_text(json.dumps(accounts))
    assert demo_account(tmp_path) == ("d1", "p")
    assert demo_account(tmp_path, "unit") == demo_account(tmp_path, "u1") == ("u1", "q")


def test_a_name_that_nobody_has_is_answered_with_the_names_that_there_are(tmp_path):
    accounts = [{"user": "d1", "password": "p", "role": "dispatcher"}, {"user": "u1", "password": "q", "role": "unit"}]
    (tmp_path / "demo_accounts.json").write_text(json.dumps(accounts))
    with pytest.raises(Unavailable) as said:
        demo_account(tmp_path, "u2")
    assert (said.value.code, said.value.about) == ("no_demo_account", "u2 (dispatcher, unit, u1, d1)")


def test_at_a_desk_of_the_demonstration_sits_nobody_of_another_district_or_of_an_unknown_role():
    made = [DemoAccount(user, "p", role, Scope(at)) for user, role, at in
            (("d", "dispatcher", "d1"), ("far", "dispatcher", "d2"), ("new", "overseer", "d1"))]  # fmt: skip
    assert [one.user for one in of_district(made, "d1")] == ["d"]


async def test_killed_on_purpose_it_comes_back_however_often(tmp_path):
    embedded, moved = stand_in(tmp_path), []
    url = await embedded.start(tmp_path)
    embedded.moved.connect(moved.append)
    for _ in range(6):  # more often than it would be let die by itself
        assert await embedded.kill()
    assert moved == [(url, url)] * 6
    await embedded.stop()
    assert not embedded.is_up


async def test_one_whose_address_was_taken_meanwhile_is_found_at_the_new_one_later_too(tmp_path):
    embedded, later, moved = stand_in(tmp_path), stand_in(tmp_path), []
    url = await embedded.start(tmp_path)
    embedded.moved.connect(moved.append)
    with socket.socket() as other:
        async with embedded.stopped():
            other.bind(("127.0.0.1", urlsplit(url).port))
            other.listen()
        assert embedded.url != url
        assert moved == [(url, embedded.url)]
        await embedded.stop()
    assert await later.start(tmp_path) == embedded.url
    await later.stop()


async def test_one_that_cannot_use_its_folder_is_not_started_twice_to_hear_it(tmp_path):
    flag = tmp_path / "used"
    embedded = stand_in(
        tmp_path,
        f"""import os
if os.path.exists({str(flag)!r}): print('unusable held', flush=True); sys.exit('in its own words')""",
    )
    await embedded.start(tmp_path)
    with pytest.raises(Unavailable) as said:
        async with embedded.stopped():
            flag.touch()
    assert said.value.code == "data_in_use"
    assert len((tmp_path / "starts").read_text().splitlines()) == 2
    await embedded.stop()


async def test_who_waits_for_it_to_come_back_is_told_when_the_console_ends_first(tmp_path):
    embedded = stand_in(tmp_path)
    await embedded.start(tmp_path)
    killing = asyncio.ensure_future(embedded.kill())
    await asyncio.sleep(0)
    await embedded.stop()
    assert not await asyncio.wait_for(killing, 60)


async def test_one_that_is_being_stopped_is_not_waited_for(tmp_path):
    embedded = stand_in(tmp_path)
    await embedded.start(tmp_path)
    watching = embedded._watching

    async def stand_still() -> None:
        async with embedded.stopped():
            pass

    standing = asyncio.ensure_future(stand_still())
    await until(watching.done)
    assert not await asyncio.wait_for(embedded.kill(), 60)
    await standing
    assert embedded.is_up
    await embedded.stop()


async def test_it_stands_still_for_as_long_as_somebody_has_its_folder(tmp_path):
    embedded, moved = stand_in(tmp_path), []
    url = await embedded.start(tmp_path)
    embedded.moved.connect(moved.append)
    with suppress(ZeroDivisionError):
        async with embedded.stopped() as data:
            assert (data, embedded.is_up, moved) == (tmp_path, False, [])
            raise ZeroDivisionError
    assert embedded.is_up
    assert moved == [(url, url)]
    assert await embedded.kill()  # it is watched as before
    assert moved == [(url, url)] * 2
    await embedded.stop()


async def test_one_that_does_not_come_back_says_why_and_can_be_tried_again(tmp_path):
    flag = tmp_path / "broken"
    embedded = stand_in(tmp_path, f"import os\nif os.path.exists({str(flag)!r}): sys.exit('no more')")
    await embedded.start(tmp_path)
    with pytest.raises(Unavailable) as said:
        async with embedded.stopped():
            flag.touch()
    assert said.value.about == "no more"
    assert not embedded.is_up
    flag.unlink()
    async with embedded.stopped():
        pass
    assert embedded.is_up
    await embedded.stop()


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("commandcenter.bootstrap", "pandas folium fastapi uvicorn alembic shapely PySide6"),
        ("commandcenter.sync.desk", "sqlalchemy httpx pandas folium fastapi nacl PySide6"),
        ("commandcenter.store.board", "sqlalchemy httpx msgspec pandas folium fastapi PySide6"),
    ],
)
def test_what_is_heavy_is_not_loaded_by_the_door(module, kept_out):
    code = f"import sys, {module}; print(' '.join(name for name in {kept_out.split()!r} if name in sys.modules))"
    found = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True, timeout=60)
    assert found.strip() == ""


async def test_one_that_stood_still_for_somebody_begins_with_no_deaths_behind_it(tmp_path):
    embedded, ended, moved = stand_in(tmp_path), [], []
    await embedded.start(tmp_path)
    embedded.ended.connect(ended.append)
    embedded.moved.connect(moved.append)
    for deaths in (RESTARTS - 1, RESTARTS - 1):
        for _ in range(deaths):
            before = len(moved)
            embedded._child._process.kill()
            await until(lambda before=before: len(moved) > before or ended)
        async with embedded.stopped():
            pass
    assert not ended
    assert embedded.is_up
    await embedded.stop()
