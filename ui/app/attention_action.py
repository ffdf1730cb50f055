"""Attention of whoever sits at the window: bell, list, sounds and tray over one watch, and what opens from the list."""

from collections.abc import Callable
from functools import partial

from commandcenter.attention.causes import DECISION, Concern
from commandcenter.domain.tasks import Task
from commandcenter.domain.teams import Crew
from ui.actions.action_table import Handlers
from ui.actions.kept_setting import keep_setting
from ui.attention.bell import Bell
from ui.attention.listing import AttentionList
from ui.attention.sounds import Sounds
from ui.attention.tray import Tray
from ui.attention.volume import VolumeChoice
from ui.attention.watch import AttentionWatch
from ui.attention.wording import Wording
from ui.kit import records
from ui.kit.keyboard import bring_to_front
from ui.workspaces.inbox_cover import INBOX
from ui.workspaces.rooms import Rooms
from ui.workspaces.teams_cover import TEAMS
from ui.workspaces.workspace import WorkspaceContext

OF_CREW = frozenset({"loan", "stay"})  # the topics that are about a crew itself, whatever case it is at


class AttentionAction:
    """What needs attention, in one window; `rooms` are those of its present workspace."""

    def __init__(self, context: WorkspaceContext, rooms: Callable[[], Rooms]) -> None:
        window, seat, settings = context.window, context.seat, context.settings
        self._seat, self._rooms = seat, rooms
        self.watch = AttentionWatch(seat.desk, seat.follow, seat.watch, window.kept)
        self.bell = Bell(self.watch)
        volume = VolumeChoice(settings, partial(keep_setting, settings, seat))
        self.list = AttentionList(seat.desk, self.watch, settings, volume, window)
        self.sounds = Sounds(seat.desk, self.watch, settings)
        self.tray = Tray(self.watch, Wording(seat.desk), partial(bring_to_front, window))
        window.topbar.add_tool(self.bell)
        self.bell.clicked.connect(lambda _on=False: self.list.toggle())
        self.list.opened.connect(self._open)
        self.list.closed.connect(lambda: rooms().give_back())

    def handlers(self) -> Handlers:
        """Returns the handlers by the id of their action."""
        return {"attention": self.list.toggle}

    def close(self) -> None:
        """Keeps what was heeded, and stops following."""
        self.tray.close()
        self.watch.close()

    def _open(self, one: Concern) -> None:
        """Opens the case, the act or the crew that a thing is about, in the room where it is worked on."""
        if one.cause == DECISION:
            self._rooms().open(INBOX.id, one.ref[1])
        elif one.topic in OF_CREW and TEAMS.id in self._rooms().keys:
            self._rooms().open(TEAMS.id)
            self._seat.focus.choose_crew(one.ref[1], by="attention")
        elif case := self._case_of(one):
            self._rooms().to_ground()
            self._seat.focus.choose(case, by="attention")

    def _case_of(self, one: Concern) -> str | None:
        """Returns the id of the case that is to be worked on, perhaps for a sub-task or a crew; None: there is none."""
        board, key = self._seat.desk.board, one.ref[1]
        crew, task = records.find(board, Crew, key), records.find(board, Task, key)
        if crew is not None:
            return (one.topic in OF_CREW and crew.job) or crew.order
        return key if task is None else task.case
