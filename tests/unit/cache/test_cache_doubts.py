"""The cache in detail: what belongs to a snapshot, what a doubt about the file comes to, what a digest is made of."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw, structs

from commandcenter.cache import cache_file, history
from commandcenter.cache.cache_file import CacheFile
from commandcenter.cache.history import HistoryCache
from commandcenter.cache.mirror import Mirror, MirrorChange, MirrorPosition
from commandcenter.cache.place_layers import PlaceLayers
from commandcenter.domain.facts import Accepted, CrewLocated, Taken
from commandcenter.domain.places import Spot
from commandcenter.domain.records import kind_of
from commandcenter.domain.teams import CrewStatus
from commandcenter.protocol.codec import (
    RecordEnvelope,
    Unreadable,
    encode,
    fact_envelope,
    record_bytes,
    record_envelope,
)
from commandcenter.protocol.events import Evict, Frame, RecordRef
from tests.kit.district import CALENDAR, DISTRICT, NOON
from tests.kit.inline_worker import InlineWorker
from tests.kit.scripted import a_case

AT = MirrorPosition("u", "d1", "key", 1, 1, 10, "1.10.x")
TAKEN = Taken("c1", "u", NOON, None, "hotline", "water", "积水", "路口", "east")


def opened(folder: Path) -> CacheFile:
    return CacheFile(folder / "cache.db", worker=InlineWorker())


def sql(folder: Path, line: str, *given: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "cache.db")) as connection, connection:
        return connection.execute(line, given).fetchall()


def frame(seq: int, *records: Any, facts: Any = (), token: str | None = None) -> Frame:
    return Frame(
        seq=seq, prev=seq - 1, facts=tuple(map(fact_envelope, facts)), records=tuple(map(record_envelope, records)),
        cmd_id="x", actor="y", at=NOON, cursor_token=token,
    )  # fmt: skip


async def filled(file: CacheFile, *records: Any) -> Mirror:
    mirror = Mirror(file)
    await mirror.begin()
    await mirror.stage([record_envelope(record) for record in (DISTRICT, *records)])
    assert await mirror.finish(AT)
    return mirror


async def test_a_snapshot_has_each_record_once_until_it_is_begun_anew(tmp_path):
    file = opened(tmp_path)
    mirror = Mirror(file)
    for is_first in (True, False):
        if not is_first:
            await mirror.begin()
        strange = RecordEnvelope("song", encode({"id": "s"}))
        assert await mirror.stage([record_envelope(a_case()), strange, record_envelope(a_case("c2"))]) == [
            a_case(),
            a_case("c2"),
        ]
        assert await mirror.stage([]) == []
        with pytest.raises(Unreadable, match="case c2 twice"):
            await mirror.stage([record_envelope(a_case("c3")), record_envelope(a_case("c2", rev=2))])
    await mirror.begin()
    await mirror.stage([record_envelope(a_case("c9"))])
    await mirror.finish(AT)
    assert await mirror.load() == (AT, [a_case("c9")])
    assert sql(tmp_path, "SELECT count(*) FROM staged") == [(0,)]
    await file.close()


async def test_a_snapshot_takes_the_place_of_the_records_and_of_what_was_known_of_their_past(tmp_path):
    file = opened(tmp_path)
    mirror = await filled(file, a_case())
    await mirror.apply(AT, [frame(11, a_case(rev=2), facts=[TAKEN])])
    assert await HistoryCache(file).of("case", "c1") == (fact_envelope(TAKEN),)
    await filled(file, a_case("c2"))
    assert await HistoryCache(file).of("case", "c1") == ()
    assert await mirror.load() == (AT, [a_case("c2"), DISTRICT])
    await file.close()


async def test_after_frames_the_mirror_stands_at_the_last_with_its_word(tmp_path):
    file = opened(tmp_path)
    mirror = await filled(file, a_case())
    for last, word in ((frame(12, token="1.12.y"), "1.12.y"), (frame(13), ""), (Evict(14, 13, (), "1.14.z"), "1.14.z")):
        change, is_kept = await mirror.apply(AT, [frame(11, a_case(rev=last.seq), token="1.11.x"), last])
        assert (change, is_kept) == (MirrorChange((a_case(rev=last.seq),)), True)
        assert await mirror.load() == (replace(AT, seq=last.seq, cursor_token=word), [a_case(rev=last.seq), DISTRICT])
    assert sql(tmp_path, "SELECT one FROM standing") == [(1,)]  # as in every file of an earlier program
    await file.close()


async def test_what_came_after_it_was_taken_out_of_sight_is_seen_again(tmp_path):
    file = opened(tmp_path)
    mirror = await filled(file, a_case())
    gone = Evict(12, 11, (RecordRef("case", "c1"), RecordRef("case", "c2")))
    change, _ = await mirror.apply(AT, [frame(11, a_case(rev=2)), gone, frame(13, a_case(rev=3), facts=[TAKEN])])
    assert change == MirrorChange((a_case(rev=3),), (("case", "c2"),))
    assert (await mirror.load())[1] == [a_case(rev=3), DISTRICT]
    assert await HistoryCache(file).of("case", "c1") == (fact_envelope(TAKEN),)
    await file.close()


async def test_what_leaves_by_the_clock_leaves_alone(tmp_path):
    file = opened(tmp_path)
    mirror = await filled(file, a_case(), a_case("c2"), a_case("c3"), CALENDAR)
    await mirror.delete_ended([("case", "c1"), ("case", "c3"), ("grid", "c2")])
    assert {record.id for record in (await mirror.load())[1]} == {"c2", DISTRICT.id, CALENDAR.id}
    await file.close()


async def test_what_leaves_by_the_clock_is_no_longer_counted_as_unreadable(tmp_path):
    file = opened(tmp_path)
    mirror = await filled(file, a_case(), a_case("c2"))
    newer = [
        RecordEnvelope("case", Raw(record_bytes(a_case(key, rev=2)).replace(b'"stage":"', b'"stage":"no_', 1)))
        for key in ("c1", "c2")
    ]
    await mirror.apply(AT, [structs.replace(frame(11, a_case(rev=2)), records=tuple(newer))])
    assert mirror.unread == {("case", "c1"), ("case", "c2")}
    await mirror.delete_ended([("case", "c1")])
    assert mirror.unread == {("case", "c2")}
    await file.close()


async def test_the_digest_is_that_of_all_but_ended_cases_in_the_order_of_their_names(tmp_path):
    file = opened(tmp_path)
    there = [CALENDAR, a_case("c2", rev=5), a_case("c1"), DISTRICT]
    mirror = await filled(file, CALENDAR, a_case("c2", rev=5), a_case("c1"), a_case("c0", ended_at=NOON))
    names = sorted((kind_of(record), record.id, record.rev) for record in there)
    text = "".join(f"{kind} {key} {rev}\n" for kind, key, rev in names)
    assert await mirror.digest() == sha256(text.encode()).hexdigest()
    await file.close()


@pytest.mark.parametrize(
    "line",
    ["UPDATE records SET rev = rev + 1", "UPDATE records SET id = 'c7' WHERE kind = 'case'",
     "UPDATE records SET proof = proof + 1", "UPDATE records SET kind = 'grid' WHERE kind = 'case'",
     "UPDATE standing SET body = '{}'", "UPDATE records SET body = CAST(body AS TEXT)"],
)  # fmt: skip
async def test_a_cache_of_which_a_bit_fell_over_is_made_anew_and_says_why(tmp_path, line):
    file = opened(tmp_path)
    mirror = await filled(file, a_case())
    sql(tmp_path, line)
    assert await mirror.load() is None
    assert len(file.notes) == 1
    assert "a record of the cache" in file.notes[0]
    assert sql(tmp_path, "SELECT count(*) FROM records") == [(0,)]
    await file.close()


@pytest.mark.parametrize("table", ["records", "standing"])
async def test_what_could_not_be_kept_is_told_all_the_same_and_said_not_to_be_kept(tmp_path, table):
    async def broken() -> tuple[CacheFile, Mirror]:
        file = opened(tmp_path)
        mirror = await filled(file, a_case())
        sql(tmp_path, f"DROP TABLE {table}")
        return file, mirror

    file, mirror = await broken()
    change, is_kept = await mirror.apply(AT, [frame(11, a_case(rev=2))])
    assert (change.records, is_kept, len(file.notes)) == ((a_case(rev=2),), False, 1)
    assert await mirror.load() is None
    sql(tmp_path, f"DROP TABLE {table}")
    assert await mirror.finish(AT) is False
    sql(tmp_path, "DROP TABLE staged")
    assert await mirror.stage([record_envelope(a_case("c5"))]) == [a_case("c5")]
    sql(tmp_path, "DROP TABLE records")
    assert await mirror.digest() == ""
    sql(tmp_path, "DROP TABLE standing")
    assert await mirror.load() is None
    sql(tmp_path, "DROP TABLE facts")
    assert await HistoryCache(file).of("case", "c1") == ()
    sql(tmp_path, "DROP TABLE places")
    assert await PlaceLayers(file).of("grids") is None
    assert len(file.notes) == 7
    await file.close()


async def test_a_file_that_is_made_anew_again_and_again_says_the_last_twenty_reasons(tmp_path):
    file = opened(tmp_path)
    for number in range(23):
        await Mirror(file).forget(f"reason {number}")
    assert file.notes == [f"file: reason {number}" for number in range(3, 23)]
    await file.close()


@pytest.mark.parametrize("version", [3, 9])
async def test_a_cache_of_another_program_is_made_anew_and_one_of_this_is_not(tmp_path, version):
    file = opened(tmp_path)
    await filled(file, a_case())
    await file.close()
    assert sql(tmp_path, "PRAGMA user_version") == [(cache_file.VERSION,)]
    file = opened(tmp_path)
    assert (await Mirror(file).load() is not None, file.notes) == (True, [])
    await file.close()
    sql(tmp_path, f"PRAGMA user_version = {version}")
    (tmp_path / "cache.db-journal").write_bytes(b"of an older way to write")
    file = opened(tmp_path)
    assert (await Mirror(file).load(), file.notes) == (None, [f"file: version {version}"])
    assert not (tmp_path / "cache.db-journal").exists()
    await file.close()


async def test_of_a_records_past_nothing_is_told_twice_and_nothing_of_the_crews(tmp_path):
    file = opened(tmp_path)
    mirror, histories = await filled(file), HistoryCache(file)
    accepted = Accepted("c1", "v", NOON)
    await histories.keep("case", "c1", [fact_envelope(TAKEN)])
    located = CrewLocated("k1", "u", NOON, Spot(117.3, 31.8), CrewStatus.AVAILABLE)
    other = Accepted("c2", "v", NOON)
    await mirror.apply(AT, [frame(11, facts=[TAKEN, located, accepted]), frame(12, facts=[other])])
    assert await histories.of("crew", "k1") == ()
    assert await histories.of("case", "c1") == (fact_envelope(TAKEN), fact_envelope(accepted))
    await histories.keep("case", "c1", [fact_envelope(accepted)])
    assert await histories.of("case", "c1") == (fact_envelope(accepted),)
    await histories.keep("case", "c1", [])
    assert await histories.of("case", "c1") == ()
    assert await histories.of("case", "c2") == (fact_envelope(other),)
    await file.close()


async def test_the_past_that_is_kept_has_a_largest_size_and_the_oldest_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "MOST", 10)
    monkeypatch.setattr(history, "_SLACK", 5)
    file = opened(tmp_path)
    histories = HistoryCache(file)
    counts = []
    for number in range(1, 34):
        await histories.keep("case", f"c{number}", [fact_envelope(Accepted(f"c{number}", "v", NOON))])
        counts.append(sql(tmp_path, "SELECT count(*), max(n) FROM facts")[0])
    assert max(count for count, _ in counts) == 16
    assert counts[15:17] == [(16, 16), (11, 17)]
    assert [await histories.of("case", f"c{number}") == () for number in (1, 6, 33)] == [True, True, False]
    await file.close()


async def test_an_answer_that_has_become_one_of_another_type_is_none_and_the_cache_is_made_anew(tmp_path):
    file = opened(tmp_path)
    await filled(file, a_case())
    await PlaceLayers(file).keep("grids", "e1", b"{}")
    sql(tmp_path, "UPDATE places SET body = CAST(body AS TEXT)")
    assert await PlaceLayers(file).of("grids") is None
    assert file.notes == ["file: a record of the cache is of another type"]
    assert sql(tmp_path, "SELECT count(*) FROM records") == [(0,)]
    await file.close()
