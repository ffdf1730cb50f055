"""Turns the shifts of an iCalendar file into rosters of the district's crews, and rosters into such a file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from commandcenter.domain.people import Holder
from commandcenter.domain.places import District, Street
from commandcenter.domain.records import Record
from commandcenter.domain.rosters import Roster, Shift
from commandcenter.domain.soundness import unsound
from commandcenter.domain.teams import Crew
from commandcenter.operations.shift_events import ShiftEvent, at_line
from commandcenter.server.errors import HttpProblem

_OF_UID = "/"  # between the crew's id and the beginning of the shift in the UID of an event that was exported
_NO_ADDRESS = "invalid:nomail"  # of a member, whose name alone is told


@dataclass(frozen=True, slots=True)
class CrewBook:
    """The crews of a district that may have a shift, their rosters, and the names by which a file calls them."""

    zone: tzinfo
    crews: Mapping[str, Crew]
    rosters: Mapping[str, Roster]
    places: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "CrewBook":
        """Returns the book of a district's records, among which is the district itself."""
        known = list(records)
        zone = next(ZoneInfo(one.zone) for one in known if isinstance(one, District))
        crews = {one.id: one for one in known if isinstance(one, Crew) and not one.retired}
        called = {one.id: frozenset({one.id, one.name}) for one in known if isinstance(one, Street)}
        called |= {one.id: frozenset({one.id, one.name, one.short}) for one in known if isinstance(one, Holder)}
        places = {
            one.id: called.get(one.unit, frozenset()) | called.get(one.street, frozenset()) for one in crews.values()
        }
        return cls(zone, crews, {one.id: one for one in known if isinstance(one, Roster)}, places)

    def crew_of(self, event: ShiftEvent) -> Crew:
        """Returns the crew that an event names by its UID, its id, or its name and where it belongs."""
        named = self.crews.get(event.uid.partition(_OF_UID)[0]) or self.crews.get(event.summary)
        if named is not None:
            return named
        found = [one for one in self.crews.values() if one.name == event.summary]
        here = [one for one in found if event.location in self.places[one.id]] if len(found) > 1 else found
        if len(here) == 1:
            return here[0]
        code = "several_crews" if found else "unknown_crew"
        raise HttpProblem(422, code, "The event names no crew.", about=f"{at_line(event.line)} {event.summary}"[:120])


def rosters_of(events: Sequence[ShiftEvent], book: CrewBook) -> list[Roster]:
    """Returns the new roster of each crew that the events name; its revision is that of the roster that is there.

    A crew without names in the file keeps its members. Raises HttpProblem 422 for what no roster can be.
    """
    of_crew: defaultdict[str, list[ShiftEvent]] = defaultdict(list)
    for event in events:
        of_crew[book.crew_of(event).id].append(event)
    return [_roster(book.crews[key], mine, book.rosters.get(key)) for key, mine in sorted(of_crew.items())]


def is_same(roster: Roster, known: Roster | None) -> bool:
    """Returns whether a roster says nothing new."""
    return known is not None and replace(roster, pinned=known.pinned) == known


def to_calendar(book: CrewBook, units: Mapping[str, str]) -> bytes:
    """Returns all rosters in use as an iCalendar file; `units` are the names of the units by id."""
    made = Calendar()
    made.add("prodid", "-//commandcenter//roster//ZH")
    made.add("version", "2.0")
    for key, roster in sorted(book.rosters.items()):
        crew = book.crews.get(key)
        if crew is not None and not roster.retired:
            for shift in roster.shifts:
                made.add_component(_event(crew, roster, shift, units.get(crew.unit, crew.unit)))
    return bytes(made.to_ical())


def _roster(crew: Crew, events: Sequence[ShiftEvent], known: Roster | None) -> Roster:
    timed = sorted(((one, event.line) for event in events for one in event.shifts), key=lambda pair: pair[0].starts)
    for (one, line), (other, other_line) in pairwise(timed):
        if one.ends > other.starts:
            about = f"{crew.name} {at_line(line, other_line)}"
            raise HttpProblem(422, "shifts_overlap", "Shifts of one crew overlap.", about=about)
    members = tuple(dict.fromkeys(name for event in events for name in event.members))
    old = known or Roster(crew.id, 1, crew.unit, crew.street)
    shifts = tuple(one for one, _ in timed)
    roster = replace(
        old, unit=crew.unit, street=crew.street, shifts=shifts, members=members or old.members, retired=False
    )
    wrong = unsound(roster)
    if wrong is not None:
        raise HttpProblem(
            422, wrong.code, "No roster can be like that.", about=f"{crew.name} {at_line(events[0].line)}"
        )
    return roster


def _event(crew: Crew, roster: Roster, shift: Shift, unit: str) -> Event:
    event = Event()
    starts, ends = shift.starts.astimezone(UTC), shift.ends.astimezone(UTC)
    event.add("uid", f"{crew.id}{_OF_UID}{starts:%Y%m%dT%H%M%SZ}")
    event.add("dtstamp", datetime(1970, 1, 1, tzinfo=UTC))  # the same rosters make the same file
    event.add("summary", crew.name)
    event.add("location", unit)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    for name in roster.members:
        member = vCalAddress(_NO_ADDRESS)
        member.params["CN"] = name
        event.add("attendee", member)
    return event
