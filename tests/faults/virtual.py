"""Virtual time: an event loop whose clock jumps to the next thing that is due, and tasks that know whose they are."""

import asyncio
import contextvars
import selectors
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

STUCK = 20.0  # seconds, real ones, that a thread may be silent
TICK = 1e-6  # seconds that every turn of the loop takes: time always moves
OWNER: contextvars.ContextVar["Owner | None"] = contextvars.ContextVar("owner", default=None)


class Standstill(RuntimeError):
    """Everything waits and nothing is due: a schedule would never end."""


class Owner:
    """Whose tasks these are: a console's process ends with all of its tasks, the platform's go on."""

    def __init__(self) -> None:
        self.is_dead = False
        self.tasks: dict[asyncio.Task[Any], None] = {}

    def run(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Begin `work` as this owner's."""
        context = contextvars.copy_context()
        context.run(OWNER.set, self)
        return asyncio.get_running_loop().create_task(work, context=context)

    async def kill(self) -> None:
        """As by `kill -9`: no task of it gets any further."""
        self.is_dead = True
        me = asyncio.current_task()
        for _ in range(20):
            running = [task for task in self.tasks if not task.done() and task is not me]
            if not running:
                return
            for task in running:
                task.cancel()
            await asyncio.sleep(0)


class Jumping(asyncio.SelectorEventLoop):
    """No socket, no waiting: `time()` is virtual seconds since the loop began."""

    def __init__(self) -> None:
        super().__init__(_NoSockets(self))
        self.now = 0.0
        self.set_task_factory(_owned)

    def time(self) -> float:
        return self.now

    def _write_to_self(self) -> None:
        """Nobody sleeps that would have to be woken."""


class Threaded(Jumping):
    """The same with real threads: while one of them is at work time stands still, and the loop waits for its word."""

    def __init__(self) -> None:
        super().__init__()
        self.word = threading.Event()
        self.at_work = 0
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="reader")
        self.set_default_executor(self._pool)

    def begun(self) -> None:
        """A thread was given something to do."""
        self.at_work += 1

    def ended(self, *_: object) -> None:
        """It has done that; said in the loop's thread."""
        self.at_work -= 1

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> "asyncio.Future[Any]":
        self.begun()
        done: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        done.add_done_callback(self.ended, context=contextvars.Context())
        return done

    def close(self) -> None:
        self._pool.shutdown()
        super().close()

    def _write_to_self(self) -> None:
        self.word.set()


class _NoSockets(selectors.SelectSelector):
    def __init__(self, loop: Jumping) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if isinstance(self._loop, Threaded) and self._loop.at_work and timeout != 0:
            if not self._loop.word.wait(STUCK):
                raise Standstill
            self._loop.word.clear()
            return []
        if timeout is None:
            raise Standstill
        self._loop.now += max(timeout, 0.0) + TICK
        return []


def _owned(loop: asyncio.AbstractEventLoop, work: Any, **how: Any) -> "asyncio.Task[Any]":
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **how)
    context = how.get("context")
    owner = context.get(OWNER) if context is not None else OWNER.get()
    if owner is not None:
        owner.tasks[task] = None
        task.add_done_callback(lambda done: owner.tasks.pop(done, None), context=contextvars.Context())
    return task


def run(work: Coroutine[Any, Any, Any], *, threads: bool = False, loop: Jumping | None = None) -> Any:
    """What `work` gives, in a loop of its own (or in `loop`, which ends with it); `threads`: what it gives to threads
    is done in real ones.
    """
    loop = loop or (Threaded() if threads else Jumping())
    try:
        return loop.run_until_complete(work)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
