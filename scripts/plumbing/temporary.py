"""Temporary folders for large files: what killed runs left behind is found again by its name."""
import contextlib
import fcntl
import os
import pathlib
import shutil
import tempfile


@contextlib.contextmanager
def temporary_folder(parent, prefix):
    """A folder in `parent`, called `prefix` and more, which is gone afterwards; left-overs of that name go before.

    Each run holds a lock on its folder: one that nobody holds is a left-over.
    """
    for old in pathlib.Path(parent).glob(f"{prefix}.*/"):
        with contextlib.suppress(BlockingIOError), lock(old):
            shutil.rmtree(old)
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{prefix}.", dir=parent))
    try:
        with lock(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def lock(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
