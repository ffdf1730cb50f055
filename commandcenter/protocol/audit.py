"""Defines the messages about the audit, for audit administrators."""

from datetime import datetime

import msgspec

from commandcenter.protocol.messages import Counted


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """What `user` did in the role of that moment, and its `outcome`: a status, the code of a refusal, or a few words.

    `record` is "kind:id", or where it came from. `user`, `role` and `district` are empty without an account or role.
    """

    id: Counted
    at: datetime
    district: str
    user: str
    role: str
    action: str
    record: str
    cmd_id: str | None
    outcome: str
    on_behalf_of: str | None


class AuditPage(msgspec.Struct, frozen=True):
    """A page of the audit, newest first; `next` is the cursor of the following page, None at the end."""

    items: tuple[AuditRow, ...]
    next: Counted | None
