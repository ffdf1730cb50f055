"""What a dispatcher reads can be read: contrast of every text on every ground it stands on."""

import re

import pytest

from resources import path
from ui.theme.sheet import sheet
from ui.theme.tokens import THEMES

NUMBER_ON_HEAT = ("#FFFFFF", "#0E141A")
THEME = pytest.mark.parametrize("theme", sorted(THEMES))
TEXT_ON = [
    *(("tx1", ground) for ground in ("bg0", "bg1", "bg2", "bg3", "hover", "sel")),
    *(("tx2", ground) for ground in ("bg0", "bg1", "bg2", "bg3", "hover", "sel")),
    *(("tx3", ground) for ground in ("bg0", "bg1", "bg2", "bg3")),
    *(("ac", ground) for ground in ("bg0", "bg1", "bg2", "bg3", "acb")),
    *(("onac", ground) for ground in ("acf", "acfh", "acp")),
    *((tone, ground) for tone in ("ok", "warn", "bad", "vio") for ground in ("bg1", "bg2", f"{tone}b")),
    *((tone, "sel") for tone in ("ok", "warn", "bad")),
    *(("map_lab", ground) for ground in ("map_land", "map_lake", "map_out")),
    ("map_dist", "map_land"),
]
SHAPE_ON = [
    *((shape, ground) for shape in ("okg", "warng", "badg", "viog", "paug") for ground in ("bg1", "map_land")),
    *((shape, "sel") for shape in ("okg", "warng", "badg")),
    *(("ln3", ground) for ground in ("bg1", "bg2")),
]


def luminance(colour: str) -> float:
    """Returns the relative luminance (WCAG 2) of ``#RRGGBB``, from 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Returns the contrast ratio (WCAG 2) of two ``#RRGGBB`` colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(ground: str) -> str:
    """Returns white or near black, whichever contrasts more with ``ground`` (numbers on a heat step)."""
    return max(NUMBER_ON_HEAT, key=lambda ink: contrast(ink, ground))


@THEME
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_text_stands_out(theme: str, ink: str, ground: str) -> None:
    colours = THEMES[theme].colours()
    assert round(contrast(colours[ink], colours[ground]), 1) >= 4.5


@THEME
@pytest.mark.parametrize(("shape", "ground"), SHAPE_ON)
def test_shapes_and_borders_stand_out(theme: str, shape: str, ground: str) -> None:
    colours = THEMES[theme].colours()
    assert round(contrast(colours[shape], colours[ground]), 1) >= 3


@THEME
def test_numbers_on_the_heat_map_are_readable(theme: str) -> None:
    for step in THEMES[theme].heat:
        assert contrast(ink_on(step), step) >= 4.5


@pytest.mark.usefixtures("qapp")
@THEME
def test_the_sheet_takes_every_colour_from_the_tokens(theme: str) -> None:
    template = path("theme", "desk.qss").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9A-Fa-f]{3,8}\b", template)
    filled = sheet(theme)
    assert "$" not in filled
    assert THEMES[theme].bg1 in filled


def test_no_colour_value_stands_outside_the_token_table() -> None:
    ui = path().parent / "ui"
    strays = [
        f"{file.relative_to(ui)}: {found.group()}"
        for file in ui.rglob("*.py")
        if file.name != "tokens.py"
        for found in re.finditer(r"[\"']#[0-9A-Fa-f]{6}[\"']", file.read_text(encoding="utf-8"))
    ]
    assert strays == []
