"""Statements of the hot path: compiled by SQLAlchemy once, then passed to the database driver as they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.sql.expression import Executable


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A compiled statement: its SQL text, the order of its parameters, and the parameters with constant values.

    `order` is None when the driver takes named parameters.
    """

    text: str
    order: tuple[str, ...] | None
    constant: dict[str, Any]

    def given(self, values: Mapping[str, Any]) -> Any:
        """Returns `values` in the form that the driver takes."""
        every = {**self.constant, **values} if self.constant else values
        return dict(every) if self.order is None else tuple([every[name] for name in self.order])


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """A statement with named parameters that costs half as much to run; `columns` are those that it inserts or updates.

    For text, numbers, bytes and None only: values are not converted on the way in or out.
    """

    statement: Executable
    columns: tuple[str, ...] | None = None
    _compiled: dict[str, _Compiled] = field(default_factory=dict)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Executes the statement with `values` by parameter name."""
        compiled = self._for(connection.dialect)
        return connection.exec_driver_sql(compiled.text, compiled.given(values))

    def run_all(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Executes the statement once for each of `rows`."""
        compiled = self._for(connection.dialect)
        given = [compiled.given(values) for values in rows]
        if given:
            connection.exec_driver_sql(compiled.text, given)

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            made: Any = self.statement.compile(dialect=dialect, column_keys=self.columns)  # type: ignore[attr-defined]
            given = made.params.items()  # values still to be given are placeholders, and required
            constant = {name: value for name, value in given if value is not None and not made.binds[name].required}
            order = tuple(made.positiontup) if made.positional else None
            found = self._compiled[dialect.name] = _Compiled(str(made), order, constant)
        return found
