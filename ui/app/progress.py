"""What the platform of this machine tells while it starts, in the words of the screen."""

import re

from ui.kit.words import Words, phrase

_CASES = re.compile(r"^([\d,]+) of ([\d,]+) cases\b")


def telling(line: str) -> Words:
    """A line of its log as a person reads it: how many cases are made; for any other that it takes a little."""
    made = _CASES.match(line)
    if made is None:
        return phrase("第一次要生成演示区，约一分钟")
    return phrase("正在生成演示区，{done} / {total} 件", done=made[1], total=made[2])
