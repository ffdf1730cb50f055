"""`main.py restore`: puts a backup in its place; a new epoch begins, and consoles send again what came after it."""

import argparse
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from commandcenter.operations.terminal import add_data_option, command_parser, finished
from commandcenter.server.storage.restoring import restore


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 for an environment error."""
    asked = _parser().parse_args(argv)
    unwritable = f"{asked.data} could not be restored ({{reason}}): what was there is still there."
    return finished(partial(_restore, asked), unwritable=unwritable)


def _restore(asked: argparse.Namespace) -> None:
    done = restore(asked.file, asked.data, now=datetime.now(UTC), force=asked.force, new_key=asked.new_key)
    for district, line in done.districts.items():
        print(f"{district} back at {line.bases[line.epoch]}, epoch {line.epoch} begins")
    print(f"restored the backup of {done.made_at:%Y-%m-%d %H:%M:%S} UTC, accounts as they were then; all sign in again")
    if done.aside is not None:
        print(f"what was there before is in {done.aside}")


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("restore", "从备份恢复平台 · put a backup of the platform back in its place")
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help="备份文件 · the backup")
    add_data_option(parser)
    add("--force", action="store_true", help="已有数据库时另存原库并恢复 · keep the database that is there aside")
    add("--new-key", action="store_true", help="密钥已失时换新，已封存的信息不可再读 · the key is lost: begin another")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
