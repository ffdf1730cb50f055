"""Who sits here vouches for what they do: with the key of their sign-in, which is in memory only."""

from dataclasses import replace

from commandcenter.cache.journal_row import JournalRow
from commandcenter.protocol.attestation import Given, attest, read_key


class Attestor:
    """Holds the key of whoever is signed in, and of nobody else."""

    def __init__(self) -> None:
        self._user = ""
        self._key: bytes | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether the platform gave a key, and so takes over only what is attested."""
        return self._key is not None

    def hold(self, user: str, key: str | None) -> None:
        """`user` sits here from now on; `key` (base64) came with the tokens, None from a platform that has none."""
        self._user, self._key = user, read_key(key)

    def attested(self, row: JournalRow) -> JournalRow:
        """`row` with the word of its author, if they sit here; otherwise as it is."""
        if self._key is None or row.user != self._user:
            return row
        given = Given(row.user, row.district, row.type, row.args)
        return replace(row, attested=attest(self._key, given, act=row.cmd_id, made_at=row.made_at, bases=row.bases))
