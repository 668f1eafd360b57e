"""Whether a worker lives: it holds a lock on a file, which the operating system ends with the process."""

import os
import socket
import uuid
from contextlib import suppress

_FOLDER = "workers"


class Lease:
    """Life sign of one worker on the sites of a bench: a locked file named like the worker."""

    def __init__(self, sites_path: str):
        from filelock import FileLock

        folder = os.path.join(os.path.abspath(sites_path), _FOLDER)
        os.makedirs(folder, exist_ok=True)
        self.worker = f"{socket.gethostname()}.{os.getpid()}.{uuid.uuid4().hex}"
        self.path = os.path.join(folder, self.worker)
        # Locked before it can be seen: else another process might take it for a dead worker's and remove it.
        unseen = os.path.join(folder, f".{self.worker}")
        self._lock = FileLock(unseen, thread_local=False)
        self._lock.acquire(timeout=0)
        os.rename(unseen, self.path)

    def end(self) -> None:
        """Give the sign back."""
        self._lock.release()
        with suppress(FileNotFoundError):
            os.remove(self.path)


def is_alive(sites_path: str, worker: str) -> bool:
    """Whether the worker's file is locked. The file of a dead one is removed."""
    from filelock import FileLock, Timeout

    path = os.path.join(os.path.abspath(sites_path), _FOLDER, worker)
    if not os.path.exists(path):
        return False
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    with suppress(FileNotFoundError):
        os.remove(path)
    return False


def living(sites_path: str) -> list[str]:
    """Names of all workers that live."""
    folder = os.path.join(os.path.abspath(sites_path), _FOLDER)
    if not os.path.isdir(folder):
        return []
    names = (name for name in os.listdir(folder) if not name.startswith("."))
    return sorted(worker for worker in names if is_alive(sites_path, worker))
