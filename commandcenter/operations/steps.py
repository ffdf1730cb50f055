"""`main.py steps`: compares the steps of cases, from which figures are counted, with the log, or makes them anew."""

import argparse
import sys
from functools import partial

from sqlalchemy import Connection

from commandcenter.operations.stopped_platform import stopped_platform
from commandcenter.operations.terminal import add_data_option, command_parser, finished
from commandcenter.server.storage import steps
from commandcenter.server.storage.districts import district_ids


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 1 when steps differ from the log, 2 for an environment error."""
    asked = _parser().parse_args(argv)
    return finished(partial(_compare, asked), unwritable=f"{asked.data}: {{reason}}")


def _compare(asked: argparse.Namespace) -> int:
    with stopped_platform(asked.data) as connection:
        return max(_done(connection, district, rebuild=asked.rebuild) for district in district_ids(connection))


def _done(connection: Connection, district: str, *, rebuild: bool) -> int:
    if rebuild:
        print(f"{district}: {steps.rebuild(connection, district):,} steps made anew")
        return 0
    is_right = steps.are_as_logged(connection, district)
    print(f"{district}: {'as logged' if is_right else 'differs from the log: run again with --rebuild'}")
    return 0 if is_right else 1


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("steps", "核对办理步骤与日志 · compare the steps of cases with the log")
    parser.add_argument("--rebuild", action="store_true", help="按日志重建 · make them anew from the log")
    add_data_option(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
