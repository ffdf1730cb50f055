"""Virtual time: an event loop whose clock jumps to the next timer, and tasks that belong to a simulated process."""

import asyncio
import contextvars
import selectors
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

STUCK = 20.0  # real seconds that a thread may take without a signal
TICK = 1e-6  # seconds; duration of each turn of the loop, so that time always moves
OWNER: contextvars.ContextVar["Owner | None"] = contextvars.ContextVar("owner", default=None)


class Standstill(RuntimeError):
    """Raised when every task waits and no timer is due: the schedule would never end."""


class Owner:
    """The tasks of one simulated process: a console's process ends with all its tasks, while the platform's go on."""

    def __init__(self) -> None:
        self.is_dead = False
        self.tasks: dict[asyncio.Task[Any], None] = {}

    def run(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Starts `work` as a task of this owner."""
        context = contextvars.copy_context()
        context.run(OWNER.set, self)
        return asyncio.get_running_loop().create_task(work, context=context)

    async def kill(self) -> None:
        """Cancels all tasks, as `kill -9` ends a process."""
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
    """An event loop without sockets and waiting; `time()` is virtual seconds since the loop was created."""

    def __init__(self) -> None:
        super().__init__(_NoSockets(self))
        self.now = 0.0
        self.set_task_factory(_owned)

    def time(self) -> float:
        return self.now

    def _write_to_self(self) -> None:
        """Does nothing: the loop never sleeps, so nothing has to wake it."""


class Threaded(Jumping):
    """A virtual loop with real threads: while one is at work time stands still, and the loop waits for its signal."""

    def __init__(self) -> None:
        super().__init__()
        self.word = threading.Event()
        self.at_work = 0
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="reader")
        self.set_default_executor(self._pool)

    def begun(self) -> None:
        """Records that a thread was given work."""
        self.at_work += 1

    def ended(self, *_: object) -> None:
        """Records that a thread has done its work; must be called in the loop's thread."""
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
    """Runs `work` in a new loop (or in `loop`) and returns its result; closes the loop.

    `threads`: work given to threads runs in real threads.
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
