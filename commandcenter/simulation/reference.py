"""Reads the demonstration's editable data from resources/demo: places, channels, kinds, teams, calendar, phrases."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from commandcenter.domain.calendar import Calendar, weekly
from commandcenter.domain.channels import Channel
from commandcenter.domain.kinds import Check, Kind, Limit, Measure
from commandcenter.domain.places import Community, District
from commandcenter.domain.powers import Power
from commandcenter.domain.stays import Stay

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Reference:
    """All data of resources/demo as parsed tables; domain objects are made from them on demand."""

    sketch: Table
    places: Table
    outline: Table
    channel_data: Table
    kind_data: Table
    team_data: Table
    words: Table
    lead_data: Table

    @cached_property
    def district(self) -> District:
        """The district."""
        return District(rev=1, **self.sketch["district"])

    @cached_property
    def calendar(self) -> Calendar:
        """The weekly working calendar that the district's limits count by."""
        data = self.sketch["calendar"]
        spans = tuple((_minutes(start), _minutes(end)) for start, end in data["spans"])
        return weekly(self.district.zone, days=data["days"], spans=spans)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The channels by which cases arrive."""
        rows = self.channel_data["channel"]
        return tuple(Channel(id=row["id"], rev=1, name=row["name"], by_hand=row.get("by_hand", False)) for row in rows)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of case, each with its limit and the limit's source."""
        sources, classes = self.kind_data["sources"], self.kind_data["classes"]
        return tuple(_kind(row, sources, classes) for row in self.kind_data["kind"])

    @cached_property
    def powers(self) -> tuple[Power, ...]:
        """The powers of units and departments."""
        return tuple(Power(rev=1, **row) for row in self.team_data["power"])

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """How long a crew may be in each status."""
        return tuple(Stay(rev=1, **row) for row in self.team_data["stay"])

    @cached_property
    def communities(self) -> tuple[Community, ...]:
        """The communities of all streets, as named by the statistics office."""
        rows = ((street["code"], street["communities"]) for street in self.places["streets"])
        return tuple(Community(key, 1, name, street) for street, names in rows for key, name in names.items())

    def grids_since(self, which: str) -> date:
        """Returns the day from which the `archive` or `today` grids are in force."""
        since: date = self.sketch["grids"][f"{which}_since"]
        return since


def read(folder: Path) -> Reference:
    """Reads the data in `folder` (resources/demo); raises OSError or ValueError when a file is missing or malformed."""
    return Reference(
        sketch=_toml(folder / "district.toml"),
        places=json.loads((folder / "places.json").read_text("utf-8")),
        outline=json.loads((folder / "outline.geojson").read_text("utf-8")),
        channel_data=_toml(folder / "channels.toml"),
        kind_data=_toml(folder / "kinds.toml"),
        team_data=_toml(folder / "teams.toml"),
        words=_toml(folder / "words.toml"),
        lead_data=_toml(folder / "leads.toml"),
    )


def short_name(community: str) -> str:
    """Returns a community's short name.

    >>> short_name("官塘社区居民委员会"), short_name("南河村村民委员会"), short_name("琼临居民委员会")
    ('官塘社区', '南河村', '琼临社区')
    """
    if community.endswith("村民委员会"):
        return community.removesuffix("村民委员会").removesuffix("村") + "村"
    return community.removesuffix("居民委员会").removesuffix("社区") + "社区"


def _toml(path: Path) -> Table:
    return tomllib.loads(path.read_text("utf-8"))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _kind(row: Table, sources: Mapping[str, str], classes: Mapping[str, str]) -> Kind:
    amount, measure = row["limit"]
    groups = {"e": "event", "c": "component", "h": "hotline"}
    return Kind(
        id=row["id"],
        rev=1,
        name=row["name"],
        group=groups[row["id"][0]],
        class_name=classes[row["id"][:3]],
        limit=Limit(amount, Measure(measure), source=sources[row["source"]]),
        check=Check(row.get("check", "none")),
        powers=tuple(row["powers"]),
        hints=tuple(row["hints"]),
        questions=tuple(row["questions"]),
    )
