"""Fixtures for tests that cross folders: a throw-away bench with one site."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from benches import BENCH, SITE, Bench, elsewhere


@pytest.fixture(scope="session")
def bench_template(tmp_path_factory) -> Bench:
    """One bench with the app installed, made once; copy it, never change it."""
    root = tmp_path_factory.mktemp("bench")
    (root / "sites").mkdir()
    bench = Bench(root)
    subprocess.run(
        [str(BENCH), "new-site", SITE, "--admin-password", "admin"],
        cwd=root,
        env=elsewhere(),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    bench.run("install-app", "cadre_incentive")
    bench.run("set-config", "allow_tests", "true")
    return bench


@pytest.fixture
def bench(bench_template: Bench, tmp_path: Path) -> Bench:
    """A fresh copy of the template for one test."""
    shutil.copytree(bench_template.root / "sites", tmp_path / "sites")
    return Bench(tmp_path)
