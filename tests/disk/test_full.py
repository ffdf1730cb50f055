"""A full disk: writes are refused with a reason, nothing is half kept, and acts kept before are still done."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.domain.decisions import Refused
from commandcenter.operations.backup import main as backup
from commandcenter.server.storage import database
from commandcenter.store.overlay import Act, Delivery
from tests.disk.small_disk import small_disk
from tests.kit.console import Wire, case, console, done, hall, idle, seated, take, until
from tests.process.verdict import judge

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither small disks nor limits of this kind")


def intact(profile: Path, platform: Path, acts: list[str]) -> None:
    verdict = judge(acts, profile / "journal.db", database.file_in(platform), at_rest=True)
    assert (verdict.lost, verdict.doubled, verdict.effects) == ({}, {}, len(acts))


@pytest.mark.small_disk
async def test_an_action_on_a_full_disk_is_refused_and_the_former_ones_are_done(tmp_path):
    network, kept = Wire(), []
    with small_disk(tmp_path / "disk", kilobytes=1500) as disk:
        profile = disk.folder / "clerk"
        async with hall(tmp_path / "platform") as url, seated(profile, url, "clerk", network) as clerk:
            network.cut()
            kept += [await clerk.do(take()) for _ in range(5)]
            disk.fill()
            while isinstance(answer := await clerk.do(wish := take()), Act):
                kept.append(answer)  # it still fits into pages that are allocated
            assert answer.code == "disk"
            assert answer.about
            assert clerk.board.find("case", wish.case) is None
            assert [act.cmd_id for act in clerk.acts.open] == [act.cmd_id for act in kept]
            network.mend()  # kept acts are sent; the journal can record it only where the mirror freed space
            await until(lambda: {act.code for act in clerk.acts.open if act.delivery is Delivery.KEPT} <= {"disk"})
            disk.clear()
            await idle(clerk)
            kept.append(await done(clerk, take()))
        intact(profile, tmp_path / "platform", [act.cmd_id for act in kept])


@pytest.mark.small_disk
async def test_a_start_on_a_full_disk_is_refused_in_words_and_changes_nothing(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=1500) as disk:
        profile = disk.folder / "clerk"
        async with hall(tmp_path / "platform") as url:
            network = Wire()
            async with seated(profile, url, "clerk", network) as clerk:
                network.cut()
                act = await clerk.do(take())
            before = (profile / "journal.db").read_bytes()
            disk.fill()
            try:
                async with console(profile) as desk:
                    assert [one.cmd_id for one in desk.acts.open] == [act.cmd_id]
                    refused = await desk.do(take())
                    assert isinstance(refused, Refused)
            except Unavailable as wrong:
                assert wrong.code == "read_only"  # noqa: PT017 (either is right: it depends on what is free)
                assert (profile / "journal.db").read_bytes() == before
            disk.clear()
            async with seated(profile, url, "clerk") as clerk:
                await idle(clerk)
        intact(profile, tmp_path / "platform", [act.cmd_id])


@pytest.mark.expects_log("nothing could be written")
@pytest.mark.expects_log("the database did not answer")
@pytest.mark.small_disk
async def test_a_platform_on_a_full_disk_acknowledges_nothing_and_takes_it_when_there_is_room(tmp_path):
    with small_disk(tmp_path / "disk", kilobytes=3000) as disk:
        data = disk.folder / "platform"
        async with hall(data) as url, seated(tmp_path / "clerk", url, "clerk") as clerk:
            first = await done(clerk, take())
            disk.fill()
            wishes = [take() for _ in range(60)]
            acts = [await clerk.do(wish) for wish in wishes]
            await until(lambda: clerk.connection.state == "live" and clerk.acts.find(acts[-1].cmd_id))
            await asyncio.sleep(0.5)
            assert clerk.acts.find(acts[-1].cmd_id)
            disk.clear()
            await idle(clerk)
            assert all(case(clerk, wish.case).number for wish in wishes)
        intact(tmp_path / "clerk", data, [first.cmd_id, *(act.cmd_id for act in acts)])


@pytest.mark.small_disk
def test_a_backup_that_does_not_fit_is_none(tmp_path, capsys):
    data = tmp_path / "data"
    data.mkdir()
    with database.writing(data):
        pass
    with small_disk(tmp_path / "disk", kilobytes=100) as disk:
        assert backup(["--data", str(data), "--to", str(disk.folder / "b")]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
        assert list(disk.folder.iterdir()) == []


@posix
async def test_a_limit_on_the_size_of_files_refuses_in_words(tmp_path):
    async with hall(tmp_path / "platform") as url:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _CHILD, str(tmp_path / "clerk"), url, cwd=ROOT, stdout=subprocess.PIPE
        )
        said, _ = await child.communicate()
        assert child.returncode == -signal.SIGKILL
        kept, code, about = json.loads(said)
        assert code == "disk"
        assert about
        async with seated(tmp_path / "clerk", url, "clerk") as clerk:
            await idle(clerk)
            assert [act.cmd_id for act in clerk.acts.recent] == kept
    intact(tmp_path / "clerk", tmp_path / "platform", kept)


_CHILD = f"""
import asyncio, json, os, resource, sys
from pathlib import Path
from commandcenter.store.overlay import Act, Delivery
from tests.kit.console import Wire, seated, take

async def main(profile, url):
    wire = Wire()
    async with seated(Path(profile), url, "clerk", wire) as desk:
        wire.cut()
        largest = max(file.stat().st_size for file in Path(profile).iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 20_000, largest + 20_000))
        kept = []
        while isinstance(answer := await desk.do(take()), Act):
            kept.append(answer.cmd_id)
        print(json.dumps([kept, answer.code, answer.about]), flush=True)
        os.kill(os.getpid(), {int(getattr(signal, "SIGKILL", 9))})

asyncio.run(main(*sys.argv[1:]))
"""
