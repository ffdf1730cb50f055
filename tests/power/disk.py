"""A disk that forgets what was not flushed: an SQLite VFS shim that records the writes a power cut may lose.

It needs no privileges: it is registered in this process as SQLite's default VFS, with functions of its own for
writing, truncating, flushing and deleting. A sector of 512 bytes is written whole or not at all; sectors reach the disk
in any order; created and deleted names reach it in their order; a flushed file is there with its name.
"""

import _sqlite3
import ctypes
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECTOR = 512
NAME = b"forgetful"
_LIKELY = (0.0, 0.0, 0.3, 0.7, 1.0)  # possible shares of unflushed sectors that reached the disk all the same
_P = ctypes.c_void_p
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, _P, ctypes.c_int, _P)  # SQLite keeps the memory of the name
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _P, _P, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _P, ctypes.c_int)


class _Vfs(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int) for name in ("version", "file_size", "longest_path")),
        *(("next", _P), ("name", ctypes.c_char_p), ("data", _P), ("open", _P), ("delete", _P)),
        ("others", _P * 14),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        *((name, _P) for name in ("close", "read", "write", "truncate", "sync")),
        ("others", _P * 13),
    )


class Unsupported(RuntimeError):
    """This Python's SQLite does not accept a VFS from outside."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A write of `data` at `offset`; with None the file is truncated there."""

    offset: int
    data: bytes | None


@dataclass(slots=True)
class _File:
    """A file's durable content and the changes after it, in order."""

    flushed: bytes
    pending: list[_Written] = field(default_factory=list)

    def now(self) -> bytes:
        """Returns the content as programs see it."""
        return _with(self.flushed, self.pending)

    def flush(self) -> None:
        """Makes all changes durable."""
        self.flushed, self.pending = self.now(), []

    def left(self, chance: random.Random, likely: float) -> bytes:
        """Returns the content after a power cut; each sector not flushed is there with the probability `likely`."""
        reached = [part for one in self.pending for part in _sectors(one) if chance.random() < likely]
        return _with(self.flushed, reached)


class Disk:
    """The files under `root`; `on_change(name)` is called after each write, truncation, flush and deletion."""

    def __init__(self, root: Path, on_change: Callable[[str], None] = lambda name: None) -> None:
        self.root = str(root.resolve())
        self.on_change = on_change
        self._files: dict[str, _File] = {}
        self._names: dict[str, _File] = {}  # durable names
        self._renamed: list[tuple[str, _File | None]] = []  # later: created, or deleted (None)

    def left(self, folder: Path, chance: random.Random) -> dict[Path, bytes]:
        """Returns, by path, what a power cut now leaves of the databases in `folder` and below."""
        within, likely = f"{folder.resolve()}{os.sep}", chance.choice(_LIKELY)
        reached = self._renamed[: chance.randint(0, len(self._renamed))]
        names: dict[str, _File | None] = dict(self._names) | dict(reached)
        kept = sorted((name, file) for name, file in names.items() if file is not None and name.startswith(within))
        return {Path(name): file.left(chance, likely) for name, file in kept}

    def put_back(self, folder: Path, left: dict[Path, bytes]) -> None:
        """Replaces the databases in `folder`, which must be closed, by what was `left` of them."""
        within = f"{folder.resolve()}{os.sep}"
        for name in [name for name in {**self._names, **self._files} if name.startswith(within)]:
            self._names.pop(name, None)
            self._files.pop(name, None)
            Path(name).unlink(missing_ok=True)
            Path(f"{name}-shm").unlink(missing_ok=True)
        self._renamed = [(name, file) for name, file in self._renamed if not name.startswith(within)]
        for file, content in left.items():
            file.write_bytes(content)

    def opens(self, name: str, *, is_new: bool) -> _File:
        """Records that a file is opened; returns its state."""
        known = self._files.get(name)
        content = b"" if is_new else Path(name).read_bytes()
        if known is not None and not is_new and known.now() == content:
            return known
        file = self._files[name] = _File(content)
        if is_new:
            self._renamed.append((name, file))
        else:  # it existed before, or was written by other means than SQLite
            self._certain(name, file)
        return file

    def flushes(self, name: str, file: _File) -> None:
        """Records that a file and its name are durable; a new WAL or journal makes all names of its folder durable."""
        file.flush()
        is_made = any(one is file for _, one in self._renamed)
        self._certain(name, file)
        if is_made and name.endswith(("-wal", "-journal")):
            self._flush_names(os.path.dirname(name))

    def deletes(self, name: str, *, is_flushed: bool) -> None:
        """Records that a file is deleted; `is_flushed`: its folder is flushed too."""
        self._files.pop(name, None)
        self._renamed.append((name, None))
        if is_flushed:
            self._flush_names(os.path.dirname(name))

    def _flush_names(self, folder: str) -> None:
        for name, file in self._renamed:
            if os.path.dirname(name) != folder:
                continue
            if file is None:
                self._names.pop(name, None)
            else:
                self._names[name] = file
        self._renamed = [one for one in self._renamed if os.path.dirname(one[0]) != folder]

    def _certain(self, name: str, file: _File) -> None:
        self._renamed = [one for one in self._renamed if one[0] != name]
        self._names[name] = file


class _Under:
    """The VFS that SQLite calls, created once in the process; it holds the disks and the open files."""

    def __init__(self) -> None:
        self.disks: list[Disk] = []
        self._library = _library()
        self._library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        self._former = self._library.sqlite3_vfs_find(None)
        self._vfs = _Vfs.from_buffer_copy(self._former.contents)
        self._open, self._delete = _OPEN(self._vfs.open), _DELETE(self._vfs.delete)
        self._methods: dict[int, tuple[_Methods, Any]] = {}
        self._at: dict[int, tuple[Disk, str, _File]] = {}
        self._callbacks = (_OPEN(self._opened), _DELETE(self._deleted))  # kept alive while SQLite may call them
        self._vfs.name, self._vfs.next = NAME, None
        self._vfs.open, self._vfs.delete = (ctypes.cast(one, _P) for one in self._callbacks)

    def stand(self, yes: bool) -> None:
        """Makes it the default VFS for connections opened from now on, or restores the former one."""
        if yes:
            self._library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1)
        else:
            self._library.sqlite3_vfs_unregister(ctypes.byref(self._vfs))
            self._library.sqlite3_vfs_register(self._former, 1)

    def _opened(self, vfs: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        path = os.fsdecode(ctypes.string_at(name)) if name else ""
        disk = self._disk_of(path)
        is_new = disk is not None and not Path(path).exists()
        code = self._open(ctypes.cast(self._former, _P), name, file, flags, out)
        if code == 0 and disk is not None:
            self._at[file] = (disk, path, disk.opens(path, is_new=is_new))
            pointer = ctypes.cast(file, ctypes.POINTER(_P))
            pointer[0] = ctypes.addressof(self._noting(pointer[0]))
        return int(code)

    def _deleted(self, vfs: int, name: int, is_flushed: int) -> int:
        path = os.fsdecode(ctypes.string_at(name))
        disk = self._disk_of(path)
        code = self._delete(ctypes.cast(self._former, _P), name, is_flushed)
        if code == 0 and disk is not None:
            disk.deletes(path, is_flushed=bool(is_flushed))
            disk.on_change(path)
        return int(code)

    def _disk_of(self, path: str) -> Disk | None:
        return next((disk for disk in self.disks if path.startswith(disk.root + os.sep)), None)

    def _noting(self, real: int) -> _Methods:
        """Returns the method table at the address `real` with functions that record changes."""
        if real not in self._methods:
            methods = _Methods.from_buffer_copy(_Methods.from_address(real))
            write, cut, flush = _WRITE(methods.write), _TRUNCATE(methods.truncate), _SYNC(methods.sync)

            def writes(file: int, data: int, length: int, offset: int) -> int:
                code = write(file, data, length, offset)
                return self._noted(file, code, _Written(offset, ctypes.string_at(data, length)))

            def truncates(file: int, length: int) -> int:
                return self._noted(file, cut(file, length), _Written(length, None))

            def syncs(file: int, flags: int) -> int:
                return self._noted(file, flush(file, flags), None)

            callbacks = (_WRITE(writes), _TRUNCATE(truncates), _SYNC(syncs))
            methods.write, methods.truncate, methods.sync = (ctypes.cast(one, _P) for one in callbacks)
            self._methods[real] = (methods, callbacks)
        return self._methods[real][0]

    def _noted(self, file: int, code: int, written: _Written | None) -> int:
        disk, name, known = self._at[file]
        if code == 0:
            if written is None:
                disk.flushes(name, known)
            else:
                known.pending.append(written)
            disk.on_change(name)
        return code


@contextmanager
def forgetful(root: Path, on_change: Callable[[str], None] = lambda name: None) -> Iterator[Disk]:
    """Yields a disk that carries every database under `root` opened in this block. Raises Unsupported."""
    under = _under()
    disk = Disk(root, on_change)
    under.disks.append(disk)
    under.stand(True)
    try:
        yield disk
    finally:
        under.stand(False)
        under.disks.remove(disk)


_made: list[_Under] = []


def _under() -> _Under:
    if not _made:
        _made.append(_Under())
    return _made[0]


def _library() -> ctypes.CDLL:
    """Returns the SQLite library that Python's sqlite3 module uses."""
    for name in (_sqlite3.__file__, "sqlite3.dll"):
        try:
            library = ctypes.CDLL(name)
            library.sqlite3_libversion.restype = ctypes.c_char_p
            if library.sqlite3_libversion().decode() == sqlite3.sqlite_version:
                library.sqlite3_vfs_register.argtypes = (_P, ctypes.c_int)
                library.sqlite3_vfs_unregister.argtypes = (_P,)
                return library
        except (AttributeError, OSError):
            continue
    raise Unsupported("nothing can be put under this Python's SQLite")


def _with(content: bytes, changes: list[_Written]) -> bytes:
    if not changes:
        return content
    made = bytearray(content)
    for one in changes:
        if one.data is None:
            del made[one.offset :]
            made.extend(b"\0" * (one.offset - len(made)))
            continue
        made.extend(b"\0" * (one.offset - len(made)))
        made[one.offset : one.offset + len(one.data)] = one.data
    return bytes(made)


def _sectors(one: _Written) -> list[_Written]:
    """Splits a write at sector boundaries."""
    if one.data is None:
        return [one]
    starts = [one.offset, *range((one.offset // SECTOR + 1) * SECTOR, one.offset + len(one.data), SECTOR)]
    ends = [*starts[1:], one.offset + len(one.data)]
    return [_Written(at, one.data[at - one.offset : end - one.offset]) for at, end in zip(starts, ends, strict=True)]


def is_whole(file: Path) -> bool:
    """Returns whether SQLite's integrity check finds the database undamaged."""
    with closing(sqlite3.connect(file)) as database:
        try:
            return bool(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)])
        except sqlite3.DatabaseError:
            return False
