"""Attests the acts of the signed-in user with the key of their sign-in, which is kept in memory only."""

from dataclasses import replace

from commandcenter.cache.journal_row import JournalRow
from commandcenter.protocol.attestation import AttestedCommand, attest, read_key


class Attestor:
    """Holds the attestation key of the signed-in user, and of nobody else."""

    def __init__(self) -> None:
        self._user = ""
        self._key: bytes | None = None

    @property
    def is_required(self) -> bool:
        """Whether the platform issued a key, and therefore accepts only attested acts for adoption."""
        return self._key is not None

    def hold(self, user: str, key: str | None) -> None:
        """Sets the signed-in user and the key (base64) that came with the tokens; None: the platform issues none."""
        self._user, self._key = user, read_key(key)

    def attested(self, row: JournalRow) -> JournalRow:
        """Returns `row` with the attestation of its author if the author is signed in; otherwise unchanged."""
        if self._key is None or row.user != self._user:
            return row
        given = AttestedCommand(row.user, row.district, row.type, row.args)
        return replace(row, attested=attest(self._key, given, act=row.cmd_id, made_at=row.made_at, bases=row.bases))
