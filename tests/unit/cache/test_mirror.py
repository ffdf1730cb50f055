"""The mirror: records and cursor together, half a snapshot never, and any doubt begins anew."""

from pathlib import Path

import pytest

from commandcenter.cache.cache_file import CacheFile
from commandcenter.cache.history import HistoryCache
from commandcenter.cache.mirror import Mirror, MirrorPosition
from commandcenter.cache.place_layers import PlaceLayers
from commandcenter.domain.facts import Accepted, Taken
from commandcenter.protocol.codec import Unreadable, fact_envelope, record_envelope
from commandcenter.protocol.events import Evict, Frame, RecordRef
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference
from tests.kit.inline_worker import InlineWorker
from tests.kit.scripted import a_case

AT = MirrorPosition("u", "d1", "key", 1, 1, 10)


def opened(folder: Path) -> CacheFile:
    return CacheFile(folder / "cache.db", worker=InlineWorker())


def frame(seq: int, *records, facts=()) -> Frame:
    return Frame(
        seq=seq, prev=seq - 1, facts=tuple(map(fact_envelope, facts)), records=tuple(map(record_envelope, records)),
        cmd_id="x", actor="y", at=NOON,
    )  # fmt: skip


async def filled(folder: Path, *more) -> CacheFile:
    file = opened(folder)
    mirror = Mirror(file)
    await mirror.begin()
    await mirror.stage([record_envelope(record) for record in (DISTRICT, CALENDAR, *reference(), *more)])
    await mirror.finish(AT)
    return file


async def test_the_last_board_comes_back_with_its_cursor(tmp_path):
    await (await filled(tmp_path, a_case())).close()
    file = opened(tmp_path)
    standing, records = await Mirror(file).load()
    assert standing == AT
    assert set(records) == {DISTRICT, CALENDAR, *reference(), a_case()}
    await file.close()


async def test_half_a_snapshot_is_not_there_after_a_restart(tmp_path):
    file = await filled(tmp_path, a_case(text="old"))
    mirror = Mirror(file)
    await mirror.begin()
    await mirror.stage([record_envelope(a_case(rev=2, text="new"))])
    await file.close()
    file = opened(tmp_path)
    _, records = await Mirror(file).load()
    assert a_case(text="old") in records
    mirror = Mirror(file)
    await mirror.begin()
    await mirror.stage([record_envelope(DISTRICT)])
    await mirror.finish(AT)
    assert (await mirror.load())[1] == [DISTRICT]
    await file.close()


async def test_frames_and_cursor_are_written_together_or_not_at_all(tmp_path):
    file = await filled(tmp_path, a_case())
    mirror = Mirror(file)
    gone = Evict(seq=12, prev=11, records=(RecordRef("case", "c1"), RecordRef("song", "s")))
    change, is_kept = await mirror.apply(AT, [frame(11, a_case(rev=2), a_case("c2")), gone])
    assert is_kept
    assert (change.records, change.evicted) == ((a_case("c2"),), (("case", "c1"),))
    rubbish = Frame(
        seq=14, prev=13, facts=(), cmd_id="", actor="", at=NOON,
        records=(type(record_envelope(a_case()))("case", b'{"id": 3}'),),
    )  # fmt: skip
    with pytest.raises(Unreadable):
        await mirror.apply(AT, [frame(13, a_case("c3")), rubbish])
    standing, records = await mirror.load()
    assert standing.seq == 12
    assert {record.id for record in records if type(record) is type(a_case())} == {"c2"}
    await file.close()


@pytest.mark.parametrize("at", [0, 18, 60, 97, 1500, 4096, 4200, 6000, 9000, 12500, 16400, 20480, 24000, 30000])
@pytest.mark.parametrize("spoil", [b"\x00" * 40, b"\xff\x13" * 600])
async def test_a_corrupt_cache_is_made_anew_wherever_it_is_corrupt(tmp_path, at, spoil):
    await (await filled(tmp_path, *(a_case(f"c{n}", text="积水" * 40) for n in range(40)))).close()
    content = bytearray((tmp_path / "cache.db").read_bytes())
    good = bytes(content)
    content[at : at + len(spoil)] = spoil
    (tmp_path / "cache.db").write_bytes(content)
    file = opened(tmp_path)
    mirror = Mirror(file)
    loaded = await mirror.load()
    if loaded is None:
        assert file.notes or bytes(content) == good
        await mirror.begin()
        await mirror.stage([record_envelope(a_case())])
        assert await mirror.finish(AT)
        loaded = await mirror.load()
        assert loaded == (AT, [a_case()])
    else:
        assert len(loaded[1]) == 40 + 2 + len(reference())  # the damage lies where nothing is
        assert {record.text for record in loaded[1] if record.id.startswith("c")} <= {"积水" * 40}
    await file.close()


async def test_a_snapshot_of_which_a_piece_went_with_a_file_made_anew_is_not_taken_for_whole(tmp_path):
    file = await filled(tmp_path)
    mirror = Mirror(file)
    await mirror.begin()
    await mirror.stage([record_envelope(a_case("c1"))])
    await file.clear("damaged")
    await mirror.stage([record_envelope(a_case("c2"))])
    assert not await mirror.finish(AT)
    assert await mirror.load() is None
    await file.close()


async def test_frames_behind_a_board_that_went_with_its_file_are_not_taken_for_a_board(tmp_path):
    file = await filled(tmp_path, a_case("c1"))
    mirror = Mirror(file)
    await file.clear("the timeline could not be kept")
    change, is_kept = await mirror.apply(AT, [frame(11, a_case("c2"))])
    assert ([record.id for record in change.records], is_kept) == (["c2"], False)
    assert await mirror.load() is None
    await file.close()


async def test_a_bit_that_fell_over_in_a_record_is_noticed(tmp_path):
    await (await filled(tmp_path, a_case(text="123456789"))).close()
    file = tmp_path / "cache.db"
    file.write_bytes(file.read_bytes().replace(b"123456789", b"123456788"))
    cache = opened(tmp_path)
    assert await Mirror(cache).load() is None
    assert cache.notes
    await cache.close()


async def test_where_the_disk_takes_nothing_the_console_goes_on_in_memory(tmp_path):
    (tmp_path / "cache.db").mkdir()
    file = opened(tmp_path)
    mirror = Mirror(file)
    await mirror.begin()
    await mirror.stage([record_envelope(a_case())])
    await mirror.finish(AT)
    assert await mirror.load() == (AT, [a_case()])
    await file.close()


async def test_facts_of_frames_make_a_timeline_until_the_record_is_out_of_sight(tmp_path):
    taken = Taken("c1", "u", NOON, None, "hotline", "water", "积水", "路口", "east")
    accepted = Accepted("c1", "v", NOON)
    file = await filled(tmp_path)
    mirror, histories = Mirror(file), HistoryCache(file)
    await mirror.apply(AT, [frame(11, a_case(), facts=[taken]), frame(12, a_case(rev=2), facts=[accepted])])
    assert [said.type for said in await histories.of("case", "c1")] == ["taken", "accepted"]
    await histories.keep("case", "c1", [fact_envelope(taken)])
    assert await histories.of("case", "c1") == (fact_envelope(taken),)
    await mirror.apply(AT, [Evict(seq=13, prev=12, records=(RecordRef("case", "c1"),))])
    assert await histories.of("case", "c1") == ()
    await file.close()


async def test_layers_are_kept_with_their_etags(tmp_path):
    file = opened(tmp_path)
    layers = PlaceLayers(file)
    assert await layers.of("grids") is None
    await layers.keep("grids", '"1"', b"{}")
    await layers.keep("grids", '"2"', b"{} ")
    assert await layers.of("grids") == ('"2"', b"{} ")
    await file.close()
