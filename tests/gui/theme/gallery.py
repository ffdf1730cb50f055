"""Every control in every state on one page, to be judged beside the design: python -m tests.gui.theme.gallery."""

import argparse
import sys
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QAction, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.kit.case_parts.timeline import Timeline, TimelineEntry, TimelineModel
from ui.kit.controls.buttons import IconButton, KeyButton, NextStep
from ui.kit.controls.switches import CountTabs, Segments, Switch
from ui.kit.feedback.states import Banner, Skeleton, StateCard
from ui.kit.feedback.toasts import Toasts
from ui.kit.forms.form import Form
from ui.kit.labels.chips import Chip, FilterChip, Glyph, LimitBar
from ui.kit.labels.facts import Fact, Facts
from ui.kit.labels.label import Label, line
from ui.kit.panels.headers import DockHeader
from ui.kit.search.candidates import Candidate
from ui.kit.search.search_list import SearchList
from ui.kit.texts.words import speak, term
from ui.theme import apply_theme, colour, mark, paint
from ui.theme.current_theme import current

NOW = datetime(2026, 11, 24, 7, 24, 30, tzinfo=UTC)


class Swatches(QWidget):
    """The token table."""

    def __init__(self, names: str) -> None:
        super().__init__()
        self._names = names.split()
        self.setFixedHeight(58)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide = self.width() / len(self._names)
        for place, name in enumerate(self._names):
            box = QRectF(place * wide, 0, wide - 8, 26)
            painter.fillRect(box, current().colours()[name])
            paint.words(painter, QRectF(box.left(), 28, wide, 16), name, token="tx3", size=11)
            paint.words(painter, QRectF(box.left(), 42, wide, 16), current().colours()[name], token="tx3", size=11)
        painter.end()


class Rows(QWidget):
    """The queue's rows as a delegate paints them, in each state."""

    ROWS = (
        ("overdue", "超 1:12:40", "00203", "暴露垃圾", "铜陵南路 98 号院东门", "处置中", "默认"),
        ("soon", "0:14:08", "00275", "无照经营游商", "地铁高王站 B 口", "处置中", "悬停"),
        ("soon", "0:02:22", "00421", "道路积水", "望江东路与宁国路口东北侧", "已立案", "选中"),
        ("on_time", "1:04:33", "00416", "食品安全", "葛大店路 40 号餐饮店", "处置中", "焦点"),
        ("paused", "挂账 已停", "00154", "架空线缆损坏", "机场路 21 号门前", "挂账中", "停钟"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(28 * len(self.ROWS))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, row in enumerate(self.ROWS):
            self._paint_row(painter, QRect(0, place * 28, self.width(), 28), row)
        painter.end()

    def _paint_row(self, painter: QPainter, rect: QRect, row: tuple[str, ...]) -> None:
        light, left, number, kind, place, stage, state = row
        ground = {"悬停": "hover", "选中": "sel"}.get(state, "bg1")
        painter.fillRect(rect, colour(ground))
        paint.hairline(painter, 0, rect.bottom(), rect.width(), rect.bottom())
        if state == "选中":
            painter.fillRect(QRect(0, rect.top(), 3, 28), colour("ac"))
        if state == "焦点":
            painter.fillRect(QRect(0, rect.top(), rect.width(), 2), colour("ac"))
            painter.fillRect(QRect(0, rect.bottom() - 1, rect.width(), 2), colour("ac"))
        paint.glyph(painter, QPointF(18, rect.center().y() + 1), f"light.{light}")
        right = Qt.AlignmentFlag.AlignRight
        tone = paint.LIGHT_TIME[light]
        paint.words(painter, QRect(30, rect.top(), 72, 28), left, token=tone, align=right)
        paint.words(painter, QRect(114, rect.top(), 60, 28), number)
        paint.words(painter, QRect(182, rect.top(), 120, 28), kind)
        paint.words(painter, QRect(306, rect.top(), 400, 28), place)
        paint.words(painter, QRect(rect.width() - 154, rect.top(), 80, 28), stage)
        paint.words(painter, QRect(rect.width() - 64, rect.top(), 60, 28), state, token="tx2")


class Shapes(QWidget):
    """Lights and delivery in colour and in grey."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(176)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, light in enumerate(("on_time", "soon", "overdue", "paused", "needs_you", "none")):
            x = 8 + place * 128
            paint.glyph(painter, QPointF(x, 14), f"light.{light}", size=16)
            said = str(term("light", light))
            paint.words(painter, QRect(x + 16, 4, 100, 20), said, token=paint.LIGHT_TEXT[light], bold=True)
            paint.glyph(painter, QPointF(8 + place * 32, 44), f"light.{light}", size=14, shade=colour("tx3"))
        for place, word in enumerate(("kept", "sent", "done", "needs_you")):
            x = 8 + place * 90
            paint.glyph(painter, QPointF(x, 104), f"delivery.{word}")
            paint.words(painter, QRect(x + 12, 94, 76, 20), str(term("delivery", word)), token="tx2", size=12)
        painter.end()


def _hover(widget: QWidget) -> QWidget:
    """Pretend the pointer is over it."""
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    QApplication.sendEvent(widget, QEnterEvent(QPointF(3, 3), QPointF(3, 3), QPointF(3, 3)))
    return widget


def _row(*widgets: QWidget, gap: int = 14) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(3, 3, 3, 3)
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    return box


def _buttons(role: str, words: str, key: str) -> QWidget:
    plain, hovered, pressed, off = (KeyButton(words, key=key, role=role) for _ in range(4))
    pressed.setDown(True)
    off.disable("须先反馈")
    return _row(plain, _hover(hovered), pressed, off)


def _fields() -> QWidget:
    plain, hovered, wrong, off = (QLineEdit() for _ in range(4))
    for edit, hint in ((plain, "地址"), (hovered, "地址"), (off, "由点位得出")):
        edit.setPlaceholderText(hint)
        edit.setFixedWidth(130)
    wrong.setText("退回理由")
    wrong.setFixedWidth(130)
    mark(wrong, state="error")
    off.setEnabled(False)
    combo = QComboBox()
    combo.addItems(["全部街镇", "芜湖路街道"])
    spin = QSpinBox()
    spin.setFixedWidth(70)
    return _row(plain, _hover(hovered), wrong, off, combo, spin)


def _choices() -> QWidget:
    on = Switch("开")
    on.setChecked(True)
    return _row(Switch("关"), on)


def _chips() -> QWidget:
    kinds = (("普通", "plain", ""), ("已立案", "stage", ""), ("按时", "ok", "light.on_time"))
    kinds += (("将超期", "warn", "light.soon"), ("超期", "bad", "light.overdue"), ("需处理", "vio", "light.needs_you"))
    kinds += (("已存", "filter", "delivery.kept"),)
    filtered = FilterChip("街镇", "芜湖路")
    filtered.setChecked(True)
    chips = [Chip(text, kind=kind, shape=shape) for text, kind, shape in kinds]
    return _row(*chips, FilterChip("小类", "全部"), filtered, gap=8)


def _tabs() -> CountTabs:
    tabs = CountTabs()
    tabs.add("mine", "本席", count=58)
    tabs.add("all", "全部在办", count=512)
    tabs.add("late", "超期", count=22, tone="bad")
    return tabs


def _left() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setSpacing(6)
    column.addWidget(Swatches("bg0 bg1 bg2 bg3 hover sel ln1 ln2 ln3 acf ac tx1"))
    column.addWidget(Swatches("tx2 tx3 okg warng badg viog ok warn bad vio okb warnb"))
    column.addWidget(_buttons("primary", "派遣", "P"))
    column.addWidget(_buttons("secondary", "挂账", "G"))
    column.addWidget(_buttons("danger", "作废", ""))
    text, link, small = (
        KeyButton("放弃草稿", role="text"),
        KeyButton("打开", role="link", key="O"),
        KeyButton("紧凑", role="row"),
    )
    layers = IconButton("layers", "图层")
    option = KeyButton("道路积水", key="1", role="option")
    option.setCheckable(True)
    option.setChecked(True)
    seat, seat2 = KeyButton("签收", key="Q", role="seat-primary"), KeyButton("退回", key="T", role="seat")
    column.addWidget(_row(text, link, small, layers, IconButton("copy", "复制"), option, seat, seat2))
    for part in (_fields(), _choices(), _chips(), Shapes()):
        column.addWidget(part)
    table = mark(QFrame(), surface="card")
    inside = QVBoxLayout(table)
    inside.setContentsMargins(1, 1, 1, 1)
    inside.setSpacing(0)
    inside.addWidget(_tabs())
    inside.addWidget(line(strong=True))
    inside.addWidget(Rows())
    column.addWidget(table)
    bars = [
        LimitBar(share=share, light=light) for share, light in ((0.62, "on_time"), (0.88, "soon"), (1.2, "overdue"))
    ]
    segments = Segments([("s", "按街镇"), ("p", "按职权"), ("t", "超阈值")])
    segments.choose("s")
    progress = QProgressBar()
    progress.setRange(0, 100)
    progress.setValue(38)
    progress.setTextVisible(False)
    progress.setFixedWidth(160)
    column.addWidget(_panel(_row(*bars)))
    column.addWidget(_row(segments, progress))
    column.addStretch(1)
    return page


def _case() -> QWidget:
    panel = mark(QFrame(), surface="bg1")
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 12)
    header = DockHeader("案件", note="另有 1 人打开：受理席 03 王*")
    column.addWidget(header)
    inner = QVBoxLayout()
    inner.setContentsMargins(14, 8, 14, 0)
    inner.setSpacing(8)
    column.addLayout(inner)
    inner.addWidget(
        _row(
            Glyph("light.soon", size=15),
            Label("道路积水", level="title"),
            Chip("已立案", kind="stage"),
            Chip("回退 1 次", kind="vio"),
        )
    )
    facts = Facts()
    facts.show_facts(
        [
            Fact("地点", "望江东路与宁国路口东北侧，非机动车道"),
            Fact("网格", "芜湖路街道 · 太湖新村社区 · 第 07 网格 · A 类区域", tone="tx2"),
            Fact(
                "诉求",
                "路口非机动车道积水约 10 米长，没过脚踝，放学时段学生绕行机动车道，要求尽快抽排。<b>不是粗体</b>",
            ),
        ]
    )
    inner.addWidget(facts)
    inner.addWidget(line())
    model = TimelineModel()
    happened = (
        "12345 转办，要求 11-25 12:00 前办结",
        "受理，附现场照片 2 张",
        "立案，A 类区域 4 工作时",
        "签收",
        "派遣至城管二队",
    )
    model.show_entries(
        [
            TimelineEntry(
                NOW + timedelta(minutes=14 * i), w, "李* 07 席", "ac" if i == 4 else "tx2", "kept" if i == 4 else ""
            )
            for i, w in enumerate(happened)
        ],
        zone=UTC,
    )
    timeline = Timeline(model)
    timeline.setFixedHeight(128)
    inner.addWidget(timeline)
    grid = QGridLayout()
    grid.setSpacing(8)
    for i, (words, key) in enumerate(
        (
            ("派遣", "P"),
            ("主协办", "Z"),
            ("延期", "Y"),
            ("挂账", "G"),
            ("上报", "S"),
            ("并案", "B"),
            ("作废", "V"),
            ("更多", "."),
        )
    ):
        grid.addWidget(KeyButton(words, key=key, role="primary" if i == 0 else "secondary", spread=True), i // 4, i % 4)
    inner.addLayout(grid)
    return panel


def _middle() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setSpacing(10)
    column.addWidget(_case())
    form = Form()
    search = SearchList(hint="路名、拼音或首字母")
    form.add("text", "诉求", QLineEdit(), required=True)
    words = QPlainTextEdit("路口积水有十来米，水没过脚踝。")
    words.setFixedHeight(56)
    form.add("more", "补充", words, hint="承办单位可见")
    form.add("address", "地址", search)
    search.set_text("wjdl ngl")
    form.check()
    panel = _panel(form)
    panel.layout().setContentsMargins(14, 12, 14, 104)
    column.addWidget(panel)
    page.search = search
    column.addStretch(1)
    for level, said in (
        ("figure", "431"),
        ("title", "18 标题"),
        ("section", "15 小节"),
        ("body", "13 正文：望江东路与宁国路口"),
        ("label", "12 次要"),
        ("note", "11 注记"),
    ):
        column.addWidget(Label(said, level=level))
    return page


def _panel(inner: QWidget) -> QWidget:
    panel = mark(QFrame(), surface="bg1")
    box = QVBoxLayout(panel)
    box.setContentsMargins(0, 4, 0, 4)
    box.addWidget(inner)
    return panel


def _right() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setSpacing(10)
    steps = [NextStep("清除筛选", lambda: None, "Esc"), NextStep("改筛选", lambda: None, "L")]
    wrong = [NextStep("改派 三队 1.1 km", lambda: None, "1", "primary"), NextStep("看推荐", lambda: None, "R")]
    for kind, title, text, image, choices in (
        ("empty", "这个筛选下没有案件", "“包公街道 · 超期 · 网格员”，全部在办仍有 512 件。", "list-filter", steps),
        ("error", "没有派出：二队 15:41:58 已离岗", "00421 仍为已立案，派遣环节余 0:02:22。", "circle-alert", wrong),
    ):
        frame = mark(QFrame(), surface="card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(DockHeader("队列", note=title))
        card = StateCard()
        card.tell(kind, title, text, image=image, steps=choices)
        inside.addWidget(card)
        column.addWidget(frame)
    skeleton = Skeleton(rows=4)
    skeleton.tell("正在取首个快照 318 / 512 件，约 1 秒")
    skeleton.setFixedHeight(150)
    column.addWidget(_panel(skeleton))
    menu = QMenu()
    for words, key in (("派遣…", "P"), ("催办", "U"), ("挂账…", "G")):
        menu.addAction(QAction(words, menu, shortcut=key))
    off = menu.addAction("结案（须先反馈）")
    off.setEnabled(False)
    menu.addSeparator()
    ticked = menu.addAction("显示已结案")
    ticked.setCheckable(True)
    ticked.setChecked(True)
    menu.setActiveAction(menu.actions()[1])
    menu.setWindowFlags(Qt.WindowType.Widget)
    menu.setFixedSize(menu.sizeHint())
    column.addWidget(menu)
    column.addStretch(1)
    return page


def gallery() -> QWidget:
    """The whole page, 1920 × 1080."""
    page = mark(QWidget(), surface="bg0")
    page.resize(1920, 1080)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    banner = Banner()
    banner.tell(
        "离线工作中",
        "15:49:02 起断开，已 9 分 39 秒。登记、派遣、催办照常，先存本机。",
        note="12 秒后第 7 次重连",
        steps=[NextStep("立即重连", lambda: None, "Ctrl+R")],
    )
    column.addWidget(banner)
    row = QHBoxLayout()
    column.addLayout(row)
    left, middle, right = _left(), _middle(), _right()
    row.addWidget(left, 5)
    row.addWidget(middle, 3)
    row.addWidget(right, 3)
    page.toasts = Toasts(page)
    page.toasts.tell("00203 已催办，已生效", tone="ok", step=NextStep("撤销", lambda: None, "Ctrl+Z"))
    page.toasts.tell("00398 派遣环节超期 0:03:51", tone="bad", step=NextStep("催办", lambda: None, "U"))
    page.toasts.tell("00287 需处理", tone="vio", step=NextStep("打开", lambda: None, "I"))
    page.middle = middle
    return page


OFFERS = [
    Candidate("望江东路与宁国路口", aside="芜湖路街道 · 第 07 网格", marks=((0, 4), (5, 8))),
    Candidate("望江东路宁国路公交站（北侧）", aside="芜湖路街道 · 第 07 网格", marks=((0, 7),)),
    Candidate("望江东路 88 号（近宁国路）", aside="包公街道 · 第 12 网格", marks=((0, 4),)),
]


def main(arguments: list[str]) -> int:
    """Save the page as a picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--theme", default="dark", choices=("dark", "light"))
    parser.add_argument("--lang", default="zh", choices=("zh", "en"))
    parser.add_argument("--out", required=True)
    asked = parser.parse_args(arguments)
    app = QApplication([])
    apply_theme(app, asked.theme)
    speak(asked.lang)
    page = gallery()
    page.show()
    page.activateWindow()
    app.processEvents()
    page.middle.search.edit.setFocus(Qt.FocusReason.TabFocusReason)
    page.middle.search.offer(OFFERS)
    app.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    app.processEvents()
    return 0 if page.grab().save(asked.out) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
