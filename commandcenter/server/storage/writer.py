"""The single writer: a thread that runs queued jobs in order, each in a savepoint, and commits them in batches."""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
_log = logging.getLogger(__name__)
_BATCH_MOST = 64  # maximum jobs in one commit


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    done: "Future[Any]"


@dataclass(slots=True)
class WriterStats:
    """What the writer has done since it started, for the metrics."""

    jobs: int = 0
    failed: int = 0
    commits: int = 0
    busy_seconds: float = 0.0


class WriterClosed(RuntimeError):
    """Raised when the writer takes no more jobs, or ended before it did this one."""


@dataclass(slots=True)
class Writer:
    """The thread that writes to the database; every job is committed or rolled back as a whole.

    In that thread, `after_commit(connection)` runs after each batch, even one that could not be committed, and
    `on_death(error)` when an error ends the thread.
    """

    engine: Engine
    after_commit: Callable[[Connection], None] = lambda connection: None
    on_death: Callable[[BaseException], None] = lambda error: None
    tally: WriterStats = field(default_factory=WriterStats)
    _queue: "queue.SimpleQueue[_Job | None]" = field(default_factory=queue.SimpleQueue)
    _at_work: list[_Job] = field(default_factory=list)
    _thread: threading.Thread | None = None
    _closed: bool = False

    def start(self) -> None:
        """Starts the thread."""
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finishes the queued jobs, then ends the thread."""
        self._closed = True
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queues `work`; the future holds its result once that is on disk, or the error of the job or its commit.

        Raises WriterClosed when the writer takes no more jobs.
        """
        if self._closed:
            raise WriterClosed("the platform is closing")
        job = _Job(work, Future())
        self._queue.put(job)
        return job.done

    async def do(self, work: Callable[[Connection], T]) -> T:
        """Awaits the result of `submit(work)`; cancelling the caller does not cancel the work."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(work)))

    def waiting(self) -> int:
        """Returns the number of queued jobs."""
        return self._queue.qsize()

    def _run(self) -> None:
        try:
            with self.engine.connect() as connection:
                while (job := self._queue.get()) is not None:
                    self._at_work = self._batch(job)
                    self._together(connection, self._at_work)
        except BaseException as error:
            self._closed = True
            self._refuse_rest(error)
            self.on_death(error)

    def _batch(self, first: _Job) -> list[_Job]:
        jobs = [first]
        while len(jobs) < _BATCH_MOST:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._queue.put(None)
                break
            jobs.append(job)
        return jobs

    def _together(self, connection: Connection, jobs: list[_Job]) -> None:
        began = time.perf_counter()
        answers: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            with connection.begin():
                answers = [(job, *_in_savepoint(connection, job)) for job in jobs]
            self.tally.commits += 1
        except Exception as failure:  # the commit failed: nothing of the batch is on disk
            _log.error("nothing could be written: %s", failure)
            answers = [(job, None, failure) for job in jobs]
        self._count(jobs, answers, time.perf_counter() - began)
        for job, value, error in answers:
            _settle(job, value, error)
        self._publish(connection)

    def _publish(self, connection: Connection) -> None:
        try:
            self.after_commit(connection)
        except Exception:
            _log.exception("what was written could not be published")
        finally:
            connection.rollback()

    def _count(self, jobs: list[_Job], answers: list[tuple[_Job, Any, BaseException | None]], seconds: float) -> None:
        self.tally.jobs += len(jobs)
        self.tally.failed += sum(error is not None for _, _, error in answers)
        self.tally.busy_seconds += seconds

    def _refuse_rest(self, error: BaseException) -> None:
        waiting = list(self._at_work)
        while not self._queue.empty():
            waiting += filter(None, (self._queue.get(),))
        for job in waiting:
            if not job.done.done():
                _settle(job, None, WriterClosed(f"the writer ended: {error}"))


class InlineWriter(Writer):
    """A writer without a thread: each job is run, committed and published at once, for simulations in virtual time."""

    def start(self) -> None:
        """Opens the connection."""
        self._connection = self.engine.connect()

    def stop(self) -> None:
        """Closes the connection."""
        self._closed = True
        self._connection.close()

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Runs and commits `work` before it returns; raises WriterClosed when the writer is closed."""
        if self._closed:
            raise WriterClosed("the platform is closing")
        job = _Job(work, Future())
        self._together(self._connection, [job])
        return job.done

    async def do(self, work: Callable[[Connection], T]) -> T:
        """Returns the result of `submit(work)`."""
        return self.submit(work).result()


def _in_savepoint(connection: Connection, job: _Job) -> tuple[Any, BaseException | None]:
    connection.exec_driver_sql("SAVEPOINT job")
    try:
        value = job.work(connection)
    except Exception as error:
        connection.exec_driver_sql("ROLLBACK TO job")
        connection.exec_driver_sql("RELEASE job")
        return None, error
    connection.exec_driver_sql("RELEASE job")
    return value, None


def _settle(job: _Job, value: Any, error: BaseException | None) -> None:
    if not job.done.set_running_or_notify_cancel():
        return
    if error is None:
        job.done.set_result(value)
    else:
        job.done.set_exception(error)
