"""Caches map layers (GeoJSON outlines of places) as the platform last sent them."""

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from commandcenter.cache.cache_file import CacheFile, places


class PlaceLayers:
    """The cached layers: a GeoJSON body and its ETag by layer name."""

    def __init__(self, file: CacheFile) -> None:
        self._file = file

    async def of(self, layer: str) -> tuple[str, bytes] | None:
        """Returns (etag, body) of a layer; None when it was never fetched or the cache was rebuilt since."""
        found = select(places.c.etag, places.c.body).where(places.c.layer == layer)
        row = await self._file.run(lambda connection: connection.execute(found).first(), lambda: None)
        return None if row is None else (row.etag, bytes(row.body))

    async def keep(self, layer: str, etag: str, body: bytes) -> None:
        """Stores `body` as the current version of the layer, replacing an earlier one."""
        put = insert(places).values(layer=layer, etag=etag, body=body)
        put = put.on_conflict_do_update(index_elements=["layer"], set_={"etag": etag, "body": body})
        await self._file.run(lambda connection: connection.execute(put), lambda: None)
