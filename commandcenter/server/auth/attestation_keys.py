"""Attestation keys, which prove who gave an act: derived for each user, so that none is stored."""

from commandcenter.domain.people import Person
from commandcenter.protocol.attestation import AttestedCommand, is_genuine
from commandcenter.protocol.codec import encode
from commandcenter.protocol.messages import CommandEnvelope
from commandcenter.server.storage.site_key import SiteKey


def key_of(person: Person, site: SiteKey) -> bytes:
    """Returns the attestation key (32 bytes) of `person`'s account in their district."""
    return site.mac("attestation of acts, 1", encode((person.scope.district, person.user)))


def is_attested_by(owner: Person, envelope: CommandEnvelope, site: SiteKey) -> bool:
    """Returns whether `owner` gave exactly the act that `envelope` takes over, by type and every argument."""
    if not envelope.attested:
        return False
    given = AttestedCommand(owner.user, owner.scope.district, envelope.type, envelope.args)
    return is_genuine(key_of(owner, site), given, envelope.attested)
