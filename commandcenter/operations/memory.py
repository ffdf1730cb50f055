"""Makes the C library return freed memory to the system, for a process that runs for weeks."""

import ctypes
import sys

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
_LARGE = 1 << 20  # bytes


def return_freed_memory() -> None:
    """Makes every large block a mapping of its own, which ends when it is freed; does nothing without glibc.

    By default glibc raises its threshold to the size of the largest block freed so far. After one password hash, which
    takes 19 MiB, each thread that hashes would keep as much for ever.
    """
    if sys.platform.startswith("linux") and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
