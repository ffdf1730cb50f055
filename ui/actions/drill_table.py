"""The table of the drill's actions: faults to cause and to repair in a demonstration. A real hall has none."""

from typing import Any, Protocol

from ui.actions.registry import Action

DELAYS = {"0": 0.0, "300": 0.3, "2000": 2.0}  # seconds by which answers can be delayed


class DrillHandlers(Protocol):
    """The handlers of the drill: every method is one action of the table."""

    def drill(self) -> Any: ...
    def cut(self) -> Any: ...
    def mend(self) -> Any: ...
    def slow(self, seconds: float) -> Any: ...
    def lose(self) -> Any: ...
    def kill(self) -> Any: ...
    def back_up(self) -> Any: ...
    def restore(self) -> Any: ...


def drill_actions(do: DrillHandlers) -> tuple[Action, ...]:
    """Returns the actions for panel, network and platform."""

    def one(name: str, zh: str, run: Any, verb: str, *keys: str, image: str = "") -> Action:
        return Action(id=f"drill_{name}", zh=zh, run=run, group="drill", keys=keys, verbs=(verb,), image=image)

    return (
        one("panel", "演练故障", do.drill, "yl", "Ctrl+Shift+Y", image="flask-conical"),
        one("cut", "断开网络", do.cut, "dw", image="wifi-off"),
        one("mend", "恢复网络", do.mend, "hw", image="wifi"),
        one("late_0", "网络不延迟", lambda: do.slow(DELAYS["0"]), "yc0"),
        one("late_300", "网络延迟 300 毫秒", lambda: do.slow(DELAYS["300"]), "yc300"),
        one("late_2000", "网络延迟 2 秒", lambda: do.slow(DELAYS["2000"]), "yc2000"),
        one("lose", "丢失回执", do.lose, "ds"),
        one("kill", "终止平台", do.kill, "zz"),
        one("backup", "备份平台", do.back_up, "bf", image="database-backup"),
        one("restore", "恢复备份", do.restore, "hf", image="history"),
    )
