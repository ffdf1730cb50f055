"""The texts of the drill: the current state, what goes on, the result of the last action, what to watch."""

import time
from functools import reduce
from typing import TYPE_CHECKING

from commandcenter.sync.connection import State
from ui.kit.texts import times
from ui.kit.texts.district_time import clock
from ui.kit.texts.words import Words, phrase, term

if TYPE_CHECKING:
    from commandcenter.demonstration.drill import Drill, DrillResult
    from commandcenter.sync.desk import Desk

_STEPS = {
    "killed": phrase("平台已被终止（kill -9），正在自行重启…"),
    "backing_up": phrase("正在备份，平台照常运行…"),
    "stopping": phrase("恢复 1/3：正在停下平台…"),
    "restoring": phrase("恢复 2/3：正在核对并放回备份…"),
    "starting": phrase("正在启动平台…"),
    "restarting": phrase("恢复 3/3：正在启动平台…"),
}
_WATCH = {
    "cut": phrase(
        "断网后：受理、派遣照常，先存本机；状态栏显示未送达条数，案件旁标“已存”。"
        "若别的席位此时也改了同一件，恢复后看“需处理”。"
    ),
    "lose": phrase("回执丢失后：操作到了平台，答复没有回来；指挥台会重发，平台认得编号，只做一次。看“我的操作”。"),
    "late": phrase("网络慢时：操作一按就存下，“已送达”“已生效”晚到；“状况”里看往返时间，画面不卡。"),
    "killed": phrase("平台被终止后：几秒内自行重启，本席自动重新登录，未送达的操作依次送达。"),
    "backed_up": phrase("现在做一两件事，再按“恢复到备份”：平台会退回到备份那一刻。"),
    "restored": phrase("恢复后：新纪元开始；备份之后的操作自动再次送达，成的只做一次，与别人冲突的进“需处理”。"),
    "well": phrase("先断开网络，受理或派遣一件，再恢复；也可再开一个席位，两边同改一件。"),
}


def now(drill: "Drill", desk: "Desk") -> tuple[Words, str]:
    """Returns the state and its tone: "ok", "warn" while something is broken, "vio" when acts need a decision."""
    broken = _broken(drill, desk)
    if broken:
        return _joined(broken), "warn"
    if desk.connection.state is not State.LIVE:
        return phrase("网络通，正在重连平台"), "warn"
    needing = len(desk.acts.needing)
    return (phrase("网络正常，{n} 条需处理", n=needing), "vio") if needing else (phrase("一切正常"), "ok")


def mark(drill: "Drill") -> Words:
    """Returns the text of the drill's button at the top of the window, seen also while the panel is closed."""
    if drill.network.is_cut:
        return phrase("演练：网络断开")
    if drill.step or not _runs(drill):
        return phrase("演练：平台停")
    return phrase("演练：网络有故障") if not drill.network.is_well else phrase("演练")


def platform(drill: "Drill", desk: "Desk") -> tuple[Words, str]:
    """Returns what goes on with the platform or the result of the last action, and its tone."""
    if drill.platform is None:
        return phrase("平台由另一个指挥台运行，在那边终止、备份、恢复。"), "tx2"
    if drill.step:
        return _STEPS[drill.step], "warn"
    if drill.told is not None:
        return _told(drill.told, desk), "ok" if drill.told.is_well else "bad"
    at = drill.newest
    return (phrase("最近备份 {at}", at=clock(desk.board, at)) if at else phrase("还没有备份")), "tx2"


def watch(drill: "Drill") -> Words:
    """Returns the hint what to watch now."""
    return _WATCH[_theme(drill)]


def _theme(drill: "Drill") -> str:
    network, told = drill.network, drill.told
    if network.is_cut:
        return "cut"
    if drill.step:
        return "killed" if drill.step == "killed" else "backed_up" if drill.step == "backing_up" else "restored"
    if network.lose_answers or network.delay:
        return "lose" if network.lose_answers else "late"
    after = {"came_back": "killed", "backed_up": "backed_up", "restored": "restored"}
    return after.get(told.code, "well") if told else "well"


def _broken(drill: "Drill", desk: "Desk") -> list[Words]:
    found: list[Words] = []
    unsent = sum(desk.unsent.values())
    if drill.network.is_cut:
        away = time.monotonic() - drill.since if drill.since is not None else 0.0
        found.append(phrase("网络断开 {time}，{n} 条未送达", time=times.in_words(away), n=unsent))
    if drill.network.delay:
        found.append(phrase("网络延迟 {seconds} 秒", seconds=f"{drill.network.delay:g}"))
    if drill.network.lose_answers:
        found.append(phrase("回执丢失"))
    if not _runs(drill):
        found.append(phrase("平台没有在运行"))
    return found


def _runs(drill: "Drill") -> bool:
    return drill.platform is None or drill.platform.is_up


def _told(told: "DrillResult", desk: "Desk") -> Words:
    said = told.values
    if told.code == "came_back":
        return phrase("平台回来了，用了 {seconds} 秒", seconds=said["seconds"])
    if told.code == "backed_up":
        return phrase("{at} 已备份，{size} MB", at=clock(desk.board, said["at"]), size=f"{said['size'] / 1e6:.1f}")
    if told.code == "restored":
        at, again = clock(desk.board, said["at"]), _offered_again(desk)
        done = phrase("已恢复 {at} 的备份，第 {epoch} 纪元开始", at=at, epoch=said["epoch"])
        return _joined([done, phrase("本席 {n} 步再次送达", n=again)]) if again else done
    return _failed(told)


def _offered_again(desk: "Desk") -> str:
    """Returns how many acts of this seat are sent again after the platform's last restart; "" for none."""
    for entry in reversed(desk.connection.log):
        if entry.code in ("restored", "platform_restarted"):
            return entry.about if entry.code == "restored" else ""
    return ""


def _failed(told: "DrillResult") -> Words:
    why = term("drill_why", told.values.get("why", ""))
    if told.code == "not_restored":
        return phrase("没有恢复：{why}。平台已用原来的数据重新启动。", why=why)
    if told.code == "not_backed_up":
        return phrase("没有备份：{why}。平台照常运行。", why=why)
    if told.code == "no_backup":
        return phrase("还没有备份，先备份一次")
    if told.code == "not_started":
        return phrase("平台没有起来：{about}。数据都在，可以再启动一次。", about=told.values.get("about", ""))
    return phrase("平台没有自行回来，可以启动一次")


def _joined(parts: list[Words]) -> Words:
    return reduce(lambda one, other: phrase("{one}；{other}", one=one, other=other), parts)
