"""The contract suite checks itself: on a server that answers `200 {}` to everything, every case fails."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]


class Hollow(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = answer

    def log_message(self, *args):
        pass


def test_every_case_fails_on_a_hollow_server(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hollow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    report = tmp_path / "report.xml"
    contract = {
        "CONTRACT_URL": f"http://127.0.0.1:{server.server_port}",
        "CONTRACT_PASSWORD": "x",
        "CONTRACT_UNSEEDED": "1",
    }
    try:
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "tests/contract",
                "--tb=no",
                "-p",
                "no:cacheprovider",
                f"--junitxml={report}",
            ],
            cwd=ROOT,
            env={**os.environ, **contract},
            stdout=subprocess.DEVNULL,
            timeout=300,
        )
    finally:
        server.shutdown()
    cases = list(ElementTree.parse(report).iter("testcase"))
    toothless = [case.get("name") for case in cases if case.find("failure") is None]
    assert len(cases) >= 150
    assert toothless == []
