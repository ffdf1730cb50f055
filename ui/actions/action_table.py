"""The table of all user actions with their texts, keys and verbs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import STEPS, Take
from commandcenter.domain.fields import Moment, Names, Text, asked, marked
from commandcenter.domain.rules import OFFLINE
from commandcenter.sync.connection import SIGNED_OUT
from ui.actions.context import UiContext
from ui.actions.line_commands import ALSO, commands_of
from ui.actions.registry import Action
from ui.cases.acts import act
from ui.kit import records
from ui.kit.command_line.parts import LinePart
from ui.kit.command_line.saying import choices_of, is_of_district
from ui.kit.texts.words import terms

Handlers = Mapping[str, Callable[[], Any]]  # what an action does, by its id; it may return a coroutine


def _row(name: str, zh: str, group: str, *keys: str, verb: str = "", **more: Any) -> partial[Action]:
    return partial(Action, id=name, zh=zh, group=group, keys=keys, verbs=(verb,) if verb else (), **more)


# The actions that need no chosen case, as they are listed; a window offers those that it or its workspace handles.
DESK_ACTIONS = {
    row.keywords["id"]: row
    for row in (
        _row("intake", "受理登记", "desk", Take.entry.key, verb=Take.entry.verb, image="phone-call", command="take"),
        _row("search", "查找", "desk", "Ctrl+F", verb="cz", image="search"),
        _row("command_line", "命令", "desk", "Ctrl+K", "/", image="square-terminal"),
        _row("next_case", "下一件", "desk", "Alt+Down", verb="xyj"),
        _row("previous_case", "上一件", "desk", "Alt+Up", verb="syj"),
        _row("let_in", "让新到的进来", "desk", "F5", verb="gx", image="refresh-cw"),
        _row("copy_number", "复制编号", "desk", "Ctrl+Shift+C", verb="fz", image="copy"),
        _row("why", "为什么是这个期限", "desk", "W", verb="wsm"),
        _row("undo", "撤销", "desk", "Ctrl+Z", verb="cx", image="rotate-ccw"),
        _row("otherwise", "另选一家", "desk", "Shift+P", verb="lx"),
        _row("to_queue", "到队列", "view", verb="dl", image="monitor"),
        _row("teams", "队伍", "view", "F3", verb="dwu", image="users"),
        _row("leads", "主协办", "view", "F10", verb="zxb", image="git-fork"),
        _row("handover", "交接班", "view", "Ctrl+Shift+J", verb="jjb", image="clipboard-list"),
        _row("to_map", "到地图", "view", "F6", verb="dt", image="map"),
        _row("coverage", "地图上的覆盖", "view", "Shift+F6", verb="fg", image="map"),
        _row("own_acts", "我的操作", "view", "F7", verb="cl", image="bell"),
        _row("trend", "走势", "view", "F8", verb="zs", image="chart-column"),
        _row("carried", "责任时间", "view", "Shift+F8", verb="zrs", image="chart-column"),
        _row("going", "状况", "view", "F9", verb="zk", image="info"),
        _row("inbox", "需处理", "view", "F4", verb="xcl", image="inbox"),
        _row("attention", "留意", "view", "F12", verb="ly", image="bell"),
        _row("theme", "切换深浅", "view", "Ctrl+Shift+T", verb="zt", image="sun"),
        _row("language", "切换语言", "view", "Ctrl+Shift+L", verb="yy", image="languages"),
        _row("density", "换行高", "view", "Ctrl+Shift+D", verb="hg"),
        _row("restore_layout", "恢复布局", "view", "Ctrl+Shift+0", verb="bj", image="rotate-ccw"),
        _row("room_window", "移到单独窗口 / 收回", "view", "Ctrl+Shift+M", verb="dc", image="external-link"),
        _row("full_screen", "全屏", "view", "F11", verb="qp", image="maximize"),
        _row("change_user", "换人登录", "seat", "Ctrl+Shift+U", verb="hr", image="log-out"),
        _row("keys", "全部按键", "help", "F1", verb="aj", image="keyboard"),
        _row("about", "关于与声明", "help", verb="gy", image="info"),
        _row("menu", "菜单", "help", "Alt+M", image="menu", in_menu=False),
        _row("quit", "退出", "seat", "Ctrl+Q", verb="tc", image="log-out"),
    )
}


def case_actions(seat: UiContext) -> tuple[Action, ...]:
    """Returns the actions on the chosen case: by key with a dialog where needed, by the command line in one step."""
    return tuple(_case_action(seat, name) for name in STEPS)


def desk_actions(do: Handlers, keys: Mapping[str, str] = MappingProxyType({})) -> tuple[Action, ...]:
    """Returns the actions that `do` handles, in the order of the table; `keys` adds a key to an action.

    Raises KeyError for a handler without an action.
    """
    if unknown := {*do, *keys} - DESK_ACTIONS.keys():
        raise KeyError(", ".join(sorted(unknown)))
    return tuple(_action(name, do[name], keys.get(name, "")) for name in DESK_ACTIONS if name in do)


def suits(action: Action, seat: UiContext) -> bool:
    """Returns whether the user's role may ever do the action. While no user is signed in, no role rules it out."""
    return action.command is None or seat.desk.why_not(action.command, None) in (None, OFFLINE, SIGNED_OUT)


def _action(name: str, run: Callable[[], Any], key: str) -> Action:
    made = DESK_ACTIONS[name](run=run)
    return replace(made, keys=(*made.keys, key)) if key else made


def _case_action(seat: UiContext, name: str) -> Action:
    step, called = STEPS[name], terms()["command"][name]
    choices = choices_of(name)
    (_, moment), (_, text) = asked(step, Moment), asked(step, Text)
    needs = {
        LinePart.TARGET: bool(choices),
        LinePart.MOMENT: moment is not None and moment.required,
        LinePart.TEXT: text is not None and text.required,
    }
    also = ALSO.get(name, ())
    return Action(
        id=name,
        zh=called["zh"],
        en=called["en"],
        group="case",
        keys=(step.entry.key,),
        verbs=(step.entry.verb,),
        needs=(LinePart.CASE, *(part for part, is_needed in needs.items() if is_needed)),
        choices=choices,
        is_timed=any(asked(STEPS[one], Moment)[1] is not None for one in (name, *also)),
        is_of_district=is_of_district(name),
        make=lambda clause: commands_of(seat, name, clause),
        command=name,
        also=also,
        about=marked(step, Names)[0][1].kind,
        stages=step.rule.stages,
        fits=lambda: (case := _chosen(seat)) is not None and case.stage in step.rule.stages,
        run=lambda: (case := _chosen(seat)) and act(seat, case, name),
    )


def _chosen(seat: UiContext) -> Case | None:
    return records.find(seat.desk.board, Case, seat.focus.case)
