"""A small model hub over HTTP: what the real client asks of the real one, and faults on purpose."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

LARGE_BYTES = 1000
"""From here on a file is named by its sha256, as the hub does for what it keeps outside of git."""


@dataclass
class Repository:
    """Args:
    card: the model card's data, as the hub reads it from README.md.
    """

    files: dict[str, bytes]
    card: dict[str, str] = field(default_factory=dict)
    gated: bool = False

    @property
    def commit(self) -> str:
        return hashlib.sha1(repr(sorted(self.files.items())).encode()).hexdigest()


@dataclass
class FakeHub:
    """Args:
    stalls_after: the bytes of a body after which the hub sends nothing more, and keeps the line open.
    spoils: files that arrive with their first byte changed.
    asked: (method, path, Range) of every request.
    """

    repositories: dict[str, Repository]
    stalls_after: int | None = None
    spoils: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    stalled: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def fetched(self) -> list[tuple[str, str]]:
        """(path, Range) of the files whose bytes were asked for."""
        return [(path.partition("/resolve/")[2].partition("/")[2], range_) for verb, path, range_ in self.asked
                if verb == "GET" and "/resolve/" in path]  # fmt: skip

    @contextmanager
    def open(self) -> Iterator["FakeHub"]:
        hub = self

        class Requests(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                _answer(hub, self)

            def do_GET(self) -> None:
                _answer(hub, self)

            def log_message(self, *args: object) -> None:
                """Silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            self.closed.set()
            server.shutdown()
            thread.join()
            server.server_close()


def _answer(hub: FakeHub, request: BaseHTTPRequestHandler) -> None:
    path = unquote(urlsplit(request.path).path)
    hub.asked.append((request.command, path, request.headers.get("Range", "")))
    for id_, repository in hub.repositories.items():
        if repository.gated and id_ in path:
            return _say(request, 403, {"error": "gated"}, {"X-Error-Code": "GatedRepo"})
        if path in (f"/api/models/{id_}", *(f"/api/models/{id_}/revision/{name}" for name in _names(repository))):
            return _say(request, 200, _info(id_, repository))
        if path == f"/api/models/{id_}/tree/{repository.commit}":
            return _say(request, 200, _tree(repository))
        if path.startswith(f"/api/models/{id_}/revision/"):
            return _say(request, 404, {"error": "no revision"}, {"X-Error-Code": "RevisionNotFound"})
        prefix = f"/{id_}/resolve/{repository.commit}/"
        if path.startswith(prefix) and path.removeprefix(prefix) in repository.files:
            return _send(hub, request, repository, path.removeprefix(prefix))
    return _say(request, 404, {"error": "no such repository"}, {"X-Error-Code": "RepoNotFound"})


def _names(repository: Repository) -> tuple[str, ...]:
    return ("main", repository.commit)


def _info(id_: str, repository: Repository) -> object:
    siblings = []
    for path, data in repository.files.items():
        lfs = {"lfs": {"sha256": _digest(data), "size": len(data), "pointerSize": 130}}
        siblings.append({"rfilename": path, "size": len(data), "blobId": _git(data)} | (lfs if _large(data) else {}))
    return {"id": id_, "modelId": id_, "sha": repository.commit, "siblings": siblings, "cardData": repository.card}


def _tree(repository: Repository) -> object:
    entries = []
    for path, data in repository.files.items():
        lfs = {"lfs": {"oid": _digest(data), "size": len(data), "pointerSize": 130}} if _large(data) else {}
        entries.append({"type": "file", "path": path, "size": len(data), "oid": _git(data)} | lfs)
    return entries


def _send(hub: FakeHub, request: BaseHTTPRequestHandler, repository: Repository, path: str) -> None:
    data = repository.files[path]
    begin = int(request.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
    request.send_response(206 if "Range" in request.headers else 200)
    request.send_header("ETag", f'"{_digest(data)}"')
    request.send_header("X-Repo-Commit", repository.commit)
    request.send_header("Content-Length", str(len(data) - begin))
    request.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
    request.end_headers()
    if request.command == "HEAD":
        return
    body = (bytes([data[0] ^ 1]) + data[1:] if path in hub.spoils else data)[begin:]
    if hub.stalls_after is not None and len(body) > hub.stalls_after:
        request.wfile.write(body[: hub.stalls_after])
        hub.stalled.set()
        hub.closed.wait()
        return
    request.wfile.write(body)


def _say(
    request: BaseHTTPRequestHandler, status: int, content: object, headers: Mapping[str, str] | None = None
) -> None:
    body = json.dumps(content).encode()
    request.send_response(status)
    for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)


def _large(data: bytes) -> bool:
    return len(data) >= LARGE_BYTES


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if _large(data) else _git(data)


def _git(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
