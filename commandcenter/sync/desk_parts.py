"""The parts of the core behind the desk."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commandcenter.sync.attestor import Attestor
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.connection_loop import ConnectionLoop
from commandcenter.sync.handshake import Handshake
from commandcenter.sync.inbound import Inbound
from commandcenter.sync.needs_you import NeedsYou
from commandcenter.sync.outbound import Outbound
from commandcenter.sync.petitioner import PetitionerSeal
from commandcenter.sync.queries import QueryRunner

if TYPE_CHECKING:
    from commandcenter.client.session import Session


@dataclass(frozen=True, slots=True)
class DeskParts:
    """The objects and functions that the desk works with, as bootstrap joins them."""

    store: CommandStore
    needs_you: NeedsYou
    attestor: Attestor
    inbound: Inbound
    outbound: Outbound
    handshake: Handshake
    loop: ConnectionLoop
    answers: "Callable[[Callable[[], Session]], QueryRunner]"
    call: "Callable[[str], Session]"
    seal: PetitionerSeal
    close: Callable[[], Awaitable[None]]
