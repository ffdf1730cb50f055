"""Migrates the tables of each released version to the next; imports no application code, which may change."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from commandcenter.server.errors import UnusableEnvironment


def upgrade(connection: Connection, data: Path) -> None:
    """Migrates the tables behind `connection` to the current schema, in its transaction.

    Raises UnusableEnvironment when a newer version made the database.
    """
    config = _config()
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    stands_at = MigrationContext.configure(connection).get_current_revision()
    if stands_at == scripts.get_current_head():
        return
    if stands_at is not None and not _is_known(scripts, stands_at):
        raise UnusableEnvironment(
            "newer", f"{data} was made by a newer version: nothing was changed; update this program."
        )
    command.upgrade(config, "head")


def is_known(revision: str) -> bool:
    """Returns whether this version can migrate tables of the schema `revision`."""
    return _is_known(ScriptDirectory.from_config(_config()), revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _is_known(scripts: ScriptDirectory, revision: str) -> bool:
    try:
        return scripts.get_revision(revision) is not None
    except CommandError:
        return False
