"""Turns the log of the embedded platform's start into text for the screen."""

import re

from ui.kit.texts.words import Words, phrase

_CASES = re.compile(r"^([\d,]+) of ([\d,]+) cases\b")


def progress_text(line: str) -> Words:
    """Returns the text for a log line: how many cases are generated, or else how long the start takes."""
    made = _CASES.match(line)
    if made is None:
        return phrase("第一次要生成演示区，约一分钟")
    return phrase("正在生成演示区，{done} / {total} 件", done=made[1], total=made[2])
