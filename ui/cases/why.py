"""The explanation of a deadline 为什么是这个期限 as lines: which spans of time counted and which did not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from commandcenter.domain.deadlines import Deadline, Step, StepKind
from ui.kit.texts import times
from ui.kit.texts.words import Words, phrase, say

MOST = 9  # lines; beyond it the middle ones are folded into one
HEAD, FOOT = 4, 3


@dataclass(frozen=True, slots=True)
class WhyLine:
    """A label, a span as text and an amount; `strong` for the due moment, `faint` for skipped and folded spans."""

    label: Words
    words: str
    amount: str
    strong: bool = False
    faint: bool = False


def why_lines(deadline: Deadline, zone: tzinfo, day: int) -> list[WhyLine]:
    """Returns the lines from filing to the due moment, at most MOST, with times in `zone`.

    `day`: the seconds that a day counts for.
    """
    whole = times.shared((step.seconds for step in deadline.steps), 1)
    steps = [replace(step, seconds=seconds) for step, seconds in zip(deadline.steps, whole, strict=True)]
    total = sum(whole)
    lines = [_beginning(steps, zone)]
    if steps and steps[0].kind is StepKind.SKIPPED:
        del steps[0]
    lines += [_counted(step, zone) if step.kind is StepKind.COUNTED else _skipped(step, zone) for step in steps]
    amount = times.span(total, day=day)
    lines.append(WhyLine(phrase("期限"), _at(deadline.due, zone, weekday=True), amount, strong=True))
    return _folded(lines, steps, day)


def _beginning(steps: list[Step], zone: tzinfo) -> WhyLine:
    filed = steps[0].since
    if steps[0].kind is StepKind.COUNTED:
        return WhyLine(phrase("起算"), say("{at}  立案", at=_at(filed, zone, seconds=True)), "")
    begins = steps[1].since if len(steps) > 1 else steps[0].until
    said = say("{at}  立案 {filed} 在休息时间，顺延", at=_at(begins, zone), filed=_at(filed, zone, seconds=True))
    return WhyLine(phrase("起算"), said, "")


def _counted(step: Step, zone: tzinfo) -> WhyLine:
    return WhyLine(phrase("计入"), _span(step, zone), times.span(step.seconds))


def _skipped(step: Step, zone: tzinfo) -> WhyLine:
    return WhyLine(phrase("不计"), f"{_span(step, zone)}  {_reason(step, zone)}", times.UNKNOWN, faint=True)


def _folded(lines: list[WhyLine], steps: list[Step], day: int) -> list[WhyLine]:
    if len(lines) <= MOST:
        return lines
    hidden = steps[HEAD - 1 : len(steps) - FOOT + 1]
    counted = sum(step.seconds for step in hidden)
    between = WhyLine("…", say("其间 {n} 段", n=len(hidden)), times.span(counted, day=day), faint=True)
    return [*lines[:HEAD], between, *lines[-FOOT:]]


def _span(step: Step, zone: tzinfo) -> str:
    since, until = step.since.astimezone(zone), step.until.astimezone(zone)
    end = f"{until:%H:%M}" if since.date() == until.date() else f"{until:%m-%d %H:%M}"
    return f"{since:%m-%d %H:%M} – {end}"


def _reason(step: Step, zone: tzinfo) -> str:
    since, until = step.since.astimezone(zone), step.until.astimezone(zone)
    if since.date() == until.date():
        return say("午休")
    days = (until.date() - since.date()).days
    weekend = any((since + timedelta(days=n)).weekday() >= 5 for n in range(days + 1))
    return say("周末") if weekend else say("夜间")


def _at(moment: datetime, zone: tzinfo, *, seconds: bool = False, weekday: bool = False) -> str:
    here = moment.astimezone(zone)
    day = f"{here:%m-%d} {times.weekday(here.date())}" if weekday else f"{here:%m-%d}"
    return f"{day} {here:%H:%M:%S}" if seconds or weekday else f"{day} {here:%H:%M}"
