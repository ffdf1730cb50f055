"""What the bench measures with is still there: each of its programs runs, on a district small enough for every day."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import map_bench, recommend_rows
from tests.bench._process_tree import child_with, cpu_seconds, memory, tree

PARENT = """
import subprocess, sys
from contextlib import ExitStack
child = "import sys; print(sum(range(3_000_000)), flush=True); sys.stdin.read()"
with ExitStack() as stack:
    for word in ("serve", "page"):
        words = [sys.executable, "-c", child, word]
        made = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        stack.enter_context(made).stdout.readline()
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.window
def test_both_maps_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_bench, "CASES", 300)
    monkeypatch.setattr(map_bench, "ROUNDS", 1)
    rows = {row["name"]: row for row in map_bench.rows("map")}
    assert set(rows) == set(map_bench.NAMES)
    assert all(row["value"] > 0 and row["peer_value"] > 0 for row in rows.values())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the bench reads /proc")
def test_a_console_is_measured_with_its_page_and_without_its_platform() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=pipe, stdout=pipe, text=True) as console:
        assert console.stdout is not None
        assert console.stdout.readline() == "ready\n"
        platform, page = (child_with(console.pid, word) for word in ("serve", "page"))
        assert set(tree(console.pid, without=platform)) == {console.pid, page}
        used = cpu_seconds(iter([page, 0]))  # 0: a process that is gone has none
        assert list(used) == [page]
        assert used[page] > 0
        assert 1 < memory(page, "RssAnon") < memory(page, "VmRSS") < 100
        with pytest.raises(LookupError):
            child_with(console.pid, "nobody")
        console.communicate("")


def test_whether_leads_are_named_is_measured_on_another_systems_table(tmp_path: Path) -> None:
    head = "ServiceRequestNum,CreatedDate,CloseDate,DueDate,SRStatus,SRType,MethodReceived,Agency,CouncilDistrict"
    columns = f"{head},Neighborhood,Address,Longitude,Latitude,Outcome"
    made = ["Sewer,Water", "Sewer,Water", "Trash,Waste", "Trash,Housing", "Trash,Waste"]
    lines = [
        f"{at},01/{1 + at % 28:02d}/2016 10:00:00 AM,,,Closed,{kind},Phone,{agency},{at % 3},,1 A ST,-76.5,39.3,"
        for at, (kind, agency) in enumerate(one.split(",") for one in made * 20)
    ]
    table = tmp_path / "table.csv"
    table.write_text("\n".join([columns, *lines, "x,never,,,Closed,Sewer,Phone,Water,1,,1 A ST,,,"]), encoding="utf-8")
    history = recommend_rows.table_history(table, "baltimore")
    assert len(history.cases) == 100
    rows = {row["name"]: row for row in recommend_rows.history_rows(history)}
    assert rows["recommend.lead.top1.history.frequent"]["peer_value"] == pytest.approx(0.8, abs=0.07)
    assert rows["recommend.lead.top1.history.knn"]["value"] == pytest.approx(0.8, abs=0.07)
    assert rows["recommend.lead.top3.history.frequent"]["value"] == 1.0
