"""Servers on this machine that keep what they are sent: an SMTP server and an HTTP server."""

import socketserver
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SmtpSink(socketserver.ThreadingTCPServer):
    """`mails`: (sender, recipients, bytes). Recipients in `refuses` get a 550; `delay` is in seconds."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.refuses: set[str] = set()
        self.sessions = 0
        self.delay = 0
        super().__init__(("127.0.0.1", 0), _SmtpSession)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def recipients(self) -> list[str]:
        return sorted(address for _sender, to, _message in self.mails for address in to)


class _SmtpSession(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.sessions += 1
        self.answer("220 sink")
        sender, recipients = "", []
        while line := self.rfile.readline():
            verb, _space, rest = line.decode().strip().partition(" ")
            verb = verb.upper()
            if verb == "MAIL":
                sender = _address(rest)
                self.answer("250 ok")
            elif verb == "RCPT":
                address = _address(rest)
                refused = address in self.server.refuses
                if not refused:
                    recipients.append(address)
                self.answer("550 no such user" if refused else "250 ok")
            elif verb == "DATA":
                self.answer("354 go on")
                self.server.mails.append((sender, recipients, self.message()))
                sender, recipients = "", []
                time.sleep(self.server.delay)
                self.answer("250 ok")
            elif verb == "RSET":
                sender, recipients = "", []
                self.answer("250 ok")
            elif verb == "QUIT":
                self.answer("221 bye")
                return
            else:
                self.answer("250 ok")

    def message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def answer(self, text):
        self.wfile.write(f"{text}\r\n".encode())


def _address(text) -> str:
    return text[text.index("<") + 1 : text.index(">")]


class HttpSink(ThreadingHTTPServer):
    """`requests`: (method, path, headers, body). Answers the statuses of `answers` in turn, then 200."""

    daemon_threads = True

    def __init__(self):
        self.requests: list[tuple[str, str, dict, bytes]] = []
        self.answers: list[int] = []
        super().__init__(("127.0.0.1", 0), _HttpRequest)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _HttpRequest(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests.append((self.command, self.path, dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()
        self.wfile.write(b'{"seen": true}')

    do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def running(server):
    """Serve in a thread while the block runs."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
