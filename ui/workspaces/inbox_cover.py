"""The needs-you room 需处理 as a room of a workspace."""

from functools import partial

from commandcenter.domain.cases import Case
from ui.actions.context import UiContext
from ui.cases.words import fact_words
from ui.inbox.room import InboxRoom
from ui.kit.case_parts.clock import light_and_time
from ui.kit.texts.words import Words, phrase
from ui.window import Window
from ui.window.rail import RailRoom
from ui.workspaces.rooms import CoverRoom

INBOX = RailRoom("inbox", phrase("需处理"), "inbox")


def inbox_cover(window: Window, seat: UiContext) -> CoverRoom:
    """Returns the room; while it is in front, no toast tells of what it shows."""
    return CoverRoom(INBOX, partial(_inbox, window, seat))


def _inbox(window: Window, seat: UiContext) -> InboxRoom:
    room = InboxRoom(
        seat,
        follow=seat.follow,
        watch=seat.watch,
        tell=fact_words,
        left=partial(_time_left, seat),
        done=seat.tell_act,
        parent=window,
    )
    room.came.connect(lambda: seat.act_toasts.mute(True))
    room.gone.connect(lambda: seat.act_toasts.mute(False))
    return room


def _time_left(seat: UiContext, case: Case) -> Words:
    return light_and_time(seat.clock.standing(case), case, seat.clock.now)
