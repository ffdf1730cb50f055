"""From each released version of the tables to the next, without living code; a database from the future is refused."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from commandcenter.server.errors import Unusable


def upgrade(connection: Connection, data: Path) -> None:
    """Bring the tables behind `connection` to this version, in its transaction."""
    config = _config()
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    stands_at = MigrationContext.configure(connection).get_current_revision()
    if stands_at == scripts.get_current_head():
        return
    if stands_at is not None and not _is_known(scripts, stands_at):
        raise Unusable("newer", f"{data} was made by a newer version: nothing was changed; update this program.")
    command.upgrade(config, "head")


def is_known(revision: str) -> bool:
    """Whether this version can bring tables of `revision` to its own."""
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
