"""Reads rows from the raw pages of a damaged SQLite file, without SQLite."""

import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

Values = tuple[Any, ...]
_LEAF = 0x0D
_OTHERS = frozenset({0x00, 0x02, 0x05, 0x0A})  # pages without rows: overflow or free, index, inner table, index leaf
_SIZES = frozenset({512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
_WIDTHS = dict(enumerate((0, 1, 2, 3, 4, 6, 8, 8, 0, 0)))  # bytes of NULL, of the numbers, and of the constants 0 and 1
_LEAST_HEAD, _MOST_HEAD = 12, 200  # bytes of a record header in the tables of the journal


class TornRow(ValueError):
    """There is no complete row at this place."""


def rows(file: Path, fits: Callable[[Values], bool]) -> Iterator[tuple[int, Values]]:
    """Yields (age, values) of every readable row of every table; a larger age was written later.

    Rows in the file itself have age 0; rows in its write-ahead log (`-wal`) have the position of their page in the log.
    In a damaged page every offset is tried, and the rows that `fits` accepts are taken.
    """
    raw = file.read_bytes() if file.exists() else b""
    size = _page_size(raw)
    pages = {number + 1: raw[at : at + size] for number, at in enumerate(range(0, len(raw), size))}
    for number, page in tuple(pages.items()):
        yield from ((0, values) for values in _on_page(number, page, pages, fits))
    for age, (number, page) in enumerate(_log(file.with_name(f"{file.name}-wal"), size), 1):
        pages[number] = page
        yield from ((age, values) for values in _on_page(number, page, pages, fits))


def _page_size(raw: bytes) -> int:
    size = int.from_bytes(raw[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size in _SIZES and len(raw) % size == 0 else 4096


def _log(file: Path, size: int) -> Iterator[tuple[int, bytes]]:
    """Yields (page number, page) of the write-ahead log's frames whose salt is that of its header."""
    raw = file.read_bytes() if file.exists() else b""
    for at in range(32, len(raw) - 24 - size + 1, 24 + size):
        if raw[at + 8 : at + 16] == raw[16:24]:
            yield int.from_bytes(raw[at : at + 4], "big"), raw[at + 24 : at + 24 + size]


def _on_page(number: int, page: bytes, pages: Mapping[int, bytes], fits: Callable[[Values], bool]) -> list[Values]:
    start = 100 if number == 1 else 0
    found: list[Values] = []
    is_whole = len(page) > start + 8 and (page[start] == _LEAF or page[start] in _OTHERS)
    if is_whole and page[start] == _LEAF:
        count = int.from_bytes(page[start + 3 : start + 5], "big")
        for at in struct.unpack_from(f">{min(count, (len(page) - start - 8) // 2)}H", page, start + 8):
            try:
                found.append(_cell(page, at, pages))
            except TornRow:
                is_whole = False
    if not is_whole:
        found += _scan_page(page, pages, fits)
    return found


def _scan_page(page: bytes, pages: Mapping[int, bytes], fits: Callable[[Values], bool]) -> Iterator[Values]:
    for at in range(len(page) - 4):
        try:
            if not _is_plausible_cell(page, at):
                continue
            values = _cell(page, at, pages)
        except TornRow:
            continue
        if fits(values):
            yield values


def _is_plausible_cell(page: bytes, at: int) -> bool:
    """Whether the lengths at this offset are plausible for a row: a cheap test before the row is parsed."""
    length, at = _varint(page, at)
    _, at = _varint(page, at)
    head, _ = _varint(page, at)
    return _LEAST_HEAD <= head < min(length, _MOST_HEAD)


def _cell(page: bytes, at: int, pages: Mapping[int, bytes]) -> Values:
    length, at = _varint(page, at)
    _, at = _varint(page, at)
    usable = len(page)
    here = length
    if length > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (usable - 4)
        here = here if here <= usable - 35 else least
    payload = page[at : at + here]
    if here < length:
        payload += _overflow(pages, int.from_bytes(page[at + here : at + here + 4], "big"), length - here)
    return _record(payload)  # raises TornRow when the columns need more bytes; bytes after the last column are ignored


def _overflow(pages: Mapping[int, bytes], number: int, left: int) -> bytes:
    parts: list[bytes] = []
    passed: set[int] = set()
    while left > 0:
        if number not in pages or number in passed:
            raise TornRow
        passed.add(number)
        page = pages[number]
        parts.append(page[4:])
        left -= len(page) - 4
        number = int.from_bytes(page[:4], "big")
    return b"".join(parts)


def _record(payload: bytes) -> Values:
    end, at = _varint(payload, 0)
    types = []
    while at < end:
        kind, at = _varint(payload, at)
        types.append(kind)
    values = []
    at = end
    for kind in types:
        width = _WIDTHS.get(kind, (kind - 12) // 2)
        raw, at = payload[at : at + width], at + width
        if len(raw) != width:
            raise TornRow
        values.append(_value(kind, raw))
    return tuple(values)


def _value(kind: int, raw: bytes) -> Any:
    if kind == 0:
        return None
    if kind == 7:
        (real,) = struct.unpack(">d", raw)
        return real
    if kind in _WIDTHS:
        return 1 if kind == 9 else int.from_bytes(raw, "big", signed=True)
    if kind % 2 == 0:
        return raw
    try:
        return raw.decode()
    except UnicodeDecodeError as wrong:
        raise TornRow from wrong


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """Returns (number, offset after it).

    Ignores that the ninth byte holds eight bits: only row ids, which are not used here, are that long.
    """
    value = 0
    for place, byte in enumerate(raw[at : at + 9], 1):
        value = value << 7 | byte & 0x7F
        if byte < 0x80 or place == 9:
            return value, at + place
    raise TornRow
