"""A thing that is made when it is first needed."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """Calling it returns the thing, made by `make` at the first call; iterating yields it only if it was made."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: list[T] = []

    def __call__(self) -> T:
        if not self._made:
            self._made.append(self._make())
        return self._made[0]

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._made))

    def forget(self) -> None:
        """Lets the thing go; the next call makes another."""
        self._made.clear()
