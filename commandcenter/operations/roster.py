"""`main.py roster`: reads the shifts of crews from an iCalendar file into a running platform, or writes them to one."""

import argparse
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from commandcenter.client.session import Session
from commandcenter.domain.people import Holder
from commandcenter.domain.places import District, Street
from commandcenter.domain.records import KIND_OF, Record, ref_of, ref_text
from commandcenter.domain.rosters import Roster
from commandcenter.domain.teams import Crew
from commandcenter.files.durable import replace_file
from commandcenter.operations.crew_shifts import CrewBook, is_same, rosters_of, to_calendar
from commandcenter.operations.references import Edit, References
from commandcenter.operations.shift_events import FILE_MOST, check_size, read_shifts
from commandcenter.operations.shift_rules import span_around
from commandcenter.operations.signed_in import at_platform
from commandcenter.operations.terminal import command_parser, finished
from commandcenter.protocol.messages import Result
from commandcenter.protocol.statuses import Status
from commandcenter.server.errors import HttpProblem

_READ = (District, Street, Holder, Crew, Roster)


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 when the file was refused and nothing was changed."""
    asked = _parser().parse_args(argv)
    return finished(partial(_work, asked), unwritable=f"{asked.file}: {{reason}}")


def _work(asked: argparse.Namespace) -> None:
    content = _content(asked.file) if asked.action == "import" else b""  # before anybody types a password for nothing
    at_platform(asked.url, asked.by, partial(_run, asked, content))


def _content(file: Path) -> bytes:
    """Returns what is in a file; one that is too large is not read."""
    check_size(file.stat().st_size)
    with file.open("rb") as opened:
        return opened.read(FILE_MOST + 1)  # a device or a pipe has no size


async def _run(asked: argparse.Namespace, content: bytes, session: Session) -> None:
    there = References(session, asked.district or "")
    records = [one for shape in _READ async for one in there.every(KIND_OF[shape].name)]
    if asked.action == "export":
        _export(asked.file, records)
    else:
        await _import(there, content, CrewBook.of(records))


async def _import(there: References, content: bytes, book: CrewBook) -> None:
    """Puts in every roster of the file, after all of them were found in order."""
    rosters = rosters_of(read_shifts(content, book.zone, span_around(datetime.now(UTC))), book)
    changed = [one for one in rosters if not is_same(one, book.rosters.get(one.id))]
    edits = [_edit(one, is_new=one.id not in book.rosters) for one in changed]
    results = await there.give(edits) if edits else []
    _refuse_rest(edits, results)
    new = sum(edit.seen == 0 for edit in edits)
    print(f"rosters {new} new, {len(edits) - new} changed, {len(rosters) - len(edits)} unchanged")


def _edit(roster: Roster, *, is_new: bool) -> Edit:
    command = "create_reference" if is_new else "change_reference"
    return Edit(command, ref_text(*ref_of(roster)), 0 if is_new else roster.rev, {"content": roster})


def _refuse_rest(edits: list[Edit], results: list[Result]) -> None:
    """Raises HttpProblem for the first roster that was not put in, as one that somebody edited in the same moment."""
    for edit, result in zip(edits, results, strict=False):
        if result.status != Status.APPLIED:
            raise HttpProblem(422, result.code or result.status, "", about=edit.record)
    if len(results) < len(edits):
        raise HttpProblem(503, "retry", "", about=edits[len(results)].record)


def _export(file: Path, records: list[Record]) -> None:
    units = {one.id: one.short or one.name for one in records if isinstance(one, Holder)}
    book = CrewBook.of(records)
    replace_file(file, to_calendar(book, units))
    print(f"rosters {sum(key in book.crews for key in book.rosters)} in {file}")


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("roster", "队组的轮班和成员，iCalendar 进出 · shifts and members of crews, as iCalendar")
    add = parser.add_argument
    add("action", choices=("import", "export"), help="读进或写出 · read from the file, or write to it")
    add("file", type=Path, metavar="FILE.ics", help="iCalendar 文件（UTF-8） · the file")
    add("--district", metavar="ID", help="平台管理员须写明区 · for administrators of the whole platform")
    add("--url", required=True, metavar="URL", help="运行中的平台 · the running platform")
    add("--by", required=True, metavar="NAME", help="系统管理员的账号 · the system administrator who signs in")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
