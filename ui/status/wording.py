"""The connection as text: one light, one word, one detail; the same in the bar, the banner and the panel."""

from dataclasses import dataclass
from datetime import datetime

from commandcenter.store.board import Board
from commandcenter.sync.connection import NO_ROLE, OLDER, UNREADABLE, Connection, State
from ui.kit.texts import times
from ui.kit.texts.faults import fault_name
from ui.kit.texts.names import account_name
from ui.kit.texts.words import say

OLD_AFTER = 30  # seconds without a frame or heartbeat until the data age turns amber
CLOCK_OFF = 60  # seconds between this machine's clock and the platform's from which on one of them is wrong


@dataclass(frozen=True, slots=True)
class ConnectionText:
    """The state of the connection as text; ``glyph`` names a glyph, ``tone`` a text token."""

    glyph: str
    tone: str
    word: str
    detail: str = ""


def connection_text(connection: Connection, now: datetime, *, stale: bool, away: bool = False) -> ConnectionText:
    """Returns the text of ``connection`` at ``now``, the platform's time.

    ``stale``: its data count as old. ``away``: an outage lasts, which a retry does not end.
    """
    state = connection.state
    if away and state is State.CONNECTING:
        return ConnectionText("light.overdue", "bad", say("已断开"), say("正在重连"))
    if state is State.LIVE:
        return _live(connection, stale)
    if state is State.WAITING:
        return ConnectionText("light.overdue", "bad", say("已断开"), _retry(connection, now))
    if state is State.SIGNED_OUT:
        return ConnectionText("light.needs_you", "vio", say("需重新登录"))
    if connection.code == NO_ROLE:
        return ConnectionText("light.needs_you", "vio", say("现在没有角色"))
    if state is State.REFUSED:
        is_unread = connection.code == UNREADABLE
        said = say("读不懂平台的数据") if is_unread else say("平台不接受")
        return ConnectionText("light.overdue", "bad", said, fault_name(connection.code or ""))
    if state is State.SNAPSHOT:
        return ConnectionText("light.soon", "warn", say("正在取数据"), progress(connection))
    return ConnectionText("light.none", "tx2", say("正在连接") if state is State.CONNECTING else say("未连接"))


def age(connection: Connection, now: datetime) -> float | None:
    """Returns the seconds since the platform was last heard, None if never."""
    heard = connection.last_heard
    return None if heard is None else max(0.0, (now - heard).total_seconds())


def is_clock_off(connection: Connection) -> bool:
    """Returns whether this machine's clock or the platform's is wrong, as far as is known."""
    return connection.skew is not None and abs(connection.skew) >= CLOCK_OFF


def skew(connection: Connection) -> str:
    """Returns the offset of this machine's clock, 本机 −0.3 秒, or 本机快 1 分 15 秒; "" when unknown."""
    off = connection.skew
    if off is None:
        return ""
    if is_clock_off(connection):
        far = times.in_words(abs(off))
        return say("本机快 {time}", time=far) if off > 0 else say("本机慢 {time}", time=far)
    sign = "−" if round(off, 1) < 0 else "+"
    return say("本机 {off} 秒", off=f"{sign}{abs(off):.1f}")


def progress(connection: Connection) -> str:
    """Returns the progress of a snapshot: 318 / 512."""
    if not connection.progress:
        return ""
    done, total = connection.progress
    return f"{done:,} / {total:,}" if total else f"{done:,}"


def _live(connection: Connection, stale: bool) -> ConnectionText:
    trip = connection.round_trip
    detail = "" if trip is None else say("往返 {n} ms", n=round(trip * 1000))
    if stale:
        return ConnectionText("light.soon", "warn", say("数据可能过时"), detail)
    if connection.unread:
        return ConnectionText("light.soon", "warn", fault_name(OLDER), detail)
    return ConnectionText("light.on_time", "tx1", say("已连接"), detail)


def _retry(connection: Connection, now: datetime) -> str:
    at = connection.retry_at
    return "" if at is None else say("{n} 秒后重连", n=max(0, round((at - now).total_seconds())))


def unsent(board: Board, waiting: dict[str, int], *, most: int) -> str:
    """Returns whose acts are unsent, 王敏 3，d07 1; with more than `most` users only how many they are."""
    if len(waiting) > most:
        return say("{m} 人", m=len(waiting))
    return say("，").join(f"{account_name(board, user)} {count}" for user, count in waiting.items())


def ordinary() -> list[str]:
    """Returns word and detail of a connection as it mostly is, in their longest form."""
    return [say("已连接"), say("往返 {n} ms", n=888)]
