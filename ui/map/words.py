"""The texts of the map's page, under the names by which the page uses them."""

from ui.kit.texts.words import spoken, terms
from ui.kit.texts.words import word as common

_LIGHTS = ("on_time", "soon", "overdue", "paused")
_CREWS = ("dispatched", "en_route", "on_scene", "handling", "returning")


def word(key: str) -> str:
    """Returns one text of the map in the current language; raises KeyError for an unknown key."""
    if key not in terms()["map"]:
        raise KeyError(key)
    return common("map", key)


def words(*, source: str = "—", is_hull: bool = False) -> dict[str, str]:
    """Returns all texts of the page in the current language, and the language itself under ``lang``.

    ``source`` is the outline's, "" without one; ``is_hull``: the outline is only a hull of the cases.
    """
    lights, crews = {key: common("light", key) for key in _LIGHTS}, {key: common("status", key) for key in _CREWS}
    told = {"lang": spoken()} | lights | crews | {key: word(key) for key in terms()["map"]}
    corner = told["source_hull" if is_hull else "source" if source else "source_none"]
    return told | {"source": corner.format(source=source)}
