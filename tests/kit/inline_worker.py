"""A worker for simulations in virtual time."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class InlineWorker:
    """A worker without a thread of its own, which executes the work at once, for simulations in virtual time."""

    async def run(self, work: Callable[[], T]) -> T:
        """Executes `work` before it returns."""
        return work()

    def close(self) -> None:
        """Does nothing."""
