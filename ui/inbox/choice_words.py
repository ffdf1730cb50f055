"""What each choice for a waiting act would do, or why it is refused, in words."""

from __future__ import annotations

from collections.abc import Sequence

from commandcenter.domain.cases import Case
from commandcenter.domain.decisions import Refused
from commandcenter.domain.facts import Fact
from commandcenter.domain.records import Record
from commandcenter.store.overlay import Act
from commandcenter.sync.outcome import ALREADY_DONE
from commandcenter.sync.versions import Reason, Versions
from ui.inbox.words import Wording, kind_words, why
from ui.kit.texts.words import Words, phrase, term


class ChoiceWords:
    """The sentences beside the buttons, in terms of `wording`."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def again(self, seen: Versions) -> Words:
        """Returns what giving the act again would do, or why it is refused."""
        if isinstance(seen.again, Refused):
            return self._not_again(seen)
        what, kind = self._would(seen, seen.again), kind_words(seen)
        would = phrase("{what}，作为新的一步按现在的{kind}送出", what=what, kind=kind)
        said = self._with_stage(seen, would)
        return phrase("{said}{behind}。", said=said, behind=self._behind(seen.behind, phrase("按序跟着送出")))

    def adopted(self, seen: Versions) -> Words:
        """Returns what adopting the act would do, or why it is refused."""
        if isinstance(seen.adopt, Refused):
            return self._not_adopted(seen, seen.adopt.code)
        who, what = self._wording.owner(seen.act), self._would(seen, seen.adopt)
        would = phrase("代{who}{what}，按现在的{kind}送出，两个人都记名", who=who, what=what, kind=kind_words(seen))
        said = self._with_stage(seen, would)
        count = sum(act.user == seen.act.user for act in seen.behind)
        behind = phrase("；排在后面的 {n} 步一并代办", n=count) if count else ""
        return phrase("{said}{behind}；原来那一条不再送出。", said=said, behind=behind)

    def dropped(self, seen: Versions) -> Words:
        """Returns what dropping the act would do, or why it is refused."""
        if seen.drop is not None:
            is_other = seen.drop.code == "other_user"
            return phrase("只有本人能放弃。") if is_other else phrase("{said}。", said=why(seen.drop.code))
        if seen.act.on_behalf_of is not None and seen.act.code != ALREADY_DONE:
            return phrase("不再代办，退回给{who}，等本人决定。", who=self._wording.owner(seen.act))
        if seen.theirs is None:
            stays: Words = phrase("你的这一步不送出，记录里留一笔")
        elif not isinstance(seen.theirs, Case):
            stays = phrase("{kind}保持现在的样子；你的这一步不送出，记录里留一笔", kind=kind_words(seen))
        else:
            holder = self._wording.value("responsible", seen.theirs.responsible)
            stays = phrase(
                "案件保持现在的样子（{stage}，承办：{holder}）；你的这一步不送出，记录里留一笔",
                stage=self._stage(seen.theirs),
                holder=holder,
            )
        free = [act for act in seen.behind if act.code != Reason.GIVEN_BACK]  # those given back need an explicit choice
        return phrase("{said}{behind}。", said=stays, behind=self._behind(free, phrase("仍合规的照送，其余再来问你")))

    def _not_again(self, seen: Versions) -> Words:
        assert isinstance(seen.again, Refused)
        if seen.again.code == "held":
            return phrase("要先处理它前面的那一步。")
        if seen.again.code == "other_user":
            return phrase("只有本人能再做。")
        now = self._stage(seen.theirs)
        said = phrase("现在不能再做：{why}", why=why(seen.again.code))
        return phrase("{said}（案件现在：{stage}）。", said=said, stage=now) if now else phrase("{said}。", said=said)

    def _not_adopted(self, seen: Versions, code: str) -> Words:
        if code == "held":
            return phrase("要先处理它前面的那一步。")
        if code == "may_not_adopt":
            return phrase("只有管到{who}的值班长能代办。", who=self._wording.owner(seen.act))
        return phrase("现在不能代办：{why}。", why=why(code))

    def _would(self, seen: Versions, facts: Sequence[Fact]) -> Words:
        return self._wording.fact(facts[-1]) if facts else term("command", seen.act.name)

    def _with_stage(self, seen: Versions, said: Words) -> Words:
        """Adds the change of stage that the act would make, if any."""
        now, then = self._stage(seen.theirs), self._stage(seen.mine)
        if not str(then) or str(now) == str(then):
            return said
        return phrase("{said}；环节由{before}转为{after}", said=said, before=now, after=then)

    def _behind(self, acts: Sequence[Act], then: Words) -> Words:
        return phrase("；排在后面的 {n} 步{then}", n=len(acts), then=then) if acts else ""

    def _stage(self, record: Record | None) -> Words:
        return term("stage", record.stage) if isinstance(record, Case) else ""
