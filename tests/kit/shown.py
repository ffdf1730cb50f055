"""What parts of a screen show, as one line of text."""

from ui.cases.case_head import CaseHead
from ui.cases.deadline_box import DeadlineBox
from ui.intake.where import PlaceBox
from ui.kit.labels.label import Label
from ui.unit.day import DayStrip


def shown(label: Label) -> str:
    """Returns the text of a label, "" while it is hidden."""
    return "" if label.isHidden() else label.text()


def head(case: CaseHead) -> str:
    """Returns title, chips and numbers of a case."""
    chips = [chip.accessibleName() for chip in (case._stage, case._returns, case._delivery) if not chip.isHidden()]
    return " ".join((case._title.text(), *chips, case._number.text(), case._class.text(), case._others.text()))


def clocks(box: DeadlineBox) -> str:
    """Returns the own limit's time left and due moment, the note shown without a limit, and the rule."""
    own = f"{box._own.time.text()} {box._own.until.text()}" if not box._own.time.isHidden() else ""
    return f"{own} {shown(box._none)} {box._basis.text()}"


def day(strip: DayStrip) -> str:
    """Returns the figures of a seat's day, then what is noted beside them."""
    labels = (*strip._figures.values(), *strip._notes.values())
    return " ".join(label.text() for label in labels if label.text())


def place(box: PlaceBox) -> str:
    """Returns street, community, grid and where they are known from."""
    chips = [chip.accessibleName() for chip in box._chips if not chip.isHidden()]
    return " ".join((box.street.currentText(), *chips, box._source.text()))
