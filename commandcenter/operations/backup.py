"""`main.py backup`: writes the platform's database into one file while the platform runs."""

import argparse
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from commandcenter import __version__
from commandcenter.operations.terminal import add_data_option, command_parser, finished
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage import backup_file, vault
from commandcenter.server.storage.backup import copy
from commandcenter.server.storage.restoring import key_file


def backup(data: Path, to: Path, *, now: datetime | None = None) -> backup_file.Manifest:
    """Writes the backup of `data` to the new file `to` and its key to `to` + ".key", both for this user alone.

    Returns the backup's manifest. What the vault holds can be opened with the key only: nobody can read from the backup
    alone who called. Raises UnusableEnvironment when there is nothing to copy or a file is in the way, and OSError when
    the disk fails; never leaves half a backup.
    """
    for place in (to, key_file(to)):
        if place.exists():
            raise UnusableEnvironment(
                "in_the_way", f"{place} is there already: nothing was changed; choose another --to."
            )
    key = vault.open_key(data) if vault.has_key(data) else None
    with tempfile.TemporaryDirectory(dir=to.absolute().parent, prefix=".backup-") as beside:
        here = Path(beside)
        copied = copy(data, here / "copy")
        public = vault.public(key) if key is not None else None
        said = backup_file.manifest_for(
            copied, here / "copy", version=__version__, made_at=now or datetime.now(UTC), seal_key=public
        )
        backup_file.write(here / "new", said, here / "copy")
        if key is not None:
            vault.write_key(key_file(to), key)
        try:
            (here / "new").replace(to)
        except OSError:
            with suppress(OSError):
                key_file(to).unlink(missing_ok=True)
            raise
    return said


def main(argv: list[str]) -> int:
    """Runs the command line; returns the exit code, 2 for an environment error."""
    asked = _parser().parse_args(argv)
    unwritable = f"{asked.to} cannot be written ({{reason}}): there is no backup; choose another."
    return finished(partial(_back_up, asked), unwritable=unwritable)


def _back_up(asked: argparse.Namespace) -> None:
    said = backup(asked.data, asked.to)
    for district, point in said.districts.items():
        print(f"{district} up to {point.epoch}:{point.head}")
    print(f"backup in {asked.to}, {asked.to.stat().st_size:,} bytes")
    if said.seal_key is not None:
        print(f"its key in {key_file(asked.to)}: keep the two apart, and both safe")


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("backup", "备份平台，平台照常运行 · back the platform up while it runs")
    add_data_option(parser)
    what = "备份文件，须是新的 · the backup, a new file"
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help=what)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
