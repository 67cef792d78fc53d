"""The page's own files, read once, served under a name that changes with their content. Knows nothing of chats."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.platforms.web.errors import NotFound

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class Files:
    """page: index.html with the right addresses in it. version: a hash over all files."""

    page: str
    version: str
    files: dict[str, bytes]

    def serve(self, version: str, name: str) -> web.Response:
        """Raises NotFound, also for another version: a page from before an update reloads itself."""
        if version != self.version or name not in self.files:
            raise NotFound
        kind = _KINDS[Path(name).suffix]
        return web.Response(body=self.files[name], content_type=kind, charset="utf-8", headers=_FOREVER)


def read_files(folder: Path = Path(__file__).parent / "static") -> Files:
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _KINDS}
    page = (folder / "index.html").read_text(encoding="utf-8")
    digest = hashlib.sha256(page.encode())
    for name, data in files.items():
        digest.update(name.encode() + b"\0" + data)
    version = digest.hexdigest()[:16]
    return Files(page.replace("{static}", f"/static/{version}"), version, files)
