"""The words that the map's page is told, by the names that it knows them under."""

from ui.kit.words import spoken, terms
from ui.kit.words import word as common

_LIGHTS = ("on_time", "soon", "overdue", "paused")


def word(key: str) -> str:
    """One word of the map in the language of the moment; KeyError for an unknown key."""
    if key not in terms()["map"]:
        raise KeyError(key)
    return common("map", key)


def words(*, source: str = "—", is_hull: bool = False) -> dict[str, str]:
    """All words of the page in the language of the moment, which is told under ``lang``.

    ``source`` is the outline's; ``is_hull`` says that it was only drawn round the cases.
    """
    told = (
        {"lang": spoken()} | {key: common("light", key) for key in _LIGHTS} | {key: word(key) for key in terms()["map"]}
    )
    corner = told["source_hull" if is_hull else "source"]
    return told | {"source": corner.format(source=source)}
