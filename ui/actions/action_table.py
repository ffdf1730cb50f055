"""The table of all user actions with their texts, keys and verbs."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from commandcenter.domain import commands as wish
from commandcenter.sync.connection import SIGNED_OUT
from ui.actions.context import UiContext
from ui.actions.registry import Action
from ui.cases.acts import ACTS
from ui.kit.case_parts.steps import KEYS, VERBS
from ui.kit.command_line.grammar import CommandLine, LinePart

if TYPE_CHECKING:
    from commandcenter.domain.commands import Command

_TARGET = (LinePart.CASE, LinePart.TARGET)
_TEXT = (LinePart.CASE, LinePart.TEXT)

Handlers = Mapping[str, Callable[[], Any]]  # what an action does, by its id; it may return a coroutine


def case_actions(seat: UiContext) -> tuple[Action, ...]:
    """Returns the actions on the chosen case: by key with a dialog where needed, by the command line in one step."""

    def act(name: str, zh: str, needs: tuple[LinePart, ...], make: "_Make") -> Action:
        do = ACTS[name]
        return Action(
            id=name, zh=zh, group="case", keys=(KEYS[name],), verbs=(VERBS[name],), needs=needs, make=make,
            command=name, run=lambda: _on_case(seat, do),
        )  # fmt: skip

    return (
        act("file", "立案", (LinePart.CASE,), lambda line: wish.File(_case(line))),
        act("dispatch", "派遣", _TARGET, lambda line: wish.Dispatch(_case(line), line.target or "")),
        act("approve_return", "同意退回", (LinePart.CASE,), lambda line: wish.ApproveReturn(_case(line))),
        act("deny_return", "不同意退回", _TEXT, lambda line: wish.DenyReturn(_case(line), line.text)),
        act("accept", "签收", (LinePart.CASE,), lambda line: wish.Accept(_case(line))),
        act("report", "反馈", _TEXT, lambda line: wish.Report(_case(line), line.text)),
        act("apply_return", "申请退回", _TEXT, lambda line: wish.ApplyReturn(_case(line), line.text)),
        act("close", "结案", (LinePart.CASE,), lambda line: wish.Close(_case(line))),
    )


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
        one("to_queue", "到队列", "view", "Ctrl+1", verb="dl"),
        one("to_map", "到地图", "view", "Ctrl+2", verb="dt", image="map"),
        one("own_acts", "我的操作", "view", "Ctrl+3", verb="cl", image="bell", on_docks=True),
        one("trend", "走势", "view", "Ctrl+4", verb="zs", image="chart-column", on_docks=True),
        one("going", "看发生了什么", "view", "Ctrl+5", verb="zk", image="info"),
        one("inbox", "需处理", "view", "F4", "Ctrl+6", verb="xcl", image="inbox"),
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


_Make = Callable[[CommandLine], "Command"]


def _case(line: CommandLine) -> str:
    assert line.case is not None
    return line.case


def _on_case(seat: UiContext, do: Callable[..., Any]) -> Any:
    """Calls `do` for the chosen case; returns None while none is chosen."""
    case = seat.desk.board.find("case", seat.focus.case) if seat.focus.case else None
    return do(seat, case) if case is not None else None
