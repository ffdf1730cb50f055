"""Every word of the map, Chinese first, English beside it."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("地图", "Map"),
    "map": ("案件与队伍的地图", "Map of cases and crews"),
    "cases": ("案件", "Cases"),
    "crews": ("队伍", "Crews"),
    "heat": ("热力", "Heat"),
    "on_time": ("按时", "On time"),
    "soon": ("将超期", "Due soon"),
    "overdue": ("超期", "Overdue"),
    "paused": ("挂账", "Paused"),
    "unfiled": ("未立案", "Not filed"),
    "ended": ("已结", "Ended"),
    "layers": ("图层", "Layers"),
    "streets": ("街镇界", "Street borders"),
    "grids": ("网格界", "Grid borders"),
    "names": ("地名", "Names"),
    "graticule": ("经纬网", "Graticule"),
    "measure": ("量距离：依次点击，Esc 结束", "Measure: click point by point, Esc ends"),
    "whole": ("回到全区（Home）", "Whole district (Home)"),
    "nearer": ("放大", "Zoom in"),
    "farther": ("缩小", "Zoom out"),
    "circle": ("100 m 内查重", "Duplicates within 100 m"),
    "source": ("街镇、网格为示意；轮廓：{source}", "Streets, grids schematic; outline: {source}"),
    "approval": ("审图号：未载入（示意底图）", "Map approval no.: none (schematic)"),
    "gone": ("地图画不出来：渲染进程连续退出", "The map cannot be drawn: its renderer keeps ending"),
    "unmade": ("地图打不开：网页引擎没有起来", "The map cannot open: the web engine did not start"),
}


def word(key: str, language: Language) -> str:
    """One word in one language; KeyError for an unknown key."""
    return _WORDS[key][0 if language == "zh" else 1]


def words(language: Language, *, source: str = "—") -> dict[str, str]:
    """All words of the page in one language, with the language itself under ``lang``; ``source`` is the outline's."""
    told = {"lang": language} | {key: word(key, language) for key in _WORDS}
    return told | {"source": told["source"].format(source=source)}
