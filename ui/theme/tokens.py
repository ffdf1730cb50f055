"""The dark and the light colour tokens and the measures of both: the only place with colour values."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTokens:
    """Colours of the base map.

    ``st`` is the boundary of a street (街镇), ``dist`` the boundary of the district, ``lab``
    labels.
    """

    land: str
    out: str
    lake: str
    grid: str
    st: str
    dist: str
    lab: str
    halo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourTokens:
    """One theme's colours as ``#RRGGBB``. Text tokens and shape tokens (…g) of a state are never interchanged."""

    name: str
    bg0: str
    bg1: str
    bg2: str
    bg3: str
    hover: str
    sel: str
    ln1: str
    ln2: str
    ln3: str
    tx1: str
    tx2: str
    tx3: str
    ac: str
    acf: str
    acfh: str
    acp: str
    onac: str
    acb: str
    ok: str
    okg: str
    okb: str
    warn: str
    warng: str
    warnb: str
    bad: str
    badg: str
    badb: str
    vio: str
    viog: str
    viob: str
    paug: str
    map: MapTokens
    heat: tuple[str, str, str, str, str]

    @property
    def data(self) -> str:
        """The second fill of a chart, beside `acf`: lighter than it and 3 : 1 on bg1 in both themes."""
        return self.heat[-1]

    def colours(self) -> dict[str, str]:
        """Returns every colour by token name (map colours as ``map_land`` …, heat as ``heat0`` …)."""
        flat = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in {"name", "map", "heat"}}
        ground = {f"map_{f.name}": getattr(self.map, f.name) for f in fields(self.map)}
        return flat | ground | {f"heat{step}": value for step, value in enumerate(self.heat)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Lengths in logical pixels, the same in both themes."""

    figure: int = 24
    title: int = 18
    section: int = 15
    body: int = 13
    label: int = 12
    note: int = 11
    row: int = 28
    row_tight: int = 24
    head: int = 28
    dock_header: int = 32
    filter_bar: int = 34
    top_bar: int = 44
    status_bar: int = 28
    room_tabs: int = 36
    field: int = 28
    rail: int = 60
    chip_radius: int = 3
    radius: int = 4
    popup_radius: int = 6
    dock_padding: int = 12


MEASURES = Measures()

DARK = ColourTokens(
    name="dark",
    bg0="#0E141A", bg1="#141B22", bg2="#1A232C", bg3="#222D38",
    hover="#202B36", sel="#1A3A5A",
    ln1="#232E39", ln2="#344252", ln3="#6C7F92",
    tx1="#E6ECF2", tx2="#AEBBC8", tx3="#8C9BAA",
    ac="#63AEF5", acf="#2368B2", acfh="#2E78C4", acp="#1B5596", onac="#FFFFFF", acb="#152C43",
    ok="#45C39A", okg="#2FB388", okb="#11302A",
    warn="#F2BC4B", warng="#F2B53A", warnb="#362C14",
    bad="#FF8076", badg="#F4574B", badb="#3F2021",
    vio="#B9A6FF", viog="#9C85F5", viob="#292548",
    paug="#8C9BAA",
    map=MapTokens(
        land="#1A242E", out="#10171E", lake="#12283A", grid="#24303B", st="#43566A", dist="#8296AA",
        lab="#A3B2C1", halo="#141B22",
    ),
    heat=("#16304A", "#1D4770", "#2B659C", "#5590C4", "#A9CDEB"),
)  # fmt: skip

LIGHT = ColourTokens(
    name="light",
    bg0="#E4E9EE", bg1="#FBFCFD", bg2="#F2F5F8", bg3="#E6EBF0",
    hover="#EDF2F7", sel="#D3E6F9",
    ln1="#E1E7ED", ln2="#C6D0DA", ln3="#74859A",
    tx1="#16202B", tx2="#404E5C", tx3="#596777",
    ac="#0B5FB0", acf="#0F62B2", acfh="#0C549A", acp="#094580", onac="#FFFFFF", acb="#E4F0FB",
    ok="#0A704F", okg="#13906A", okb="#DDF2EA",
    warn="#805200", warng="#B27600", warnb="#FBEFD3",
    bad="#B3211A", badg="#B8241C", badb="#FBE4E2",
    vio="#5B3FBD", viog="#7458D6", viob="#EBE6FB",
    paug="#6B7A89",
    map=MapTokens(
        land="#F7F8F6", out="#E3E8EC", lake="#D9EAF5", grid="#E2E7EA", st="#A3B1BF", dist="#5D6E80",
        lab="#4A5967", halo="#FBFCFD",
    ),
    heat=("#EFF4F9", "#D8E7F4", "#B5D1EA", "#86B3DC", "#4F8FC8"),
)  # fmt: skip

THEMES = {"dark": DARK, "light": LIGHT}
