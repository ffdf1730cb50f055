"""A signal that does not need Qt: listeners connect, and disconnect with the mirrored call."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    """Calls its listeners in the order in which they connected; a listener may disconnect while it is called."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], object]] = []

    def connect(self, listener: Callable[[T], object]) -> None:
        """Adds `listener`."""
        self._listeners.append(listener)

    def disconnect(self, listener: Callable[[T], object]) -> None:
        """Removes `listener`; raises ValueError when it is not connected."""
        self._listeners.remove(listener)

    def emit(self, value: T) -> None:
        """Calls every listener with `value`."""
        for listener in tuple(self._listeners):
            listener(value)
