"""Opens a console's or a platform's files, and is killed before a given statement to SQLite.

`python -m tests.upgrade.opening console|platform FOLDER [--die-at N] [--further]`; its last line is the number of
statements. With --further it acts as the next version, with one more migration step that rewrites whole tables.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from commandcenter.bootstrap import open_desk
from commandcenter.cache import journal_schema
from commandcenter.server.platform import open_platform
from commandcenter.server.storage import migrations
from commandcenter.settings.file import open_settings
from tests.kit.console import environment

FURTHER = (
    "ALTER TABLE commands ADD COLUMN further TEXT",
    "CREATE TABLE drafts_of_then AS SELECT * FROM drafts",
    "UPDATE commands SET further = refs",
    "DELETE FROM drafts",
    "INSERT INTO drafts SELECT * FROM drafts_of_then",
    "DROP TABLE drafts_of_then",
)
_SCRIPT = '''"""A step beyond this version."""

from alembic import op

revision = "further"
down_revision = "{head}"


def upgrade() -> None:
    """Every case and every row of the log is written again."""
    op.execute("ALTER TABLE cases ADD COLUMN further TEXT")
    op.execute("UPDATE cases SET further = id")
    op.execute("CREATE TABLE audit_of_then AS SELECT * FROM audit")
    op.execute("DELETE FROM audit")
    op.execute("INSERT INTO audit SELECT * FROM audit_of_then")
    op.execute("DROP TABLE audit_of_then")
'''


class Counter:
    """Counts the statements and commits to SQLite; kills the process by SIGKILL before number `die_at` (0: never)."""

    def __init__(self, die_at: int) -> None:
        self.given = 0
        self._die_at = die_at
        for when in ("before_cursor_execute", "commit"):
            event.listen(Engine, when, self._next)

    def _next(self, *_: Any) -> None:
        self.given += 1
        if self.given == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def go_further(folder: Path) -> None:
    """Makes this process act as the next version: adds a migration step to the journal and to the platform."""
    journal_schema._STEPS = (*journal_schema._STEPS, FURTHER)
    journal_schema.VERSION += 1
    scripts = folder / "scripts"
    shutil.copytree(Path(migrations.__file__).parent, scripts, dirs_exist_ok=True)
    head = migrations.ScriptDirectory.from_config(migrations._config()).get_current_head()
    (scripts / "versions" / "further.py").write_text(_SCRIPT.format(head=head), encoding="utf-8")
    now = migrations._config

    def config() -> Any:
        made = now()
        made.set_main_option("script_location", str(scripts))
        return made

    migrations._config = config


async def _open_console(folder: Path) -> None:
    desk = await open_desk(open_settings(folder=folder / "console"), environment=environment())
    await desk.close()


def _open_platform(folder: Path) -> None:
    with open_platform(folder / "platform"):
        pass


def main(argv: list[str]) -> int:
    """Opens the files that `argv` names and prints the number of statements; returns 0."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("console", "platform"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--die-at", type=int, default=0)
    parser.add_argument("--further", action="store_true")
    asked = parser.parse_args(argv)
    if asked.further:
        go_further(asked.folder)
    counter = Counter(asked.die_at)
    if asked.what == "console":
        asyncio.run(_open_console(asked.folder))
    else:
        _open_platform(asked.folder)
    print(counter.given)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
