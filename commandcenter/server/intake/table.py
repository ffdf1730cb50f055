"""Another system's table as text: read by pandas, every cell a string, every row with its number in the file."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commandcenter.server.intake.mapping import Mapping, Misread

CHUNK = 500


def chunks(path: Path, mapping: Mapping) -> Iterator[list[tuple[int, dict[str, str]]]]:
    """Chunks of (row number, {column: text}); the first row after the head is 1. Misread when it is no such table."""
    import pandas as pd

    text = _text(path, mapping)
    _check_head(text, path, mapping)
    with _as_a_table(path, csv.Error, pd.errors.ParserError):
        frames = pd.read_csv(
            io.StringIO(text), dtype=str, keep_default_na=False, chunksize=CHUNK, on_bad_lines=_ragged, engine="python"
        )
        number = 0
        for frame in frames:
            rows = frame.fillna("").to_dict("records")
            yield [(number + at + 1, {str(k): str(v) for k, v in row.items()}) for at, row in enumerate(rows)]
            number += len(rows)


def row_count(path: Path, mapping: Mapping) -> int:
    """How many rows there are, for progress; quoted line ends are counted as the parser counts them."""
    with _as_a_table(path, csv.Error):
        return max(0, sum(1 for _ in csv.reader(io.StringIO(_text(path, mapping)))) - 1)


@contextmanager
def _as_a_table(path: Path, *faults: type[Exception]) -> Iterator[None]:
    try:
        yield
    except faults as wrong:
        raise Misread(f"{path.name} is not a table of comma-separated values: {wrong}.") from wrong


def _ragged(cells: list[str]) -> list[str]:
    """A row with too many cells keeps its place; the surplus is dropped and the row is judged by what is left."""
    return cells


def _text(path: Path, mapping: Mapping) -> str:
    if path.is_dir():
        raise Misread(f"{path} is a folder, not a file.")
    try:
        raw = path.read_bytes()
    except OSError as wrong:
        raise Misread(f"{path} cannot be read: {wrong.strerror}.") from wrong
    if not raw.strip():
        raise Misread(f"{path.name} is empty.")
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode(mapping.encoding)
    except (UnicodeDecodeError, LookupError) as wrong:
        raise Misread(
            f"{path.name} is not written in {mapping.encoding}, as the mapping {mapping.name} says; "
            "set `encoding` in the mapping."
        ) from wrong


def _check_head(text: str, path: Path, mapping: Mapping) -> None:
    with _as_a_table(path, csv.Error):
        head = next(csv.reader(io.StringIO(text)), [])
    missing = sorted({column for column in mapping.columns.values() if column not in head})
    if missing:
        raise Misread(f"{path.name} has no column {', '.join(missing)}, which the mapping {mapping.name} names.")
