"""An authority that certifies operators, and one that stamps times over HTTP: for real, by openssl, or badly."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from generation.label.certificates import Chain, Issued, issue, key_to_pem, to_pem
from generation.label.signing import EKUS, Signing

NOW = datetime.now(UTC)
YEAR = timedelta(days=365)
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
OPENSSL = shutil.which("openssl")
CONFIG = """
[tsa]
default_tsa = fake
[fake]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
signer_digest = sha256
"""


class Authority:
    """A root, and an authority below it that signs operators' certificates."""

    def __init__(self) -> None:
        self.root = issue("A public root", until=NOW + 9 * YEAR, authority=True)
        self.between = issue("A public authority", self.root, until=NOW + 9 * YEAR, authority=True)

    def certify(self, ekus=EKUS[:1], since=None, until=None, key=None) -> Issued:
        return issue("An operator", self.between, since=since, until=until or NOW + YEAR, ekus=ekus, key=key)

    def chain(self, signer: Issued) -> Chain:
        return Chain((signer.certificate, self.between.certificate))

    def signing(self, folder: Path, signer: Issued, **fields) -> Signing:
        """An operator's, with its files; by key unless told otherwise."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "chain.pem").write_text(self.chain(signer).pem)
        (folder / "key.pem").write_text(key_to_pem(signer.key))
        (folder / "key.pem").chmod(0o600)
        by_key = {} if fields.get("command") else {"key_file": folder / "key.pem"}
        return Signing(folder / "ours", **{"chain_file": folder / "chain.pem", **by_key, **fields})


class _Stamps(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.asked += 1
        query = self.rfile.read(int(self.headers["Content-Length"]))
        status, reply = self.server.answer(query)
        self.send_response(status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def tsa(answer) -> Iterator[ThreadingHTTPServer]:
    """Args:
    answer: what is answered to a query: status and reply. The server has `url` and counts what it is `asked`.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stamps)
    server.daemon_threads = True
    server.block_on_close = False
    server.answer, server.asked, server.url = answer, 0, f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def stamper(folder: Path, authority: Authority):
    """Answers as RFC 3161 asks, by openssl."""
    clock = issue("A clock", authority.between, until=NOW + YEAR, ekus=[TIME_STAMPING], critical_ekus=True)
    (folder / "clock.pem").write_text(to_pem(clock.certificate))
    (folder / "clock.key").write_text(key_to_pem(clock.key))
    (folder / "between.pem").write_text(to_pem(authority.between.certificate))
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01")

    def answer(query: bytes) -> tuple[int, bytes]:
        (folder / "query").write_bytes(query)
        command = "ts -reply -queryfile query -signer clock.pem -inkey clock.key -chain between.pem -config tsa.cnf"
        subprocess.run([OPENSSL, *command.split(), "-out", "reply"], cwd=folder, check=True, capture_output=True)
        return 200, (folder / "reply").read_bytes()

    return answer
