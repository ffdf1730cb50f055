"""Defines the messages about reference records, for the administrators who edit them and those who audit that."""

from datetime import datetime

import msgspec

from commandcenter.protocol.codec import RecordEnvelope
from commandcenter.protocol.messages import Counted


class NewDistrict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A district that does not exist yet; `zone` is an IANA time zone, `prefix` begins its case numbers."""

    id: str
    name: str
    zone: str
    prefix: str


class ReferencePage(msgspec.Struct, frozen=True):
    """A page of the records of one kind by id; `next` is the cursor of the following page, None at the end."""

    items: tuple[RecordEnvelope, ...]
    next: str | None


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A revision of a record: who made it, by which fact ("": none is kept), and the fields that differ by it.

    `changed` is "*" for a new record. `reverts` is the revision that it was changed back to, if any. `record` is None
    where the log keeps no image of it.
    """

    rev: Counted
    at: datetime
    actor: str
    fact: str
    changed: tuple[str, ...]
    reverts: Counted | None
    record: RecordEnvelope | None


class ReferenceHistory(msgspec.Struct, frozen=True):
    """A record as it is, and a page of its revisions, newest first; `next` is the cursor of the following page."""

    record: RecordEnvelope
    revisions: tuple[Revision, ...]
    next: str | None
