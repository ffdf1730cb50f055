"""Statements of the hot path: made by SQLAlchemy once, then handed to the database's driver as they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.sql.expression import Executable


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Its text, the names of its values by place (None: the driver takes names), and the values that never change."""

    text: str
    order: tuple[str, ...] | None
    constant: dict[str, Any]

    def given(self, values: Mapping[str, Any]) -> Any:
        """`values` as the driver takes them."""
        every = {**self.constant, **values} if self.constant else values
        return dict(every) if self.order is None else tuple([every[name] for name in self.order])


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """A statement with named values, half as dear to run; `columns`: those that an insert or update gives.

    For texts, numbers, bytes and None alone: nothing converts what goes in or comes out.
    """

    statement: Executable
    columns: tuple[str, ...] | None = None
    _compiled: dict[str, _Compiled] = field(default_factory=dict)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Carry it out with `values` by name."""
        compiled = self._for(connection.dialect)
        return connection.exec_driver_sql(compiled.text, compiled.given(values))

    def run_all(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """The same for each of `rows`."""
        compiled = self._for(connection.dialect)
        connection.exec_driver_sql(compiled.text, [compiled.given(values) for values in rows])

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            made: Any = self.statement.compile(dialect=dialect, column_keys=self.columns)  # type: ignore[attr-defined]
            given = made.params.items()  # what is still to be given has a mark for a value, and has to be given
            constant = {name: value for name, value in given if value is not None and not made.binds[name].required}
            order = tuple(made.positiontup) if made.positional else None
            found = self._compiled[dialect.name] = _Compiled(str(made), order, constant)
        return found
