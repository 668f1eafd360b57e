"""A throw-away bench with one site, driven as its users drive it: by commands, as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SITE = "test.localhost"
BENCH = Path(sys.executable).parent / "bench"


def elsewhere() -> dict[str, str]:
    """The environment without what would point `bench` at another folder than the one it runs in."""
    return {key: value for key, value in os.environ.items() if key not in ("SITES_PATH", "FRAPPE_BENCH_ROOT")}


class Bench:
    """A folder with `sites/`; runs the `bench` command in it as a process of its own."""

    def __init__(self, root: Path):
        self.root = root

    @property
    def site_path(self) -> Path:
        return self.root / "sites" / SITE

    def popen(self, *args: str, **kwargs) -> subprocess.Popen:
        kwargs = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **kwargs}
        return subprocess.Popen([str(BENCH), "--site", SITE, *args], cwd=self.root, env=elsewhere(), **kwargs)

    def run(self, *args: str, check: bool = True) -> subprocess.CompletedProcess:
        process = self.popen(*args)
        out, err = process.communicate(timeout=600)
        if check and process.returncode:
            raise AssertionError(f"bench {' '.join(args)} exited {process.returncode}\n{out}\n{err}")
        return subprocess.CompletedProcess(args, process.returncode, out, err)

    def execute(self, method: str, **kwargs):
        """Call a dotted method on the site and return its JSON answer (None where it prints nothing)."""
        out = self.run("execute", method, "--kwargs", repr(kwargs)).stdout.strip()
        return json.loads(out.splitlines()[-1]) if out else None
