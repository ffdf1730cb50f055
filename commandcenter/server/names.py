"""What an id may look like, so that it can stand in a path, a header and a log; and how long a text may be."""

import re
from dataclasses import fields

from commandcenter.domain.commands import Command, Take, records_of
from commandcenter.domain.decide import Refused
from commandcenter.domain.decide.cases import TEXT_MOST
from commandcenter.domain.ids import is_imported

_PLAIN = re.compile(r"[0-9A-Za-z_.:\-]{1,80}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_plain(name: str) -> bool:
    """Whether `name` can be the id of a record or of a console."""
    return _PLAIN.fullmatch(name) is not None


def is_uuid(name: str) -> bool:
    """Whether `name` is a UUID in its usual form, as a command's id is."""
    return _UUID.fullmatch(name) is not None


def unfit(command: Command) -> Refused | None:
    """Why it cannot even be looked at: its id is none, or a text is too long (the sealed part: see vault)."""
    for kind, key in records_of(command):
        if not is_plain(key):
            return Refused("bad_id", kind)
    if isinstance(command, Take) and not _is_for_a_take(command):
        return Refused("bad_id", "case" if is_plain(command.petitioner or "-") else "petitioner")
    for field in fields(command):
        text = getattr(command, field.name)
        if isinstance(text, str) and len(text) > TEXT_MOST and field.name != "sealed":
            return Refused("too_long", field.name)
    return None


def _is_for_a_take(command: Take) -> bool:
    """Ids of the form that imports have are not for anybody to take; nor is a name the id of a petitioner."""
    return not is_imported(command.case) and is_plain(command.petitioner or "-")
