"""What a console has from its first paint on, before its profile is open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.app.extension import Network
from ui.app.host import Host
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from ui.app.arguments import StartOptions
    from ui.app.faults import Faults
    from ui.app.marks import Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The painted window and how the console was started; `leave` ends the program."""

    window: Window
    start: "StartOptions"
    settings: "Settings"
    faults: "Faults"
    marks: "Marks"
    host: Host
    network: Network
    leave: Callable[[], object]
