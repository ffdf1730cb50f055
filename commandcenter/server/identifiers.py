"""Checks ids, which stand in paths, headers and logs, and the length of the texts in a command."""

import re
from collections.abc import Iterator

from commandcenter.domain.commands import Command, Import, records_of
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import Chosen, Id, Sealed, marked, names_of, new_records_of
from commandcenter.domain.ids import is_imported
from commandcenter.domain.personal import is_personal_id
from commandcenter.domain.records import KINDS
from commandcenter.domain.text import TEXT_MOST
from commandcenter.protocol.limits import ID_MOST

PLAIN = rf"[0-9A-Za-z_.:\-]{{1,{ID_MOST}}}"  # the pattern of a record's or a console's id
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # the pattern of a command's id
_PLAIN = re.compile(PLAIN)
_DIGEST = re.compile(r"[0-9A-Fa-f]{32,}")
_UUID = re.compile(UUID)


def is_valid_id(name: str) -> bool:
    """Returns whether `name` can be the id of a record or of a console: 1 to 80 characters of `0-9A-Za-z_.:-`."""
    return _PLAIN.fullmatch(name) is not None


def is_uuid(name: str) -> bool:
    """Returns whether `name` is a UUID in its usual form (lower case), as the id of a command is."""
    return _UUID.fullmatch(name) is not None


def form_refusal(command: Command) -> Refused | None:
    """Returns why `command` is refused before it is decided (`bad_id`, `too_long`); None when nothing is wrong.

    The sealed part is not checked here, but by the vault.
    """
    for kind, key in records_of(command):
        if kind not in KINDS or not is_valid_id(key):
            return Refused("bad_id", kind if kind in KINDS else "record")
    for name, mark in marked(command, (Chosen, Id)):
        other = getattr(command, name)
        if other is not None and not is_valid_id(other):
            return Refused("bad_id", name)
        may_be_digits = isinstance(mark, Chosen) or (mark.digest and _DIGEST.fullmatch(other or ""))
        if other is not None and is_personal_id(other) and not may_be_digits:
            return Refused("personal_number", name)
    for kind, key in () if isinstance(command, Import) else new_records_of(command):
        if is_imported(key) or is_personal_id(key):
            return Refused("bad_id", kind)  # the form of imports' ids is reserved; personal numbers may not be ids
    for name, text in _texts(command):
        if len(text) > TEXT_MOST:
            return Refused("too_long", name)
    return None


def _texts(command: Command) -> Iterator[tuple[str, str]]:
    """Yields each text with its field's name, also those of an import's `superior`; not the sealed part."""
    sealed = dict(marked(command, Sealed))
    for name in names_of(command):
        value = getattr(command, name)
        if isinstance(value, str) and name not in sealed:
            yield name, value
    if isinstance(command, Import) and command.superior is not None:
        yield from (("superior", command.superior.channel), ("superior", command.superior.number))
