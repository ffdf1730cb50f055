"""`main.py import`: imports another system's cases by a mapping, into a data folder or to a platform."""

import argparse
import csv
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from pathlib import Path

from commandcenter.domain.commands import Import
from commandcenter.domain.personal import masked
from commandcenter.files.durable import create_private
from commandcenter.operations.import_districts import folder_target
from commandcenter.operations.import_targets import ImportTarget, signed_in_target
from commandcenter.operations.terminal import ask_password, command_parser, finished, refusal_text
from commandcenter.protocol.imports import ImportResult
from commandcenter.server.identifiers import is_valid_id
from commandcenter.server.intake.mapping import ImportFailed, Mapping, load
from commandcenter.server.intake.rows import RowReader, RowRejected
from commandcenter.server.intake.table import Chunk, Table, read
from commandcenter.settings.folders import data_dir
from resources import path

WORDS = ("new", "changed", "unchanged", "rejected")


@dataclass(slots=True)
class ImportTally:
    """How many rows became what, and the file that lists the rejected ones."""

    rejects: Path
    counts: Counter[str] = field(default_factory=Counter)
    masked: int = 0  # cells in which telephone or card numbers were masked

    def line(self) -> str:
        """Returns the last line that the command prints."""
        return "imported " + ", ".join(f"{self.counts[word]} {word}" for word in WORDS)


class RejectsFile:
    """The CSV file of rejected rows, rows with masked numbers (row, external number, reason), and records not taken.

    It is created when the first row is written, a new file for this user alone, and holds no telephone or card number.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._is_begun = False

    def __call__(self, number: int | str, external: str, why: str) -> None:
        """Writes one row; raises ImportFailed when the file cannot be written."""
        try:
            if not self._is_begun:
                os.close(create_private(self._file))
                self._is_begun = True
                self._add(("row", "external", "reason"))
            self._add((number, _plain(masked(external)), _plain(masked(why))))
        except OSError as wrong:
            raise ImportFailed(
                f"The rejects file {self._file} cannot be written: {wrong.strerror}; name another by --rejects."
            ) from wrong

    def _add(self, row: Sequence[int | str]) -> None:
        with self._file.open("a", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerow(row)


def import_table(table: Table, mapping: Mapping, target: ImportTarget, tally: ImportTally) -> Iterator[int]:
    """Imports `table` chunk by chunk; yields how many rows are done. Rejected rows go into `tally.rejects`."""
    reader, reject = RowReader(mapping), RejectsFile(tally.rejects)
    for chunk in table.chunks:
        known = set(reader.made)
        commands = list(_read(reader, mapping, chunk, tally, reject))
        for one in target.put_references(reader.made[key] for key in reader.made if key not in known):
            tally.counts["not_taken"] += 1
            reject("", one.record, refusal_text(one.code, one.about))
        results = target.carry([command for _, command, _ in commands])
        for (number, command, columns), result in zip(commands, results, strict=True):
            _count(tally, result)
            if result.status == "refused":
                reject(number, command.external, refusal_text(result.code, result.about))
                continue
            for column in columns:
                tally.masked += 1
                reject(number, command.external, f"imported; a telephone or card number in {column} was masked")
        yield chunk[-1][0] if chunk else 0


def _read(
    reader: RowReader, mapping: Mapping, chunk: Chunk, tally: ImportTally, reject: RejectsFile
) -> Iterator[tuple[int, Import, tuple[str, ...]]]:
    """Yields the number, the command and the masked columns of each row; rejects the others."""
    for number, row in chunk:
        try:
            yield number, reader.read(row), reader.masked_in(row)
        except RowRejected as wrong:
            tally.counts["rejected"] += 1
            reject(number, row.get(mapping.columns["external"], ""), str(wrong))


def main(argv: list[str]) -> int:
    """Runs the command line; returns 0 when the table was read, even with rejects, 2 when it could not be."""
    asked = _parser().parse_args(argv)
    broken_off = "The import cannot go on ({reason}); what was imported is kept. Run again to go on."
    try:
        return finished(partial(_run, asked), unwritable=broken_off)
    except KeyboardInterrupt:
        print("Stopped; the chunks that were imported are kept. Run the same command again to go on.", file=sys.stderr)
        raise


def _run(asked: argparse.Namespace) -> None:
    mapping = load(_mapping_file(asked.mapping))
    table = read(asked.file, mapping)  # before the district is created: a table that cannot be read creates none
    district = asked.district or mapping.district.id
    if not is_valid_id(district):
        raise ImportFailed(f"A district cannot be called {district!r}: letters and digits, please.")
    tally = ImportTally(_rejects_file(asked))
    begun = time.monotonic()
    way: AbstractContextManager[ImportTarget] = (
        _over_http(asked, district)
        if asked.url is not None
        else folder_target(asked.data or data_dir(), mapping, district)
    )
    with way as target:
        for done in import_table(table, mapping, target, tally):
            print(f"{done} of {table.rows} rows, {time.monotonic() - begun:.1f} s", file=sys.stderr)
    _close(tally, as_json=asked.json, seconds=time.monotonic() - begun)


def _rejects_file(asked: argparse.Namespace) -> Path:
    """Returns the file that --rejects names, which may not exist yet; by default a new one beside the table."""
    named: Path | None = asked.rejects
    if named is None:
        return _free(asked.file.with_name(f"{asked.file.stem}-rejects.csv"))
    if named.exists():
        raise ImportFailed(f"{named} cannot hold the rejects, for it is there already; name another file by --rejects.")
    return named


def _free(file: Path) -> Path:
    """Returns `file`, or the first numbered name under which nothing exists."""
    numbered = (file.with_stem(f"{file.stem}-{number}") for number in count(2))
    return next(one for one in chain([file], numbered) if not one.exists())


def _close(tally: ImportTally, *, as_json: bool, seconds: float) -> None:
    if tally.masked:
        print(f"telephone and card numbers masked: {tally.masked}, told in {tally.rejects}", file=sys.stderr)
    if tally.counts["not_taken"]:
        print(f"reference records that stay as here: {tally.counts['not_taken']}, in {tally.rejects}", file=sys.stderr)
    if tally.counts["rejected"]:
        print(f"rejected rows and why: {tally.rejects}", file=sys.stderr)
    if as_json:
        counts = {word: tally.counts[word] for word in (*WORDS, "not_taken")}
        rejects = str(tally.rejects) if counts["rejected"] or counts["not_taken"] or tally.masked else None
        print(json.dumps(counts | {"rejects": rejects, "seconds": round(seconds, 1)}, ensure_ascii=False))
    print(tally.line())


def _over_http(asked: argparse.Namespace, district: str) -> AbstractContextManager[ImportTarget]:
    if not asked.user:
        raise ImportFailed("--url needs --user, an account that may import; its password is asked, or --password-file.")
    return signed_in_target(asked.url, district, asked.user, partial(_password, asked.password_file))


def _password(file: Path | None) -> str:
    try:
        if file is not None:
            return file.read_text(encoding="utf-8").strip()
        return ask_password()
    except EOFError as wrong:
        raise ImportFailed("Nobody is there to be asked for the password: name it by --password-file.") from wrong
    except UnicodeDecodeError as wrong:
        raise ImportFailed(f"{file} does not hold a password in UTF-8.") from wrong
    except OSError as wrong:
        raise ImportFailed(f"{file} cannot be read: {wrong.strerror}.") from wrong


def _mapping_file(name: str) -> Path:
    if name.endswith(".toml"):
        return Path(name)
    shipped = path("mappings", f"{name}.toml")
    if not shipped.is_file():
        known = ", ".join(sorted(one.stem for one in path("mappings").glob("*.toml")))
        raise ImportFailed(f"There is no mapping {name}; there are: {known}. A file of your own ends in .toml.")
    return shipped


def _count(tally: ImportTally, result: ImportResult) -> None:
    tally.counts["rejected" if result.status == "refused" else result.status] += 1


def _plain(text: str) -> str:
    """Returns text that a spreadsheet does not take for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") else text


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("import", "按映射导入别的系统的工单 · import another system's cases, by a mapping")
    add = parser.add_argument
    add("file", metavar="FILE", type=Path, help="有表头的 CSV · comma-separated values with a head")
    add("--mapping", required=True, metavar="NAME|FILE.toml", help="表怎样成为工单 · how the table becomes cases")
    add("--district", metavar="ID", help="导入哪个区，默认按映射 · the district to import into (the mapping's)")
    where = parser.add_mutually_exclusive_group()
    folder = "数据目录，须无平台在用 · a folder that no platform holds"
    where.add_argument("--data", metavar="DIR", type=Path, help=folder)
    where.add_argument("--url", metavar="URL", help="运行中的平台 · a running platform")
    add("--user", metavar="NAME", help="配合 --url：有权导入的用户 · with --url: an account that may import")
    password = "配合 --url：放口令的文件 · with --url: where its password is"
    add("--password-file", metavar="FILE", type=Path, help=password)
    add("--rejects", metavar="FILE", type=Path, help="没收的行及原因写到哪里 · where rejected rows are told")
    add("--json", action="store_true", help="最后一行前再给 JSON · the counts as JSON before the last line")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
