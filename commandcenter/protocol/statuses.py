"""Names what becomes of a command."""

from enum import StrEnum


class Status(StrEnum):
    """The statuses of results that this version knows; a newer platform may say more."""

    APPLIED = "applied"
    CONFLICT = "conflict"
    REFUSED = "refused"
    WRONG_EPOCH = "wrong_epoch"
    RETRY = "retry"
