"""`main.py roster`: reads the shifts of crews from an iCalendar file into a running platform, or writes them to one."""

import argparse
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from commandcenter.client.errors import PlatformFault
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
from commandcenter.operations.terminal import command_parser, finished, refusal_text
from commandcenter.protocol.messages import Result
from commandcenter.protocol.statuses import Status

_READ = (District, Street, Holder, Crew, Roster)


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code.

    2: the file was refused, or the platform put in none of its rosters. 1: some are in and some are not, and both are
    told; the same file again puts in the rest. When the network fails, the last rosters sent may be in after all.
    """
    asked = _parser().parse_args(argv)
    return finished(partial(_work, asked), unwritable=f"{asked.file}: {{reason}}")


def _work(asked: argparse.Namespace) -> int:
    content = _content(asked.file) if asked.action == "import" else b""  # before anybody types a password for nothing
    return at_platform(asked.url, asked.by, partial(_run, asked, content))


def _content(file: Path) -> bytes:
    """Returns what is in a file; one that is too large is not read."""
    check_size(file.stat().st_size)
    with file.open("rb") as opened:
        return opened.read(FILE_MOST + 1)  # a device or a pipe has no size


async def _run(asked: argparse.Namespace, content: bytes, session: Session) -> int:
    there = References(session, asked.district or "")
    records = [one for shape in _READ async for one in there.every(KIND_OF[shape].name)]
    if asked.action == "export":
        _export(asked.file, records)
        return 0
    return await _import(there, content, CrewBook.of(records))


async def _import(there: References, content: bytes, book: CrewBook) -> int:
    """Puts in every roster of the file, after all of them were found in order; returns the exit code."""
    rosters = rosters_of(read_shifts(content, book.zone, span_around(datetime.now(UTC))), book)
    changed = [one for one in rosters if not is_same(one, book.rosters.get(one.id))]
    edits = [_edit(one, is_new=one.id not in book.rosters) for one in changed]
    left_out = await _put_in(there, edits)
    _tell_left_out(left_out)
    made = [edit.seen for edit in edits if edit.record not in left_out]
    if edits and not made:
        return 2
    rest = f", {len(left_out)} not put in" if left_out else ""
    new = made.count(0)
    print(f"rosters {new} new, {len(made) - new} changed, {len(rosters) - len(edits)} unchanged{rest}")
    return 1 if left_out else 0


async def _put_in(there: References, edits: list[Edit]) -> dict[str, str]:
    """Gives the edits; returns those that were not done, as of what somebody edited in the same moment, and why."""
    results: list[Result] = []
    try:
        async for one in there.given(edits):
            results.append(one)  # what came before the network failed is told
    except PlatformFault as wrong:
        if all(one.status != Status.APPLIED for one in results):
            raise
        print(refusal_text(wrong.code, wrong.about), file=sys.stderr)
    codes = [None if one.status == Status.APPLIED else one.code or one.status for one in results]
    codes += ["not_put_in"] * (len(edits) - len(results))
    return {edit.record: code for edit, code in zip(edits, codes, strict=False) if code is not None}


def _tell_left_out(left_out: dict[str, str]) -> None:
    """Tells on standard error which rosters were not put in, a line for each reason."""
    for code in dict.fromkeys(left_out.values()):
        told = ", ".join(record for record, why in left_out.items() if why == code)
        print(refusal_text(code, told), file=sys.stderr)


def _edit(roster: Roster, *, is_new: bool) -> Edit:
    command = "create_reference" if is_new else "change_reference"
    return Edit(command, ref_text(*ref_of(roster)), 0 if is_new else roster.rev, {"content": roster})


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
