"""Grey versions of the map's colours, for old data."""

from __future__ import annotations

from collections.abc import Mapping

KEPT = frozenset(
    {"bg0", "bg1", "bg2", "bg3", "ln1", "ln2", "ln3", "hover", "tx1", "tx2", "tx3", "warn", "warnb", "ac", "acb"}
)


def greyed(colours: Mapping[str, str]) -> dict[str, str]:
    """Returns each colour ``#RRGGBB`` as the grey of its luma, under its name; colours of the frame (KEPT) stay."""
    return {name: colour if name in KEPT else _grey(colour) for name, colour in colours.items()}


def _grey(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    level = round(0.299 * red + 0.587 * green + 0.114 * blue)
    return f"#{level:02X}{level:02X}{level:02X}"
