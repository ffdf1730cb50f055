"""Draws what a style sheet cannot: the focus ring outside a control, ticks of menus, chevrons."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFocusFrame,
    QMenu,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionButton,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from ui.theme import icons
from ui.theme.current_theme import colour
from ui.theme.tokens import MEASURES

RING = 2  # pixels wide
GAP = 1  # pixels between control and ring


class DeskStyle(QProxyStyle):
    """Fusion, with the metrics, hints and primitives of this module."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        return _METRICS.get(metric) or super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        if hint in _HINTS:
            return _HINTS[hint]
        return super().styleHint(hint, option, widget, returnData)

    def standardIcon(
        self, kind: QStyle.StandardPixmap, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> QIcon:
        if kind == QStyle.StandardPixmap.SP_LineEditClearButton:
            return icons.icon("x", "tx2", 14)
        return super().standardIcon(kind, option, widget)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = _PRIMITIVES.get(element)
        if draw:
            draw(option, painter)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element != QStyle.ControlElement.CE_FocusFrame:
            super().drawControl(element, option, painter, widget)
        elif isinstance(widget, QFocusFrame) and widget.widget():
            _ring(painter, _ringed(widget, option.rect), _corner(widget.widget()))


class FocusRing(QObject):
    """Keeps one ring around the widget with the keyboard focus; a click on a button shows none."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._frame = QFocusFrame()
        app.focusChanged.connect(self._move)

    def _move(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is None or not _wants_ring(now):
            if isValid(self._frame):
                self._frame.setWidget(None)  # type: ignore[arg-type]
            return
        if not isValid(self._frame):  # deleted with the parent of a widget that it ringed
            self._frame = QFocusFrame()
        self._frame.setWidget(now)


def _wants_ring(widget: QWidget) -> bool:
    if widget.property("ring") is not None:
        return bool(widget.property("ring"))
    if isinstance(widget, (QAbstractItemView, QMenu)) or widget.isWindow():
        return False
    takes_text = widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    return takes_text or QApplication.mouseButtons() == Qt.MouseButton.NoButton


def _ringed(frame: QFocusFrame, rect: QRect) -> QRectF:
    """Returns the rectangle to ring: the current tab of a tab bar, else the whole control."""
    widget = frame.widget()
    if isinstance(widget, QTabBar):
        margin = RING + GAP
        return QRectF(widget.tabRect(widget.currentIndex()).translated(margin, margin)).adjusted(2, 5, -2, -5)
    return QRectF(rect)


def _corner(widget: QWidget) -> int:
    if isinstance(widget, QTabBar):
        return 0
    if widget.property("switch") is not None:
        return widget.height() // 2
    return MEASURES.chip_radius if widget.property("role") in {"key", "filter"} else MEASURES.radius


def _ring(painter: QPainter, rect: QRectF, corner: int) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("ac"), RING))
    round_by = corner + GAP + RING / 2 if corner else 0
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), round_by, round_by)
    painter.restore()


def _is_on(option: QStyleOption) -> bool:
    return bool(option.state & QStyle.StateFlag.State_Enabled)


def _stamp(painter: QPainter, rect: QRect, name: str, enabled: bool = True, tone: str = "tx2", size: int = 14) -> None:
    mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
    icons.icon(name, tone, size).paint(painter, rect, Qt.AlignmentFlag.AlignCenter, mode)


def _menu_tick(option: QStyleOption, painter: QPainter) -> None:
    if option.state & QStyle.StateFlag.State_On or not isinstance(option, QStyleOptionButton):
        _stamp(painter, option.rect, "check", _is_on(option), "ac")


def _nothing(option: QStyleOption, painter: QPainter) -> None:
    """The focus ring is drawn outside the control; nothing inside."""


_P = QStyle.PrimitiveElement
_PRIMITIVES: dict[QStyle.PrimitiveElement, Callable[[QStyleOption, QPainter], None]] = {
    _P.PE_FrameFocusRect: _nothing,
    _P.PE_IndicatorMenuCheckMark: _menu_tick,
    _P.PE_IndicatorArrowDown: lambda o, p: _stamp(p, o.rect, "chevron-down", _is_on(o)),
    _P.PE_IndicatorArrowUp: lambda o, p: _stamp(p, o.rect, "chevron-up", _is_on(o)),
    _P.PE_IndicatorArrowRight: lambda o, p: _stamp(p, o.rect, "chevron-right", _is_on(o)),
    _P.PE_IndicatorArrowLeft: lambda o, p: _stamp(p, o.rect, "chevron-left", _is_on(o)),
}
_M = QStyle.PixelMetric
_METRICS = {
    _M.PM_FocusFrameHMargin: RING + GAP,
    _M.PM_FocusFrameVMargin: RING + GAP,
    _M.PM_SmallIconSize: 16,
    _M.PM_ButtonIconSize: 16,
    _M.PM_SplitterWidth: 1,
    _M.PM_TextCursorWidth: 1,
}
_H = QStyle.StyleHint
_HINTS = {
    _H.SH_FocusFrame_AboveWidget: 1,
    _H.SH_FocusFrame_Mask: 0,
    _H.SH_EtchDisabledText: 0,
    _H.SH_DitherDisabledText: 0,
    _H.SH_ToolTip_WakeUpDelay: 300,
    _H.SH_ToolTipLabel_Opacity: 255,
    _H.SH_ItemView_ShowDecorationSelected: 1,
    _H.SH_UnderlineShortcut: 0,
    _H.SH_ComboBox_Popup: 0,
    _H.SH_DialogButtonBox_ButtonsHaveIcons: 0,
    _H.SH_Widget_Animate: 0,
}
