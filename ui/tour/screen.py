"""Reads what the window shows, by named places, for the tour."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from ui.actions.keysheet import KeyRows, KeySheet
from ui.attention.listing import AttentionList
from ui.cases.why_box import WhyBox
from ui.charts.carried_bars import CarriedBars
from ui.drill.panel import DrillPanel
from ui.handover.room import HandoverRoom
from ui.inbox.table import FieldTable
from ui.intake.panel import IntakePanel
from ui.kit.dialogs import Sheet
from ui.leads.bodies_panel import ChoiceBox
from ui.leads.side import LeadsSide
from ui.signin.panel import SignInCard
from ui.status.panel import ConnectionPanel
from ui.teams.proposals import ProposalBox
from ui.teams.side import TeamsSide
from ui.workspaces.dispatch.workspace import DispatchWorkspace
from ui.workspaces.unit.workspace import UnitWorkspace

if TYPE_CHECKING:
    from ui.app.console import Console
    from ui.app.console_application import ConsoleApplication

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)


class Screen:
    """Reads a window; a place that is not shown has no text."""

    def __init__(self, opening: "ConsoleApplication") -> None:
        self._opening = opening
        self._places: dict[str, Callable[[], str]] = {
            "signin": lambda: self._shown(SignInCard),
            "signin.password.error": lambda: self._find(SignInCard).form.field("password").error(),
            "status": lambda: " ".join(segment.text() for segment in self._console().status.segments),
            "banner": lambda: _words(self._console().banner),
            "intake": lambda: self._shown(IntakePanel),
            "intake.kind": lambda: getattr(self._find(IntakePanel).form.kind.kind, "name", ""),
            "intake.findings": lambda: " ".join(card.case for card in self._find(IntakePanel).findings.cards()),
            "queue.chosen": self._queue_chosen,
            "queue.vacancy": self._vacancy,
            "map.chosen": self._map_chosen,
            "map.drawn": lambda: "drawn" if self._console().map.is_drawn else "",
            "finder": self._finder,
            "case": lambda: _words(self._dispatch().case),
            "case.why": lambda: self._find(WhyBox).accessibleName() or "shown",
            "command": self._command,
            "dialog": self._dialog,
            "keys": lambda: " ".join(rows.accessibleName() for rows in self._find(KeySheet).findChildren(KeyRows)),
            "inbox": lambda: _words(self._workspace(UnitWorkspace).unit),
            "versions": lambda: self._shown(FieldTable),
            "teams": lambda: self._shown(TeamsSide),
            "teams.proposal": lambda: _words(self._find(ProposalBox)),
            "leads": lambda: self._shown(LeadsSide),
            "leads.candidate": lambda: _words(self._find(ChoiceBox)),
            "attention": lambda: self._shown(AttentionList),
            "handover": lambda: self._shown(HandoverRoom),
            "carried": lambda: self._find(CarriedBars).accessibleName(),
            "map.coverage": lambda: "on" if self._console().map.view.header.is_on("coverage") else "",
            "trend": self._trend,
            "going": self._going,
            "drill": lambda: self._find(DrillPanel).text(),
        }

    def said(self, place: str) -> str:
        """Returns the text of a place; "" when it is not on the screen. KeyError for an unknown name."""
        read = self._places[place]
        try:
            return read()
        except (AssertionError, AttributeError):
            return ""

    def widget(self, place: str) -> QWidget:
        """Returns the field with a name.

        KeyError for an unknown name, AssertionError when the field is not on the screen.
        """
        fields: dict[str, Callable[[], QWidget]] = {
            "signin.user": lambda: self._find(SignInCard).user,
            "signin.password": lambda: self._find(SignInCard).password,
            "intake.place": lambda: self._find(IntakePanel).form.where.search.edit,
            "intake.text": lambda: self._find(IntakePanel).form.text,
        }
        return fields[place]()

    def _console(self) -> "Console":
        return self._opening.console

    def _workspace(self, kind: type[T]) -> T:
        found = self._console().workspace
        assert isinstance(found, kind)
        return found

    def _dispatch(self) -> DispatchWorkspace:
        return self._workspace(DispatchWorkspace)

    def _find(self, kind: type[W]) -> W:
        found = next((one for one in self._opening.window.findChildren(kind) if one.isVisible()), None)
        assert found is not None
        return found

    def _shown(self, kind: type[QWidget]) -> str:
        return _words(self._find(kind)) or kind.__name__

    def _queue_chosen(self) -> str:
        queue = self._dispatch().queue
        return queue.model.key_at(queue.view.currentIndex().row()) or ""

    def _vacancy(self) -> str:
        queue = self._dispatch().queue
        return _words(queue) if not len(queue.model.slots_shown) else ""

    def _map_chosen(self) -> str:
        chosen = self._console().map.chosen_slot
        return self._console().seat.desk.board.cases.ids[chosen] if chosen is not None else ""

    def _finder(self) -> str:
        finder = self._console().actions.popups.finder
        current = finder.list.current()
        return current.text if current and finder.isVisible() else ""

    def _command(self) -> str:
        overlay = self._console().actions.popups.overlay
        return f"{overlay.sentence.text()} {overlay.notes.accessibleName()}" if overlay.isVisible() else ""

    def _dialog(self) -> str:
        sheets = [
            top for top in QApplication.topLevelWidgets() if isinstance(top, (Sheet, QDialog)) and top.isVisible()
        ]
        return " ".join(_words(sheet) or sheet.windowTitle() for sheet in sheets)

    def _trend(self) -> str:
        panel = self._dispatch().lower.panel("trend")
        day = getattr(panel, "day", None)
        return str(day.total) if day is not None else ""

    def _going(self) -> str:
        panel = self._dispatch().lower.panel("going")
        return panel.text() if isinstance(panel, ConnectionPanel) else ""


def _words(widget: QWidget | None) -> str:
    """Returns the text of all visible labels in a widget."""
    if widget is None or not widget.isVisible():
        return ""
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return " ".join(filter(None, labels))
