"""`main.py restore`: puts a backup in its place; a new epoch begins, and consoles send again what came after it."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from commandcenter.server.errors import UnusableEnvironment, reason_of
from commandcenter.server.storage.restoring import restore
from commandcenter.settings.folders import data_dir


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 for an environment error."""
    asked = _parser().parse_args(argv)
    try:
        done = restore(asked.file, asked.data, now=datetime.now(UTC), force=asked.force, new_key=asked.new_key)
    except UnusableEnvironment as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except (OSError, DBAPIError) as wrong:
        sentence = f"{asked.data} could not be restored ({reason_of(wrong)}): what was there is still there."
        print(sentence, file=sys.stderr)
        return 2
    for district, line in done.districts.items():
        print(f"{district} back at {line.bases[line.epoch]}, epoch {line.epoch} begins")
    print(f"restored the backup of {done.made_at:%Y-%m-%d %H:%M:%S} UTC, accounts as they were then; all sign in again")
    if done.aside is not None:
        print(f"what was there before is in {done.aside}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py restore", description="从备份恢复平台 · put a backup of the platform back in its place"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="备份文件 · the backup")
    parser.add_argument(
        "--data", type=Path, default=data_dir(), metavar="DIR", help="数据目录 · the data folder (%(default)s)"
    )
    parser.add_argument(
        "--force", action="store_true", help="已有数据库时另存原库并恢复 · keep the database that is there aside"
    )
    parser.add_argument(
        "--new-key", action="store_true", help="密钥已失时换新，已封存的信息不可再读 · the key is lost: begin another"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
