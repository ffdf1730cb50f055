"""Turns one row of another system into a command to import a case, or rejects it with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from commandcenter.domain.cases import ENDED, WITH_HOLDER, Stage, Superior
from commandcenter.domain.channels import Channel
from commandcenter.domain.commands import Import
from commandcenter.domain.ids import IMPORTED_AT, uuid7
from commandcenter.domain.kinds import Kind, Limit
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.personal import has_personal_number, masked
from commandcenter.domain.places import Community, Spot, Street
from commandcenter.domain.records import Record
from commandcenter.domain.text import NAME_MOST, TEXT_MOST, clean
from commandcenter.server.intake.datum import DATUMS
from commandcenter.server.intake.mapping import Mapping

Row = dict[str, str]
FREE_TEXT_FIELDS = ("text", "place")  # the fields of free text
_MASKED_FIELDS = (*FREE_TEXT_FIELDS, "external")  # the fields in which personal numbers are masked
_KEEPS_HOLDER = WITH_HOLDER | {Stage.REPORTED, Stage.CLOSED}


class RowRejected(ValueError):
    """A row that cannot become a case; the text names the value and the reason."""


@dataclass(slots=True)
class RowReader:
    """Reads rows by a mapping; collects in `made` the reference records (streets, kinds, holders …) that they name."""

    mapping: Mapping
    made: dict[tuple[str, str], Record] = field(default_factory=dict)

    def read(self, row: Row) -> Import:
        """Returns the row as a command, whose case id derives from mapping and external number; raises RowRejected."""
        mapping = self.mapping
        external = self._needed(row, "external")
        stage = self._stage(self._needed(row, "stage"))
        spot, gap = self._spot(row)
        responsible = self._holder(row) if stage in _KEEPS_HOLDER else None
        street = self._street(row)
        return Import(
            case=_case_id(mapping, row),
            channel=self._channel(row),
            external=external,
            source_hash=_hash(mapping, row),
            stage=stage,
            tier=mapping.tier,
            received_at=self._needed_time(row, "received_at"),
            kind=self._kind(row),
            text=self._text(row),
            place=self._cell(row, "place"),
            street=street,
            community=self._community(row, street),
            spot=spot,
            spot_gap=gap,
            superior=self._superior(row, external),
            responsible=responsible,
            ended_at=self._time(row, "ended_at") if stage in ENDED else None,
        )

    def masked_in(self, row: Row) -> tuple[str, ...]:
        """Returns the columns of `row` in which a personal number (telephone, identity or bank card) was masked."""
        columns = (self.mapping.columns.get(name, "") for name in _MASKED_FIELDS)
        return tuple(column for column in columns if has_personal_number(clean(row.get(column, ""))))

    def _cell(self, row: Row, name: str) -> str:
        column = self.mapping.columns.get(name, "")
        text = row.get(column, "").strip()
        most = TEXT_MOST if name in FREE_TEXT_FIELDS else NAME_MOST
        if len(text) > most:
            raise RowRejected(f"{column} has {len(text):,} characters, more than {most:,}")
        if "\0" in text:
            raise RowRejected(f"{column} has a NUL character in it")
        return masked(clean(text)) if name in FREE_TEXT_FIELDS else clean(text)

    def _needed(self, row: Row, name: str) -> str:
        value = self._cell(row, name)
        if not value:
            raise RowRejected(f"{self.mapping.columns[name]} is empty")
        return value

    def _stage(self, status: str) -> Stage:
        stage = self.mapping.stages.get(status)
        if stage is not None:
            return stage
        rule = self.mapping.unknown.get("stage", "reject")
        if rule not in {s.value for s in Stage}:
            raise RowRejected(f"the status {status!r} is not known")
        return Stage(rule)

    def _time(self, row: Row, name: str) -> datetime | None:
        value = self._cell(row, name)
        if not value:
            return None
        for form in self.mapping.dates:
            try:
                read = datetime.strptime(value, form)  # noqa: DTZ007  # the format says whether there is a zone
            except ValueError:
                continue
            return read if read.tzinfo is not None else read.replace(tzinfo=ZoneInfo(self.mapping.zone))
        raise RowRejected(f"{self.mapping.columns[name]} {value!r} is not a date of this mapping")

    def _needed_time(self, row: Row, name: str) -> datetime:
        self._needed(row, name)
        found = self._time(row, name)
        assert found is not None
        return found

    def _superior(self, row: Row, external: str) -> Superior | None:
        due = self._time(row, "superior_due")
        return None if due is None else Superior(channel=self.mapping.title, number=external, due=due)

    def _text(self, row: Row) -> str:
        return self._cell(row, "text") or self._cell(row, "kind")

    def _spot(self, row: Row) -> tuple[Spot | None, str | None]:
        lon, lat = self._cell(row, "lon"), self._cell(row, "lat")
        if not lon or not lat:
            return None, "not_given"
        try:
            spot = Spot(float(lon), float(lat))
        except ValueError:
            raise RowRejected(f"the position {lon!r}, {lat!r} is not a number") from None
        if not spot.is_on_earth:
            raise RowRejected(f"the position {lon}, {lat} is not on the earth")
        if self.mapping.whole_degrees == "no_exact_spot" and (spot.lon.is_integer() or spot.lat.is_integer()):
            return None, "rounded_to_degrees"
        return DATUMS[self.mapping.datum](spot), None

    def _street(self, row: Row) -> str:
        name, rule = self._cell(row, "street"), self.mapping.street
        if name:
            return self._make(Street(id=_key("s", name), rev=1, name=rule.name.format(name)))
        if rule.empty == "reject":
            raise RowRejected(f"{self.mapping.columns.get('street', 'street')} is empty")
        return self._make(Street(id=_key("s", rule.empty), rev=1, name=rule.empty))

    def _community(self, row: Row, street: str) -> str | None:
        name = self._cell(row, "community")
        # A neighbourhood may lie in two streets: it becomes one community in each of them.
        made = Community(id=_key("c", f"{street} {name}"), rev=1, name=name, street=street)
        return self._make(made) if name else None

    def _kind(self, row: Row) -> str:
        name = self._translated("kind", self._needed(row, "kind"), self.mapping.kinds)
        group, _, short = name.rpartition("-")
        limit = self.mapping.limit
        made = Kind(
            id=_key("k", name),
            rev=1,
            name=short or name,
            group="event",
            class_name=group or name,
            limit=Limit(limit.amount, limit.measure, source=limit.source or self.mapping.source),
        )
        return self._make(made)

    def _channel(self, row: Row) -> str:
        value = self._cell(row, "channel") or self.mapping.title
        name = self._translated("channel", value, self.mapping.channels)
        return self._make(Channel(id=_key("i", name), rev=1, name=name))

    def _holder(self, row: Row) -> str | None:
        value = self._cell(row, "responsible")
        if not value:
            return None
        name = self._translated("responsible", value, self.mapping.departments)
        return self._make(Holder(id=_key("d", name), rev=1, kind=HolderKind.DEPARTMENT, name=name, short=name))

    def _translated(self, what: str, value: str, table: dict[str, str]) -> str:
        if value in table:
            return table[value]
        rule = self.mapping.unknown.get(what, "take")
        if rule == "reject":
            raise RowRejected(f"the {what} {value!r} is not known")
        return value if rule == "take" else rule

    def _make(self, record: Street | Community | Kind | Channel | Holder) -> str:
        self.made.setdefault((type(record).__name__.lower(), record.id), record)
        return record.id


def _key(prefix: str, name: str) -> str:
    return f"{prefix}-{sha256(name.encode()).hexdigest()[:12]}"


def _hash(mapping: Mapping, row: Row) -> str:
    cells: Iterable[str] = (
        f"{name}={_cell_for_hash(row, name, column)}" for name, column in sorted(mapping.columns.items())
    )
    return sha256("\0".join(cells).encode()).hexdigest()[:32]


def _cell_for_hash(row: Row, name: str, column: str) -> str:
    """Returns the cell as the hash takes it; masked where a case is, or the hash would let somebody find the number."""
    return masked(row.get(column, "")) if name in _MASKED_FIELDS else row.get(column, "")


def _case_id(mapping: Mapping, row: Row) -> str:
    """Returns the case's id: the same for the same external number of the same system, whatever else the row holds."""
    external = row.get(mapping.columns["external"], "").strip()
    return uuid7(IMPORTED_AT, sha256(f"{mapping.name}\0{external}".encode()).digest()[:10])
