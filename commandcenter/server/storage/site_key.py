"""The secrets of this site, one for each purpose, derived from the private key of its vault."""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from nacl.public import PrivateKey


@dataclass(frozen=True, slots=True)
class SiteKey:
    """The secret from which all others are derived; it does not show in a repr.

    No second key file can be lost: a backup restored with its key has the same secrets again.
    """

    _secret: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """Returns the 32-byte secret for `purpose`; the secret of one purpose reveals nothing of another."""
        return hmac.digest(self._secret, purpose.encode(), sha256)

    def mac(self, purpose: str, content: bytes) -> bytes:
        """Returns a 32-byte MAC of `content`, which only this site can make and which is valid for `purpose` only."""
        return hmac.digest(self.derived(purpose), content, sha256)


def site_key(seal_key: PrivateKey) -> SiteKey:
    """Returns the site key of the platform whose vault is sealed to `seal_key`."""
    return SiteKey(hmac.digest(bytes(seal_key), b"commandcenter site key 1", sha256))
