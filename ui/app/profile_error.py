"""The card for a profile that cannot be opened: why, and what the user can do."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from commandcenter.bootstrap import Unavailable
from commandcenter.sync.recovery import Recovery, readable, take_over
from ui.kit.controls.buttons import NextStep
from ui.kit.feedback.states import StateCard
from ui.kit.seat.tasks import spawn
from ui.kit.texts.faults import fault
from ui.kit.texts.words import Words, phrase, say

_TITLES = {
    "profile_in_use": phrase("这个席位已经打开"),
    "newer_journal": phrase("操作日志来自更新的程序"),
    "journal_damaged": phrase("操作日志损坏"),
    "read_only": phrase("文件夹不可写"),
}


class ProfileErrorCard(StateCard):
    """Shows the error and offers to recover a damaged journal, after which `again` opens the profile."""

    def __init__(self, folder: Path, *, leave: Callable[[], object], again: Callable[[], object]) -> None:
        super().__init__()
        self._folder = folder
        self._leave = NextStep(phrase("退出"), leave, key="Esc")
        self._again = again

    def show_error(self, error: Unavailable) -> None:
        """Shows the error here and on stderr; for a damaged journal, then shows what can be recovered."""
        self._show("error", _TITLES.get(error.code, phrase("打不开席位档案")), fault(error.code, error.about))
        print(f"{say('打不开席位档案')}：{fault(error.code, error.about)}", file=sys.stderr, flush=True)
        if error.code == "journal_damaged":
            spawn(self._offer(error), name="read a damaged journal")

    async def _offer(self, error: Unavailable) -> None:
        try:
            found = await readable(self._folder)
        except Unavailable as other:
            self.show_error(other)
            return
        recover = NextStep(phrase("恢复读得出的"), self._recover, role="primary")
        text = f"{fault(error.code, error.about)}\n{counted(found)}"
        self._show("error", phrase("操作日志损坏"), text, recover)

    def _recover(self) -> None:
        self._show("loading", phrase("正在恢复操作日志"), "")
        spawn(self._take_over(), name="recover a damaged journal")

    async def _take_over(self) -> None:
        try:
            taken = await take_over(self._folder, datetime.now(UTC))
        except Unavailable as error:
            self.show_error(error)
            return
        kept = say("损坏的文件原样存为 {file}；请交给管理员，并核对最近的操作，缺的再做一次。", file=taken.aside)
        self._show(
            "warning",
            phrase("操作日志已恢复"),
            f"{counted(taken)}\n{kept}",
            NextStep(phrase("继续"), self._again, role="primary"),
        )
        print(f"{say('操作日志已恢复')}：{counted(taken)} {kept}", file=sys.stderr, flush=True)

    def _show(self, kind: str, title: Words, text: str, *steps: NextStep) -> None:
        self.tell(kind, title, text, steps=[*steps, self._leave], image="circle-alert")


def counted(found: Recovery) -> str:
    """Returns how many acts are readable, how many of these are open, and how many may be lost."""
    read = say("读得出 {read} 条操作，其中 {open} 条还没有办完", read=found.read, open=found.open)
    if found.lost is None:
        return say("{read}；有多少条读不出，无法知道。", read=read)
    if found.lost == 0:
        return say("{read}；没有读不出的。", read=read)
    return say("{read}；至多 {lost} 条读不出。", read=read, lost=found.lost)
