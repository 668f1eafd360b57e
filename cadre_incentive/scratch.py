"""Files in the making: in a folder beside their final place, which the next run sweeps where one was killed.

The folder `.<name>.<random>.part` is locked while its process lives, so that what nobody holds is a leftover.
"""

import fcntl
import glob
import os
import shutil
import tempfile

SUFFIX = ".part"


class Scratch:
    """A locked folder beside `target`, for one file and whatever is needed to make it.

    Making one sweeps the folders that killed runs for the same target have left. Use it as a context
    manager, or call `close()`.
    """

    def __init__(self, target: str):
        self.target = target
        sweep(target)
        self.folder, self._lock = _locked_folder(target)
        self.path = os.path.join(self.folder, os.path.basename(target))

    def finish(self) -> None:
        """Put the file that was made at `path` in its final place."""
        os.replace(self.path, self.target)

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.close()


def sweep(target: str) -> None:
    """Remove the folders of runs for `target` that are no more; those of living runs stay."""
    pattern = os.path.join(glob.escape(os.path.dirname(target)), glob.escape(_prefix(target)) + "*" + SUFFIX)
    for folder in glob.glob(pattern):
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _prefix(target: str) -> str:
    # A name may fill all that the file system allows; whose folder it is, the lock says.
    return f".{os.path.basename(target)[:40]}."


def _locked_folder(target: str) -> tuple[str, int]:
    # Another run may sweep the folder in the moment before it is locked: then it is made again.
    while True:
        folder = tempfile.mkdtemp(prefix=_prefix(target), suffix=SUFFIX, dir=os.path.dirname(target))
        lock = _lock(folder)
        if lock is not None and os.path.isdir(folder):
            return folder, lock
        if lock is not None:
            os.close(lock)


def _lock(folder: str) -> int | None:
    """Lock the folder and return its descriptor; None where another process holds it or it is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
