"""The handlers of the actions that need no case, one method per action."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain.cases import Case
from ui import theme
from ui.actions.action_table import suits
from ui.actions.command_preview import CommandPreview
from ui.actions.context import UiContext
from ui.actions.finder import Finder
from ui.actions.keysheet import show_about, show_keys
from ui.app.profile_troubles import setting_not_saved
from ui.app.workspace import Workspace
from ui.kit import dialogs
from ui.kit.buttons import NextStep
from ui.kit.command_overlay import CommandOverlay
from ui.kit.words import Words, phrase, speak, spoken, term
from ui.theme.tokens import MEASURES
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from ui.actions import Actions
    from ui.intake.floating import FloatingIntake

PANEL = (760, 420)
ROWS = {"comfortable": MEASURES.row, "compact": MEASURES.row_tight}


class WindowActions:
    """Implements ui.actions.action_table.ActionHandlers over one window.

    `connection_panel` returns a new panel about the connection, `sign_in` opens the sign-in room, `leave` ends the
    program.
    """

    def __init__(
        self,
        window: Window,
        seat: UiContext,
        settings: "Settings",
        *,
        connection_panel: Callable[[], QWidget],
        sign_in: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:
        self._window, self._seat, self._settings = window, seat, settings
        self._connection_panel = connection_panel
        self.change_user, self.quit = sign_in, leave
        self.rooms: Workspace | None = None
        self.actions: Actions | None = None
        self.overlay: CommandOverlay | None = None
        self.finder: Finder | None = None
        self._intake: FloatingIntake | None = None

    def equip(self, actions: "Actions") -> None:
        """Takes the registry and creates the command line and the search that use it."""
        self.actions = actions
        actions.suits = lambda action: suits(action, self._seat, has_docks=self._has_docks())
        self.overlay = CommandOverlay(CommandPreview(self._seat, actions, self._light), self._window)
        self.overlay.closed.connect(self.to_list)
        self.finder = Finder(self._seat, self._light, self._window)
        self.finder.found.connect(self._found)
        self.finder.closed.connect(self.to_list)

    def furnish(self, rooms: Workspace) -> None:
        """Takes the rooms of the signed-in user; discards the intake form, which holds another user's input."""
        self.rooms = rooms
        if self._intake is not None:
            self._intake.end()
            self._intake = None
        self._dense()

    def intake(self) -> None:
        """Opens the form over the queue, or brings it to the front; other roles get a toast that says who may."""
        if self._seat.desk.why_not("take", None):
            step = NextStep(phrase("换人登录"), self.change_user, "Ctrl Shift U")
            said = phrase("受理登记由受理员或网格长来做，你现在是{role}", role=self._role())
            self._window.toasts.tell(said, tone="warn", step=step)
            return
        from ui.intake.floating import FloatingIntake  # late: the form is not needed for the first paint

        if self._intake is None and self.rooms is not None:
            self._intake = FloatingIntake(self._window, self._seat, self.rooms.map)
        if self._intake is not None:
            self._intake.open()

    def _role(self) -> Words:
        person = self._seat.desk.person
        return term("role", person.role) if person else "—"

    def search(self) -> None:
        assert self.finder is not None
        self.finder.open()

    def command_line(self) -> None:
        assert self.overlay is not None
        self.overlay.open()

    def next_case(self) -> None:
        if self.rooms is not None:
            self.rooms.list_view.step(1)

    def previous_case(self) -> None:
        if self.rooms is not None:
            self.rooms.list_view.step(-1)

    def let_in(self) -> None:
        if self.rooms is not None:
            self.rooms.let_in()

    def to_queue(self) -> None:
        if self.rooms is not None:
            self.rooms.inbox.leave()
        self.to_list()

    def to_list(self) -> None:
        """Moves the keyboard focus to the list in front: the needs-you list, or the seat's cases."""
        if self.rooms is not None and not self.rooms.inbox.take_focus():
            self.rooms.list_view.setFocus()

    def to_map(self) -> None:
        if self.rooms is not None:
            self.rooms.inbox.leave()
            self._window.to_front("map")
            self.rooms.map.go_to_choice()

    def copy_number(self) -> None:
        case = self._chosen()
        if case is not None and case.number:
            QApplication.clipboard().setText(case.number)
            self._seat.tell(phrase("已复制 {number}", number=case.number))

    def why(self) -> None:
        if self.rooms is not None:
            self.rooms.toggle_why()

    def own_acts(self) -> None:
        if self.rooms is not None:
            self.rooms.open_lower("acts")

    def trend(self) -> None:
        if self.rooms is not None:
            self.rooms.open_lower("trend")

    async def going(self) -> None:
        """Opens the connection panel in the lower dock, or as a dialog at a seat without one."""
        if self.rooms is not None and not self.rooms.open_lower("going"):
            await show_panel(self._window, phrase("状况"), self._connection_panel())

    def inbox(self, cmd_id: str | None = None) -> None:
        """Opens the needs-you room, or leaves it when it is open and no act is named."""
        if self.rooms is not None:
            inbox = self.rooms.inbox
            inbox.leave() if inbox.is_open and cmd_id is None else inbox.open(cmd_id)

    def theme(self) -> None:
        worn = "light" if theme.current().name == "dark" else "dark"
        theme.apply_theme(_app(), worn)
        self._keep("theme", worn)

    def language(self) -> None:
        said = "en" if spoken() == "zh" else "zh"
        speak(said)
        self._keep("language", said)

    def density(self) -> None:
        now = self._settings["density"]
        self._keep("density", "compact" if now == "comfortable" else "comfortable")
        self._dense()

    def restore_layout(self) -> None:
        if self.rooms is not None:
            self.rooms.restore_layout()

    def full_screen(self) -> None:
        self._window.showNormal() if self._window.isFullScreen() else self._window.showFullScreen()

    async def keys(self) -> None:
        assert self.actions is not None
        await show_keys(self._window, self.actions)

    async def about(self) -> None:
        await show_about(self._window)

    def menu(self) -> None:
        assert self.actions is not None
        menu = self.actions.menu()
        button = self._window.topbar.menu
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _has_docks(self) -> bool:
        return self.rooms is None or self.rooms.has_docks

    def _keep(self, setting: str, value: str) -> None:
        trouble = self._settings.put(setting, value)
        if trouble is not None:
            self._seat.tell(setting_not_saved(trouble), "warn")

    def _dense(self) -> None:
        if self.rooms is not None:
            self.rooms.set_row_height(ROWS[self._settings["density"]])

    def _light(self, case: Case) -> str:
        return self._seat.clock.standing(case).light

    def _chosen(self) -> Case | None:
        key = self._seat.focus.case
        found = self._seat.desk.board.find("case", key) if key else None
        return found if isinstance(found, Case) else None

    def _found(self, case: Case) -> None:
        """Chooses a case of the board; an ended case is not on the board, and only a toast names it."""
        if self._seat.desk.board.find("case", case.id) is not None:
            self._seat.focus.choose(case.id, by="search")
        else:
            self._seat.tell(phrase("{number} 已归档，不在板上", number=case.number or ""), "warn")


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


async def show_panel(window: Window, title: Words, panel: QWidget) -> None:
    """Shows `panel` as a dialog until it is closed."""
    sheet = dialogs.Sheet(window, title=title, width=PANEL[0])
    panel.setFixedHeight(PANEL[1])
    sheet.content.addWidget(panel)
    sheet.add_answer(phrase("关闭"), sheet.accept, key="Esc", role="primary")
    await dialogs.run_dialog(sheet)
