"""The key by which somebody's acts are known as theirs: derived for each user, so that nothing of it is stored."""

from commandcenter.domain.people import Person
from commandcenter.protocol.attestation import Given, is_genuine
from commandcenter.protocol.codec import encode
from commandcenter.protocol.messages import CommandEnvelope
from commandcenter.server.storage.site_key import SiteKey


def key_of(person: Person, site: SiteKey) -> bytes:
    """The key of `person`'s account in their district."""
    return site.mac("attestation of acts, 1", encode((person.scope.district, person.user)))


def has_given(owner: Person, envelope: CommandEnvelope, site: SiteKey) -> bool:
    """Whether `owner` gave the very act that `envelope` takes over, in type and every argument."""
    if not envelope.attested:
        return False
    given = Given(owner.user, owner.scope.district, envelope.type, envelope.args)
    return is_genuine(key_of(owner, site), given, envelope.attested)
