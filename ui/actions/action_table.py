"""The table of all user actions with their texts, keys and verbs."""

from collections.abc import Callable, Mapping
from typing import Any

from commandcenter.domain.cases import ENDED, Case
from commandcenter.domain.commands import STEPS
from commandcenter.domain.fields import Chosen, Text, marked
from commandcenter.sync.connection import SIGNED_OUT
from ui.actions.context import UiContext
from ui.actions.registry import Action
from ui.cases.acts import act, step_command
from ui.kit.command_line.grammar import LinePart
from ui.kit.texts.words import terms

Handlers = Mapping[str, Callable[[], Any]]  # what an action does, by its id; it may return a coroutine


def case_actions(seat: UiContext) -> tuple[Action, ...]:
    """Returns the actions on the chosen case: by key with a dialog where needed, by the command line in one step."""
    return tuple(_case_action(seat, name) for name in STEPS)


def desk_actions(do: Handlers) -> tuple[Action, ...]:
    """Returns the actions that need no case. Raises KeyError when one has no handler in `do`."""

    def one(name: str, zh: str, group: str, *keys: str, verb: str = "", **more: Any) -> Action:
        verbs = (verb,) if verb else ()
        return Action(id=name, zh=zh, group=group, keys=keys, verbs=verbs, run=do[name], **more)

    return (
        one("intake", "受理登记", "desk", "F2", verb="sl", image="phone-call", command="take"),
        one("search", "查找", "desk", "Ctrl+F", verb="cz", image="search"),
        one("command_line", "命令", "desk", "Ctrl+K", "/", image="square-terminal"),
        one("next_case", "下一件", "desk", "Alt+Down", verb="xyj"),
        one("previous_case", "上一件", "desk", "Alt+Up", verb="syj"),
        one("let_in", "让新到的进来", "desk", "F5", verb="gx", image="refresh-cw", on_docks=True),
        one("copy_number", "复制编号", "desk", "Ctrl+Shift+C", verb="fz", image="copy"),
        one("why", "为什么是这个期限", "desk", "W", verb="wsm", on_docks=True),
        one("to_queue", "到队列", "view", "Ctrl+1", verb="dl", image="monitor"),
        one("to_map", "到地图", "view", "F6", verb="dt", image="map"),
        one("own_acts", "我的操作", "view", "F7", verb="cl", image="bell", on_docks=True),
        one("trend", "走势", "view", "F8", verb="zs", image="chart-column", on_docks=True),
        one("going", "看发生了什么", "view", "F9", verb="zk", image="info"),
        one("inbox", "需处理", "view", "F4", "Ctrl+2", verb="xcl", image="inbox"),
        one("theme", "切换深浅", "view", "Ctrl+Shift+T", verb="zt", image="sun"),
        one("language", "切换语言", "view", "Ctrl+Shift+L", verb="yy", image="languages"),
        one("density", "换行高", "view", "Ctrl+Shift+D", verb="hg", on_docks=True),
        one("restore_layout", "恢复布局", "view", "Ctrl+Shift+0", verb="bj", image="rotate-ccw", on_docks=True),
        one("full_screen", "全屏", "view", "F11", verb="qp", image="maximize"),
        one("change_user", "换人登录", "seat", "Ctrl+Shift+U", verb="hr", image="log-out"),
        one("keys", "全部按键", "help", "F1", verb="aj", image="keyboard"),
        one("about", "关于与声明", "help", verb="gy", image="info"),
        one("menu", "菜单", "help", "Alt+M", image="menu", in_menu=False),
        one("quit", "退出", "seat", "Ctrl+Q", verb="tc", image="log-out"),
    )


def suits(action: Action, seat: UiContext, *, has_docks: bool = True) -> bool:
    """Returns whether the user's role may ever do the action in a window with or without docks.

    While no user is signed in, no role rules an action out.
    """
    if action.on_docks and not has_docks:
        return False
    return action.command is None or seat.desk.why_not(action.command, None) in (None, SIGNED_OUT)


def _case_action(seat: UiContext, name: str) -> Action:
    step, called = STEPS[name], terms()["command"][name]
    chosen = (LinePart.TARGET,) if marked(step, Chosen) else ()
    text = (LinePart.TEXT,) if any(one.required for _, one in marked(step, Text)) else ()
    return Action(
        id=name,
        zh=called["zh"],
        en=called["en"],
        group="case",
        keys=(step.entry.key,),
        verbs=(step.entry.verb,),
        needs=(LinePart.CASE, *chosen, *text),
        make=lambda line: step_command(name, line.case or "", chosen=line.target or "", text=line.text),
        command=name,
        on_ended=step.rule.stages <= ENDED,
        run=lambda: _on_case(seat, name),
    )


def _on_case(seat: UiContext, name: str) -> Any:
    """Gives the step `name` to the chosen case; returns None while none is chosen."""
    case = seat.desk.board.find("case", seat.focus.case) if seat.focus.case else None
    return act(seat, case, name) if isinstance(case, Case) else None
