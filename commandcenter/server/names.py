"""What an id may look like, so that it can stand in a path, a header and a log; and how long a text may be."""

import re
from collections.abc import Iterator
from dataclasses import fields

from commandcenter.domain.commands import Command, Import, LocateCrew, Take, records_of
from commandcenter.domain.decide import Refused
from commandcenter.domain.decide.cases import TEXT_MOST
from commandcenter.domain.ids import is_imported
from commandcenter.domain.personal import is_personal_id

_PLAIN = re.compile(r"[0-9A-Za-z_.:\-]{1,80}")
_DIGEST = re.compile(r"[0-9A-Fa-f]{32,}")
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
    for name, other in _other_ids(command):
        if other is not None and not is_plain(other):
            return Refused("bad_id", name)
        if other is not None and is_personal_id(other) and not _is_digest(name, other):
            return Refused("personal_number", name)
    if isinstance(command, Take) and (is_imported(command.case) or is_personal_id(command.case)):
        return Refused("bad_id", "case")  # ids of the form that imports have are not for anybody to take
    for name, text in _texts(command):
        if len(text) > TEXT_MOST:
            return Refused("too_long", name)
    return None


def _is_digest(name: str, text: str) -> bool:
    """Whether it is the digest of a row's content, in which eleven digits in a row are nobody's telephone."""
    return name == "source_hash" and _DIGEST.fullmatch(text) is not None


def _other_ids(command: Command) -> Iterator[tuple[str, str | None]]:
    """What looks like free text and is none: words in it would be read by everybody, and looked at by nobody."""
    if isinstance(command, Take):
        yield "petitioner", command.petitioner
    elif isinstance(command, LocateCrew):
        yield "job", command.job
    elif isinstance(command, Import):
        yield from (("source_hash", command.source_hash), ("spot_gap", command.spot_gap))
        yield "merged_into", command.merged_into


def _texts(command: Command) -> Iterator[tuple[str, str]]:
    """Each text with its field's name, those of an order from above too; the sealed part is measured by the vault."""
    for field in fields(command):
        value = getattr(command, field.name)
        if isinstance(value, str) and field.name != "sealed":
            yield field.name, value
    if isinstance(command, Import) and command.superior is not None:
        yield from (("superior", command.superior.channel), ("superior", command.superior.number))
