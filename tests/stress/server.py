"""The embedded server of a bench as a process that can be started, killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from .client import Client

STARTING_SECONDS = 30


class Server:
    """`bench serve` on one port for its whole life, so that clients find it again after a kill.

    Use as a context manager. `program` is Python text to run in place of the `bench` command's own.
    """

    def __init__(self, bench, program: str | None = None):
        self.bench = bench
        self.program = program
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = bench.root / "serve.log"
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_exc) -> None:
        self.stop()

    def start(self) -> None:
        with self.log.open("a") as out:
            self.process = self.popen("serve", "--port", str(self.port), stdout=out, stderr=out)
        deadline = time.monotonic() + STARTING_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"the server ended: {self.log.read_text()[-4000:]}"
            try:
                Client(self.url).get("/api/method/ping")
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not answer in time")

    def popen(self, *args: str, **kwargs) -> subprocess.Popen:
        if not self.program:
            return self.bench.popen(*args, **kwargs)
        command = [sys.executable, "-c", self.program, "--site", self.bench.site_path.name, *args]
        return subprocess.Popen(command, cwd=self.bench.root, **kwargs)

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nobody is told."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def administrator(self, password: str = "admin") -> Client:
        client = Client(self.url)
        assert client.login("Administrator", password).status == 200
        return client

    def database(self) -> sqlite3.Connection:
        """The site's file, read only: for what HTTP does not show."""
        (path,) = Path(self.bench.site_path, "db").glob("*.db")
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)


def without_clock(bench):
    """The bench with its scheduled jobs paused: all that is written is written by requests."""
    bench.run("set-config", "pause_scheduler", "1")
    return bench


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
