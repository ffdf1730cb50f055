"""Defines the messages of an import of another system's records and cases."""

from typing import Annotated

import msgspec

from commandcenter.protocol.codec import RecordEnvelope
from commandcenter.protocol.limits import IMPORT_ROWS_MOST


class ImportBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Reference records that the rows need, and the arguments of an `import` command for each row."""

    district: str
    reference: tuple[RecordEnvelope, ...] = ()
    commands: Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(max_length=IMPORT_ROWS_MOST)] = ()


class ImportResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """The result of a row: status new, changed, unchanged, or refused with a code."""

    status: str
    case: str = ""
    external: str = ""
    code: str | None = None
    about: str | None = None


class NotTaken(msgspec.Struct, frozen=True):
    """A reference record ("kind:id") and why it was not taken; kept_here: `about` has the fields that stay as here."""

    record: str
    code: str
    about: str


class ImportResults(msgspec.Struct, frozen=True):
    """The counts of the reference records, the result of each row in order, and which records were not taken."""

    reference: dict[str, int]
    results: tuple[ImportResult, ...]
    not_taken: tuple[NotTaken, ...] = ()
