"""The tool in a header that moves what is below it to a window of its own, or back."""

from ui.kit.controls.buttons import IconButton
from ui.kit.texts.words import phrase

KEY = "Ctrl+Shift+M"


class WindowTool(IconButton):
    """Shows what a press does now; the owner does it."""

    def __init__(self) -> None:
        super().__init__("external-link", phrase("移到单独窗口"), key=KEY)

    def show_out(self, out: bool) -> None:
        """Shows that what is below stands in a window of its own, or does not."""
        self.set_image("minimize" if out else "external-link")
        self.set_tip(phrase("收回窗口") if out else phrase("移到单独窗口"))
