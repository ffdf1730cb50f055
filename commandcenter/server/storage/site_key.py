"""Secrets of this site, one for each purpose, derived from the key of its vault.

There is no second file to lose: whoever restores a backup with its key has the same secrets again.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from nacl.public import PrivateKey


@dataclass(frozen=True, slots=True)
class SiteKey:
    """The secret that all others are derived from; it does not show in a repr."""

    _secret: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """The 32 bytes for `purpose`: of two purposes neither tells anything of the other."""
        return hmac.digest(self._secret, purpose.encode(), sha256)

    def mac(self, purpose: str, content: bytes) -> bytes:
        """32 bytes that only this site can make for `content`, and that are worth nothing for another purpose."""
        return hmac.digest(self.derived(purpose), content, sha256)


def site_key(seal_key: PrivateKey) -> SiteKey:
    """The secrets of the platform whose vault is sealed to `seal_key`."""
    return SiteKey(hmac.digest(bytes(seal_key), b"commandcenter site key 1", sha256))
