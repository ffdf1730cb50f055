"""The parts behind the one door of the screens."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commandcenter.sync.attesting import Attestor
from commandcenter.sync.inbound import Inbound
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.line import Line
from commandcenter.sync.needs_you import NeedsYou
from commandcenter.sync.outbound import Outbound
from commandcenter.sync.queries import Answers

if TYPE_CHECKING:
    from commandcenter.client.session import Session


@dataclass(frozen=True, slots=True)
class Rooms:
    """As bootstrap joins them."""

    ledger: Ledger
    needs_you: NeedsYou
    attestor: Attestor
    inbound: Inbound
    outbound: Outbound
    line: Line
    answers: "Callable[[Callable[[], Session]], Answers]"
    call: "Callable[[str], Session]"
    seal: Callable[[str, bytes], str]
    new_id: Callable[[], str]
    keep_draft: Callable[[str, str, bytes | None], Awaitable[None]]
    draft: Callable[[str, str], Awaitable[bytes | None]]
    close: Callable[[], Awaitable[None]]
