"""Reads the districts of the database."""

from sqlalchemy import Connection, Row, literal_column, select

from commandcenter.server.storage.tables import districts


def find_district(connection: Connection, district_id: str) -> Row[tuple[object, ...]] | None:
    """Returns the district's row, None when there is none."""
    return connection.execute(select(districts).where(districts.c.id == district_id)).first()


def district_ids(connection: Connection) -> list[str]:
    """Returns the ids of all districts, in the order of their creation."""
    return list(connection.execute(select(districts.c.id).order_by(literal_column("rowid"))).scalars())
