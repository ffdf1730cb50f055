"""Cases at each stage, and what is seen of the panel that shows one."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain.cases import Application, Case, Stage, Tier
from tests.kit import hall
from ui.cases.case import CasePanel
from ui.kit.controls.buttons import KeyButton

UNIT = {"unit": "s03-urban", "street": "s03"}


def at_stage(stage: Stage, **more: object) -> Case:
    given = {"responsible": "s03-urban", "tier": Tier.STREET, "dispatched_at": hall.NOW - timedelta(minutes=50)}
    case = hall.case()
    if stage is Stage.RECEIVED:
        return replace(case, stage=stage, filed_at=None, due=None, green_until=None)
    if stage is Stage.FILED:
        return replace(case, **more)
    worked = {"accepted_at": hall.NOW - timedelta(minutes=40)} if stage is not Stage.DISPATCHED else {}
    done = {"reported_at": hall.NOW - timedelta(minutes=2), "finding": "已抽排"} if stage is Stage.REPORTED else {}
    return replace(case, stage=stage, **given, **worked, **done, **more)


APPLIED = Application("u12", "本队无抽排泵", hall.NOW - timedelta(minutes=9))


def the_sheet() -> QWidget:
    """The dialog that is open."""
    return next(
        widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget.inherits("QDialog")
    )


def answer_main() -> None:
    """Give the main answer of the dialog that is open."""
    next(button for button in the_sheet().findChildren(KeyButton) if button.property("role") == "primary").click()


def offered(panel: CasePanel) -> tuple[str, ...]:
    """The steps that can be given: that of the line, then those of the buttons."""
    return (*filter(None, (panel.line.step,)), *(one for one in panel._steps.offered() if one != panel.line.step))


def timeline(panel: CasePanel) -> list[str]:
    return [panel.course.model.index(row).data() for row in range(panel.course.model.rowCount())]
