"""Reads another system's table with pandas: every cell as text, every row with its number in the file."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from commandcenter.server.intake.mapping import ImportFailed, Mapping

CHUNK = 500
Chunk = list[tuple[int, dict[str, str]]]
_END = "end of the table"  # appended as the last row when a table is checked
csv.field_size_limit(2**31 - 1)  # a cell that is too long rejects its row, not the table


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the number of its `rows`, for progress, and its `chunks`, which can be read once.

    A chunk has up to 500 pairs (row number, {column: text}); the first row below the head is row 1.
    """

    rows: int
    chunks: Iterator[Chunk]


def read(path: Path, mapping: Mapping) -> Table:
    """Returns the table in `path`, checked to its end and read up to its first chunk.

    Raises ImportFailed when the file cannot be read, is no such table, or lacks a column of `mapping`.
    """
    text = _text(path, mapping)
    _check_head(text, path, mapping)
    rows, chunks = _row_count(text, path), _chunks(text, path)
    return Table(rows, chain([*islice(chunks, 1)], chunks))


def _chunks(text: str, path: Path) -> Iterator[Chunk]:
    import pandas as pd

    with _as_a_table(path, csv.Error, pd.errors.ParserError):
        frames = pd.read_csv(
            _lines(text),
            dtype=str,
            keep_default_na=False,
            chunksize=CHUNK,
            on_bad_lines=_keep_long_row,
            engine="python",
        )
        number = 0
        for frame in frames:
            rows = frame.fillna("").to_dict("records")
            yield [(number + at + 1, {str(k): str(v) for k, v in row.items()}) for at, row in enumerate(rows)]
            number += len(rows)


def _row_count(text: str, path: Path) -> int:
    """Returns the number of rows, for progress; line ends in quotation marks are counted as the parser counts them.

    Raises ImportFailed when a quotation mark is never closed: the parser would silently drop every row after it.
    """
    number, last, began, line = 0, [""], 1, 1
    with _as_a_table(path, csv.Error):
        reader = csv.reader(_lines(f"{text}\n{_END}\n"))
        for last in reader:
            number, began, line = number + bool(last), line, reader.line_num + 1
    if last != [_END]:
        raise _misread(f"{path.name} opens a quotation mark in line {began} and never closes it: close it")
    return max(0, number - 2)


@contextmanager
def _as_a_table(path: Path, *faults: type[Exception]) -> Iterator[None]:
    try:
        yield
    except faults as wrong:
        raise _misread(f"{path.name} is not a table of comma-separated values ({wrong}): save it as one") from wrong


def _keep_long_row(cells: list[str]) -> list[str]:
    """Keeps a row with too many cells, or the row numbers would shift; only the surplus cells are dropped."""
    return cells


def _lines(text: str) -> io.StringIO:
    """Returns the text with its line ends unchanged: the parser knows them all and keeps those in quotation marks."""
    return io.StringIO(text, newline="")


def _misread(sentence: str) -> ImportFailed:
    """Returns the error with `sentence` and the addition that nothing was imported."""
    return ImportFailed(f"{sentence}; nothing was imported.")


def _text(path: Path, mapping: Mapping) -> str:
    if path.is_dir():
        raise _misread(f"{path} is a folder: name the file in it")
    try:
        raw = path.read_bytes()
    except OSError as wrong:
        raise _misread(f"{path} cannot be read ({wrong.strerror}): check its name and rights") from wrong
    if not raw.strip():
        raise _misread(f"{path.name} is empty: name another file")
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode(mapping.encoding)
    except (UnicodeError, LookupError) as wrong:
        raise _misread(
            f"{path.name} is not written in {mapping.encoding}, as the mapping {mapping.name} says: "
            f"set `encoding` in the mapping{_encoding_hint(raw)}"
        ) from wrong


def _encoding_hint(raw: bytes) -> str:
    """Returns a hint for the user at the encoding that the bytes seem to have; empty when there is none."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ' to "utf-16"'
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return ' to "gb18030", perhaps'


def _check_head(text: str, path: Path, mapping: Mapping) -> None:
    with _as_a_table(path, csv.Error):
        head = next(csv.reader(_lines(text)), [])
    missing = sorted({column for column in mapping.columns.values() if column not in head})
    if not missing:
        return
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(head) == 1 and sign in head[0]:
            raise _misread(f"{path.name} has {name} between its cells: save it with commas")
    raise _misread(
        f"{path.name} has no column {', '.join(missing[:5])}{' …' if missing[5:] else ''}, which the mapping "
        f"{mapping.name} names: correct the mapping or take another file"
    )
