"""The key by which somebody's acts are known as theirs: derived for each user, so that nothing of it is stored."""

from commandcenter.domain.people import Person
from commandcenter.protocol.attestation import Given, is_genuine
from commandcenter.protocol.codec import encode
from commandcenter.protocol.frames import Wish
from commandcenter.server.keeping.site_key import SiteKey


def key_of(person: Person, site: SiteKey) -> bytes:
    """The key of `person`'s account in their district."""
    return site.mac("attestation of acts, 1", encode((person.scope.district, person.user)))


def has_given(owner: Person, wish: Wish, site: SiteKey) -> bool:
    """Whether `owner` gave the very act that `wish` takes over, in type and every argument."""
    if not wish.attested:
        return False
    given = Given(owner.user, owner.scope.district, wish.type, wish.args)
    return is_genuine(key_of(owner, site), given, wish.attested)
