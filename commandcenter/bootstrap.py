"""Builds a desk from settings and an environment: the one place where the console's objects are joined."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from commandcenter.cache.cache_file import CacheFile
from commandcenter.cache.faults import FileFault
from commandcenter.cache.history import HistoryCache
from commandcenter.cache.journal import Journal
from commandcenter.cache.mirror import Mirror
from commandcenter.cache.outages import OutageFile
from commandcenter.cache.place_layers import PlaceLayers
from commandcenter.cache.profile_lock import ProfileLock
from commandcenter.cache.salvage import finish
from commandcenter.client.seal import sealed
from commandcenter.settings.file import Settings
from commandcenter.store.board import Board
from commandcenter.sync.act_list import ActList
from commandcenter.sync.attestor import Attestor
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.board_position import BoardPosition
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.command_answers import CommandAnswers
from commandcenter.sync.command_display import CommandDisplay
from commandcenter.sync.command_sources import CommandSources
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.connection import Connection
from commandcenter.sync.connection_loop import ConnectionLoop
from commandcenter.sync.demo_accounts import demo_account, has_demonstration
from commandcenter.sync.desk import Desk
from commandcenter.sync.desk_parts import DeskParts
from commandcenter.sync.drafts import Drafts
from commandcenter.sync.embedded_platform import EmbeddedPlatform
from commandcenter.sync.environment import Environment, Timing
from commandcenter.sync.handshake import Handshake
from commandcenter.sync.heartbeat_monitor import HeartbeatMonitor
from commandcenter.sync.inbound import Inbound
from commandcenter.sync.needs_you import NeedsYou
from commandcenter.sync.open_commands import OpenCommands
from commandcenter.sync.outages import Outages
from commandcenter.sync.outbound import Outbound, Surroundings
from commandcenter.sync.petitioner import PetitionerSeal
from commandcenter.sync.queries import QueryRunner
from commandcenter.sync.reconnection import Reconnection
from commandcenter.sync.recovery import JOURNAL
from commandcenter.sync.resync import ResyncPolicy
from commandcenter.sync.stream_listener import StreamListener
from commandcenter.sync.trimming import JournalTrimming
from commandcenter.sync.unavailable import Unavailable
from commandcenter.sync.user_session import UserSession

if TYPE_CHECKING:
    from commandcenter.client.session import Session


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a profile that are open for as long as its desk."""

    lock: ProfileLock
    journal: Journal
    cache: CacheFile

    async def close(self) -> None:
        await self.journal.close()
        await self.cache.close()
        self.lock.release()


async def open_desk(settings: Settings, *, environment: Environment | None = None) -> Desk:
    """Opens the desk of a profile, its board filled from the mirror; makes no network request.

    Raises Unavailable (profile_in_use, newer_journal, journal_damaged, read_only); no act of the journal is changed
    then.
    """
    environment = environment or Environment()
    try:
        files = await _files(settings, environment)
        try:
            return await _build_desk(settings, environment, files)
        except BaseException:
            await files.close()
            raise
    except FileFault as fault:
        raise Unavailable(fault.code, fault.about) from fault


async def _files(settings: Settings, environment: Environment) -> _Files:
    lock = ProfileLock(settings.folder)
    worker = environment.worker("journal")
    try:
        file = settings.folder / JOURNAL
        await worker.run(partial(finish, file))
        journal = await worker.run(
            partial(Journal, file, worker=worker, now=environment.wall, new_id=environment.new_id)
        )
    except BaseException:
        worker.close()
        lock.release()
        raise
    other = environment.worker("cache")
    return _Files(lock, journal, await other.run(partial(CacheFile, settings.folder / "cache.db", worker=other)))


async def _build_desk(settings: Settings, environment: Environment, files: _Files) -> Desk:
    board, acts, tasks = Board(), ActList(), BackgroundTasks()
    clock = PlatformClock(
        wall=environment.wall, mono=environment.mono, boot=environment.boot, known=files.journal.clock_mark
    )
    connection = Connection(clock.now)
    attestor, position = Attestor(), BoardPosition()
    commands = OpenCommands()
    store = CommandStore(
        files.journal,
        commands,
        CommandDisplay(board, acts, commands),
        CommandSources(environment.new_id, clock.now, environment.mono, environment.boot, attestor),
        position,
    )
    answers = CommandAnswers(files.journal, store)
    inbound = Inbound(
        mirror=Mirror(files.cache, connection.outgrown),
        board=board,
        store=store,
        answers=answers,
        position=position,
        connection=connection,
        clock=clock,
        tasks=tasks,
        trimming=JournalTrimming(files.journal, clock),
    )
    file = OutageFile(settings.folder / "outages.json", worker=environment.worker("outages"))
    outages = Outages(file, connection=connection, acts=acts, clock=clock, tasks=tasks)
    around = Surroundings(
        files.journal.console_id, environment.mono, environment.boot, environment.sleep, environment.chance, outages.at
    )
    outbound = Outbound(store, answers, position, connection, around, tasks)
    handshake = Handshake(connection, clock, inbound, store, answers, tasks)
    timing = Timing(environment.sleep, environment.chance)
    reconnection = Reconnection(connection, clock, timing, ResyncPolicy(inbound, connection))
    heartbeats = HeartbeatMonitor(connection, clock, inbound, answers)
    listener = StreamListener(connection, inbound, heartbeats, reconnection.went_live)
    outbound.lost.connect(listener.cut)
    loop = ConnectionLoop(
        connection=connection,
        inbound=inbound,
        outbound=outbound,
        tasks=tasks,
        handshake=handshake,
        listener=listener,
        reconnection=reconnection,
    )
    parts = DeskParts(
        store=store,
        needs_you=NeedsYou(store, board, attestor),
        attestor=attestor,
        inbound=inbound,
        outbound=outbound,
        handshake=handshake,
        loop=loop,
        answers=partial(
            QueryRunner, inbound=inbound, histories=HistoryCache(files.cache), layers=PlaceLayers(files.cache)
        ),
        call=partial(_session, environment),
        seal=PetitionerSeal(handshake, position, sealed, environment.new_id),
        close=files.close,
    )
    user = UserSession(board, connection, clock, tasks, parts, str(settings["district"]))
    desk = Desk(
        board=board,
        connection=connection,
        acts=acts,
        clock=clock,
        tasks=tasks,
        outages=outages,
        user=user,
        drafts=Drafts(files.journal.keep_draft, files.journal.draft, user.name, connection),
        parts=parts,
    )
    await inbound.load()
    await store.open()
    await inbound.settle()
    outbound.wake()
    await outages.open()
    for reason in files.cache.notes:
        connection.note("cache_rebuilt", reason)
    return desk


def _session(environment: Environment, url: str) -> "Session":
    from commandcenter.client.session import Session  # imported late: the board opens without the network code

    return Session(url, mono=environment.mono, transport=environment.transport, silence=environment.silence)


def follow_restarts(desk: Desk, embedded: EmbeddedPlatform) -> None:
    """Makes `desk` follow `embedded` through its restarts while it is the desk's: address and passwords may change."""

    def moved(addresses: tuple[str, str]) -> None:
        former, url = addresses
        if desk.user.url in ("", former):
            desk.user.moved(url)
            desk.connection.note("platform_restarted", url)

    def ended(about: str) -> None:
        if desk.user.url in ("", embedded.url):
            desk.connection.note("platform_ended", about)

    embedded.moved.connect(moved)
    embedded.ended.connect(ended)
    desk.user.stored_account = partial(_stored_account, desk.user, embedded)


def _stored_account(user: UserSession, embedded: EmbeddedPlatform) -> tuple[str, str, str] | None:
    if user.person is None or embedded.data is None or user.url != embedded.url:
        return None
    with suppress(Unavailable):
        return embedded.url, *demo_account(embedded.data, user.person.user)
    return None


__all__ = [
    "Desk",
    "EmbeddedPlatform",
    "Environment",
    "Unavailable",
    "demo_account",
    "follow_restarts",
    "has_demonstration",
    "open_desk",
]
