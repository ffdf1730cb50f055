"""Cuts the bundled font Noto Sans SC from Noto Sans CJK: small enough to ship, with the characters of every name.

Run it on a machine that has the CJK collection (Debian: fonts-noto-cjk) and fontTools:
    python -m commandcenter.install.font [--regular FILE.ttc] [--bold FILE.ttc] [--out FOLDER]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTCollection, TTFont, newTable  # type: ignore[import-untyped]

FAMILY = "Noto Sans SC"
SOURCE = "Noto Sans CJK SC"
OUT = Path(__file__).resolve().parents[2] / "resources" / "fonts"
FEATURES = ["kern", "ccmp", "liga"]
# Latin, punctuation, currency, letterlike, numbers, arrows, mathematics, enclosed, box, blocks, shapes, symbols,
# check marks, CJK punctuation, enclosed CJK and units (㎡), full width.
SIGNS = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x2010, 0x2044),
    (0x20A0, 0x20BF),
    (0x2100, 0x22FF),
    (0x2460, 0x27BF),
    (0x3000, 0x303F),
    (0x3200, 0x33FF),
    (0xFF01, 0xFFEE),
)
CURVE_ERROR = 1.0  # of 1000 units to the em: a hundredth of a pixel at 13 px
LATER_IDEOGRAPHS = (0x9FA6, 0x9FFF)  # added to the unified block after GBK was defined

_NO_PROGRAMS = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
)


def characters() -> set[int]:
    """Returns all two-byte code points of GBK, the ideographs added to Unicode later, and SIGNS."""
    pairs = (bytes((first, second)) for first in range(0x81, 0xFF) for second in range(0x40, 0xFF))
    written = {ord(text) for pair in pairs if len(text := pair.decode("gbk", "ignore")) == 1}
    return written | {point for first, last in (*SIGNS, LATER_IDEOGRAPHS) for point in range(first, last + 1)}


def cut(collection: Path, style: str, out: Path) -> Path:
    """Writes the simplified Chinese font of `collection`, cut to `characters()`, to `out`/NotoSansSC-`style`.ttf."""
    font = _member(collection)
    subsetter = Subsetter(_options())
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    to_true_type(font)
    _rename(font, style)
    target = out / f"NotoSansSC-{style}.ttf"
    font.save(target)
    return target


def to_true_type(font: TTFont) -> None:
    """Replaces the cubic outlines of `font` (CFF) by quadratic ones.

    Qt darkens the stems of a CFF font and blends it by a gamma: at 13 px on a dark ground its regular weight then
    carries half as much ink again as its outlines have, on a light ground a tenth. TrueType is drawn as it is.
    """
    drawn, names = font.getGlyphSet(), font.getGlyphOrder()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = names, {name: _quadratic(drawn[name], drawn) for name in names}
    del font["CFF "]
    font["maxp"].tableVersion = 0x00010000
    for limit in _NO_PROGRAMS:
        setattr(font["maxp"], limit, 0)
    font["maxp"].maxZones = 1
    font.sfntVersion = "\0\1\0\0"


def find(style: str) -> Path:
    """Returns fontconfig's collection file for `style` ("Regular", "Bold"); RuntimeError when there is none."""
    pattern = f"{SOURCE}:style={style}"
    answer = subprocess.run(["fc-match", "-f", "%{file}", pattern], capture_output=True, text=True, check=True)
    path = Path(answer.stdout)
    if path.suffix != ".ttc":
        raise RuntimeError(f"no collection with {SOURCE} {style}: install fonts-noto-cjk or name the file")
    return path


def main(argv: list[str]) -> int:
    """Cuts both weights to GBK and returns the exit code.

    Names use characters outside GB 2312 (喆 堃 玥), and Qt takes no missing glyph from the other weight.
    """
    parser = argparse.ArgumentParser(prog="font", description="cut the bundled font from Noto Sans CJK")
    parser.add_argument("--regular", type=Path, metavar="FILE")
    parser.add_argument("--bold", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FOLDER")
    asked = parser.parse_args(argv)
    asked.out.mkdir(parents=True, exist_ok=True)
    for style, source in (("Regular", asked.regular), ("Bold", asked.bold)):
        made = cut(source or find(style), style, asked.out)
        print(f"{made.name}  {made.stat().st_size / 1e6:.1f} MB")
    return 0


def _quadratic(glyph: Any, among: Any) -> Any:
    pen = TTGlyphPen(among)
    glyph.draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
    return pen.glyph()


def _member(collection: Path) -> TTFont:
    for font in TTCollection(collection, lazy=True).fonts:
        if font["name"].getDebugName(1).startswith(SOURCE):
            return font
    raise RuntimeError(f"{collection} holds no {SOURCE}")


def _options() -> Options:
    options = Options()
    options.layout_features = FEATURES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.hinting = False  # not visible at 12 to 20 px, and a sixth of the file size
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]  # no text is set vertically
    return options


def _rename(font: TTFont, style: str) -> None:
    file_name = f"NotoSansSC-{style}"
    for number, text in ((1, FAMILY), (2, style), (3, file_name), (4, f"{FAMILY} {style}"), (6, file_name)):
        font["name"].setName(text, number, 3, 1, 0x409)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
