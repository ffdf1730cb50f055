"""The newest cursor token of each district: shown in a hello, it lets a platform detect that it was set back."""

from collections.abc import Iterable, Sequence

from commandcenter.cache.log_position import KnownLogPosition
from commandcenter.cache.mirror import MirrorPosition
from commandcenter.protocol.messages import Result


class KnownCursorTokens:
    """The cursor tokens that platforms gave, across sign-ins; `kept` is what the journal holds of them."""

    def __init__(self, kept: Iterable[KnownLogPosition]) -> None:
        self._newest = {place.district: place for place in kept}
        self._written = dict(self._newest)
        self._lineage = {district: place.lineage for district, place in self._newest.items()}

    def newest(self, district: str) -> str | None:
        """Returns the token to show to the platform of `district`, or None."""
        place = self._newest.get(district)
        return None if place is None else place.token

    def heard(self, district: str, lineage: str) -> None:
        """Records that the platform `lineage` answers for `district`; a token of another platform is discarded."""
        if self._lineage.get(district) != lineage:
            self._newest.pop(district, None)
            self._lineage[district] = lineage

    def learn(self, district: str, epoch: int, seq: int, token: str | None) -> None:
        """Keeps `token` for `epoch`:`seq` if it is newer; it is of the platform that was last heard for `district`."""
        known = self._newest.get(district)
        is_newer = known is None or (epoch, seq) > (known.epoch, known.seq)
        if token and token.isascii() and token.isprintable() and is_newer:  # must fit into a header
            self._newest[district] = KnownLogPosition(district, self._lineage.get(district, ""), epoch, seq, token)

    def reached(self, at: MirrorPosition) -> None:
        """Keeps the token of the board's position `at`."""
        self.learn(at.district, at.epoch, at.seq, at.cursor_token)

    def learn_from(self, results: Sequence[Result], district: str, epoch: int) -> None:
        """Keeps the tokens that come with the results of commands."""
        for result in results:
            self.learn(district, epoch, result.seq or 0, result.cursor_token)

    def unwritten(self) -> tuple[KnownLogPosition, ...]:
        """Returns the places that the journal does not hold yet."""
        return tuple(place for district, place in self._newest.items() if self._written.get(district) != place)

    def wrote(self, places: Iterable[KnownLogPosition]) -> None:
        """Records that the journal holds `places` now."""
        self._written.update((place.district, place) for place in places)
