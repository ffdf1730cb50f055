"""A signal without Qt: who wants to hear connects, and disconnects in a mirrored line."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    """Calls its listeners in the order in which they came; a listener may leave while it is called."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], None]] = []

    def connect(self, listener: Callable[[T], None]) -> None:
        """From now on `listener` hears."""
        self._listeners.append(listener)

    def disconnect(self, listener: Callable[[T], None]) -> None:
        """It hears no more; ValueError when it did not."""
        self._listeners.remove(listener)

    def emit(self, value: T) -> None:
        """Tell everybody."""
        for listener in tuple(self._listeners):
            listener(value)
