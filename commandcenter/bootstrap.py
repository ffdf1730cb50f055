"""The one place where the console's objects meet: settings and a world become a desk, a platform beside it."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from commandcenter.cache.cache_file import CacheFile
from commandcenter.cache.faults import FileFault
from commandcenter.cache.history import Histories
from commandcenter.cache.journal import Journal
from commandcenter.cache.layers import Layers
from commandcenter.cache.lock import ProfileLock
from commandcenter.cache.mirror import Mirror
from commandcenter.cache.outages import OutageFile
from commandcenter.cache.salvage import finish
from commandcenter.client.seal import sealed
from commandcenter.settings.file import Settings
from commandcenter.store.board import Board
from commandcenter.sync.acts import ActList
from commandcenter.sync.attesting import Attestor
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection
from commandcenter.sync.desk import Desk
from commandcenter.sync.embedded import Embedded, demo_account, has_demonstration
from commandcenter.sync.errands import Errands
from commandcenter.sync.inbound import Inbound
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.line import Line
from commandcenter.sync.needs_you import NeedsYou
from commandcenter.sync.outages import Outages
from commandcenter.sync.outbound import Outbound, Surroundings
from commandcenter.sync.queries import Answers
from commandcenter.sync.recovery import JOURNAL
from commandcenter.sync.rooms import Rooms
from commandcenter.sync.sources import Sources
from commandcenter.sync.trimming import Trimming
from commandcenter.sync.unavailable import Unavailable
from commandcenter.sync.world import Chances, World

if TYPE_CHECKING:
    from commandcenter.client.session import Session


@dataclass(frozen=True, slots=True)
class _Files:
    """What is open of a profile while its desk is."""

    lock: ProfileLock
    journal: Journal
    cache: CacheFile

    async def close(self) -> None:
        await self.journal.close()
        await self.cache.close()
        self.lock.release()


async def open_desk(settings: Settings, *, world: World | None = None) -> Desk:
    """The desk of a profile, its board filled from the mirror; nothing was asked of the network yet.

    Unavailable: profile_in_use, newer_journal, journal_damaged, read_only; no file was changed then.
    """
    world = world or World()
    try:
        files = await _files(settings, world)
        try:
            return await _joined(settings, world, files)
        except BaseException:
            await files.close()
            raise
    except FileFault as fault:
        raise Unavailable(fault.code, fault.about) from fault


async def _files(settings: Settings, world: World) -> _Files:
    lock = ProfileLock(settings.folder)
    lane = world.lane("journal")
    try:
        file = settings.folder / JOURNAL
        await lane.run(partial(finish, file))
        journal = await lane.run(partial(Journal, file, lane=lane, now=world.wall, new_id=world.new_id))
    except BaseException:
        lane.close()
        lock.release()
        raise
    other = world.lane("cache")
    return _Files(lock, journal, await other.run(partial(CacheFile, settings.folder / "cache.db", lane=other)))


async def _joined(settings: Settings, world: World, files: _Files) -> Desk:
    board, acts, errands = Board(), ActList(), Errands()
    clock = PlatformClock(wall=world.wall, mono=world.mono, boot=world.boot, known=files.journal.clock_mark)
    connection = Connection(clock.now)
    attestor = Attestor()
    ledger = Ledger(files.journal, board, acts, Sources(world.new_id, clock.now, world.mono, world.boot, attestor))
    inbound = Inbound(
        mirror=Mirror(files.cache),
        board=board,
        ledger=ledger,
        connection=connection,
        clock=clock,
        errands=errands,
        trimming=Trimming(files.journal, clock),
    )
    ledger.shown = lambda: inbound.standing
    around = Surroundings(files.journal.console_id, world.mono, world.boot, world.sleep, world.chance)
    outbound = Outbound(ledger, inbound, connection, around, errands)
    line = Line(
        connection=connection,
        clock=clock,
        inbound=inbound,
        outbound=outbound,
        ledger=ledger,
        errands=errands,
        chances=Chances(world.sleep, world.chance),
    )
    file = OutageFile(settings.folder / "outages.json", lane=world.lane("outages"))
    outages = Outages(file, connection=connection, acts=acts, clock=clock, errands=errands)
    rooms = Rooms(
        ledger=ledger,
        needs_you=NeedsYou(ledger, board, attestor),
        attestor=attestor,
        inbound=inbound,
        outbound=outbound,
        line=line,
        answers=partial(Answers, inbound=inbound, histories=Histories(files.cache), layers=Layers(files.cache)),
        call=partial(_session, world),
        seal=sealed,
        new_id=world.new_id,
        keep_draft=files.journal.keep_draft,
        draft=files.journal.draft,
        close=files.close,
    )
    district = str(settings["district"])
    desk = Desk(
        board=board,
        connection=connection,
        acts=acts,
        clock=clock,
        errands=errands,
        outages=outages,
        rooms=rooms,
        district=district,
    )
    await inbound.load()
    await ledger.open()
    await inbound.settle()
    outbound.wake()
    await outages.open()
    for reason in files.cache.notes:
        connection.note("cache_rebuilt", reason)
    return desk


def _session(world: World, url: str) -> "Session":
    from commandcenter.client.session import Session  # late: the board is read before anybody asks the network

    return Session(url, mono=world.mono, transport=world.transport, silence=world.silence)


def beside(desk: Desk, embedded: Embedded) -> None:
    """From now on `desk` follows `embedded` through its restarts: to its new address, with its new passwords."""

    def moved(url: str) -> None:
        desk.moved(url)
        desk.connection.note("platform_restarted", url)

    def remembered() -> tuple[str, str, str] | None:
        if desk.person is None or embedded.data is None:
            return None
        with suppress(Unavailable):
            return embedded.url, *demo_account(embedded.data, desk.person.user)
        return None

    embedded.moved = moved
    embedded.ended = lambda about: desk.connection.note("platform_ended", about)
    desk.remembered = remembered


__all__ = ["Desk", "Embedded", "Unavailable", "World", "beside", "demo_account", "has_demonstration", "open_desk"]
