"""`main.py bench`: measures every figure of the README, each beside a peer in the same run."""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from commandcenter.server.intake.mapping import ImportFailed

HERE = Path(__file__).parent
COLUMNS = ("name", "value", "unit", "peer", "peer_value", "ratio", "bound", "holds")


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields the rows of the modules in this folder as they are measured; only those whose name begins with `only`.

    A module that names a GROUP is measured whole where `only` is that.
    """
    for found in sorted(pkgutil.iter_modules([str(HERE)]), key=lambda module: module.name):
        if found.name.startswith("_") or found.ispkg:
            continue
        module = importlib.import_module(f"tests.bench.{found.name}")
        names = getattr(module, "NAMES", ())
        if only is not None and only == getattr(module, "GROUP", None):
            yield from module.rows(None)
        elif only is None or any(name.startswith(only) for name in names):
            yield from (row for row in module.rows(only) if only is None or row["name"].startswith(only))


def history_rows(file: Path | None, mapping: str) -> Iterable[dict[str, Any]]:
    """Returns the rows over the table in `file`, which is read at once; none without one. Raises ImportFailed."""
    if file is None:
        return ()
    module = importlib.import_module("tests.bench.recommend_rows")
    rows: Iterable[dict[str, Any]] = module.history_rows(module.table_history(file, mapping))
    return rows


def line(row: dict[str, Any]) -> str:
    """Returns one row as a line of text."""
    peer = "" if row["peer_value"] is None else f"{row['peer_value']:.4g} ({row['peer']})"
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.3f}"
    verdict = {True: "holds", False: "MISSED", None: ""}[row["holds"]]
    own = f"{row['name']:<22}{row['value']:>10.4g} {row['unit']:<11}"
    return f"{own} ratio {ratio:>8}  {row['bound'] or '':<22} {verdict:<7} peer {peer}"


def main(argv: list[str]) -> int:
    """Measures and prints the rows; --json also writes them to a file.

    Returns 1 when a bound is missed, 2 when nothing was measured.
    """
    parser = argparse.ArgumentParser(
        prog="main.py bench", description="测量速度与内存，并与同类对比 · measure, beside a peer"
    )
    parser.add_argument("--only", metavar="NAME", help="只测名称以此开头的 · rows whose name begins with NAME")
    parser.add_argument("--json", metavar="FILE", type=Path, help="结果另存为文件 · write the rows to FILE too")
    told = "另测别城的主办历史 · also measure how often the leads of a table are named"
    parser.add_argument("--history", metavar="FILE", type=Path, help=told)
    parser.add_argument("--mapping", metavar="NAME", help="那张表的映射 · the mapping of that table")
    asked = parser.parse_args(argv)
    if (asked.history is None) != (asked.mapping is None):
        parser.error("--history FILE and --mapping NAME belong together")
    if asked.json:
        try:
            asked.json.write_text("[]", encoding="utf-8")  # fails now, and not after minutes of measuring
        except OSError as wrong:
            print(f"{asked.json} cannot be written ({wrong.strerror}): nothing was measured.", file=sys.stderr)
            return 2
    try:
        history = history_rows(asked.history, asked.mapping)
    except ImportFailed as wrong:
        print(wrong, file=sys.stderr)
        return 2
    measured = []
    for row in chain(rows(asked.only), history):
        measured.append({name: row.get(name) for name in COLUMNS})
        print(line(measured[-1]), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(measured, ensure_ascii=False, indent=1), encoding="utf-8")
    if not measured:
        print(f"no figure begins with {asked.only!r}", file=sys.stderr)
        return 2
    return 0 if all(row["holds"] is not False for row in measured) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
