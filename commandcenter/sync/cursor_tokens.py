"""The newest cursor token of each district: shown in a hello, it lets a platform find out that it was set back."""

from collections.abc import Iterable, Sequence

from commandcenter.cache.log_place import LogPlace
from commandcenter.cache.mirror import MirrorPosition
from commandcenter.protocol.messages import Result


class KnownCursorTokens:
    """What the platforms said of their logs, whoever sat here; `kept` is what the journal holds of it."""

    def __init__(self, kept: Iterable[LogPlace]) -> None:
        self._newest = {place.district: place for place in kept}
        self._written = dict(self._newest)
        self._lineage = {district: place.lineage for district, place in self._newest.items()}

    def newest(self, district: str) -> str | None:
        """What to show to the platform of `district`."""
        place = self._newest.get(district)
        return None if place is None else place.token

    def heard(self, district: str, lineage: str) -> None:
        """The platform `lineage` answers for `district`: the tokens of another one are worth nothing to it."""
        if self._lineage.get(district) != lineage:
            self._newest.pop(district, None)
            self._lineage[district] = lineage

    def learn(self, district: str, epoch: int, seq: int, token: str | None) -> None:
        """The platform that was heard last gave `token` for `epoch`:`seq`."""
        known = self._newest.get(district)
        is_newer = known is None or (epoch, seq) > (known.epoch, known.seq)
        if token and token.isascii() and token.isprintable() and is_newer:  # whatever else it is, it fits into a header
            self._newest[district] = LogPlace(district, self._lineage.get(district, ""), epoch, seq, token)

    def reached(self, at: MirrorPosition) -> None:
        """The board is at `at`."""
        self.learn(at.district, at.epoch, at.seq, at.cursor_token)

    def learn_from(self, results: Sequence[Result], district: str, epoch: int) -> None:
        """The answers to commands name the places of their effects."""
        for result in results:
            self.learn(district, epoch, result.seq or 0, result.cursor_token)

    def unwritten(self) -> tuple[LogPlace, ...]:
        """What the journal does not hold yet."""
        return tuple(place for district, place in self._newest.items() if self._written.get(district) != place)

    def wrote(self, places: Iterable[LogPlace]) -> None:
        """The journal holds `places` now."""
        self._written.update((place.district, place) for place in places)
