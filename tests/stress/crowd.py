"""Several clients at once, each a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]


class Crowd:
    """Clients that run for `seconds`, mortal ones until the server dies; `journals` holds what they heard.

    Whoever writes to one site twice takes another `prefix`.
    """

    def __init__(self, url: str, tokens, seconds: float, folder: Path, *, prefix="", mortal=False):
        self.journals = [folder / f"{prefix}{n}.jsonl" for n in range(len(tokens))]
        self.processes = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "stress.traffic",
                    url,
                    token,
                    f"{prefix}c{n}",
                    str(seconds),
                    str(journal),
                ]
                + ["mortal"] * mortal,
                cwd=TESTS,
            )
            for n, (token, journal) in enumerate(zip(tokens, self.journals, strict=True))
        ]

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_exc) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def wait_for_writes(self, number: int) -> None:
        """Until the clients have written so much together."""
        while sum(self.lines(journal) for journal in self.journals) < number:
            assert all(process.poll() is None for process in self.processes), "a client broke off"
            time.sleep(0.01)

    @staticmethod
    def lines(journal: Path) -> int:
        return journal.read_bytes().count(b"\n") if journal.exists() else 0

    def wait(self) -> None:
        for process in self.processes:
            process.wait()
            assert process.returncode == 0, "a client broke off"
