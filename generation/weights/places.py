"""Where weights lie on this machine: a folder, or the hub's cache. Reads names and notes, never weights."""

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "selfiebot-weights.json"
"""Written into a folder by `selfiebot models get --to`: where the files are from, and their checksums."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Args:
    files: path in the folder -> (bytes, sha256).
    """

    id: str
    revision: str
    licence: str
    files: Mapping[str, tuple[int, str]]

    def write(self, folder: Path) -> None:
        table = {"id": self.id, "revision": self.revision, "licence": self.licence, "files": dict(self.files)}
        (folder / MANIFEST).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest | None:
    """None if there is none, or none that can be read."""
    try:
        table: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {path: (int(size), str(digest)) for path, (size, digest) in table["files"].items()}
        return Manifest(table["id"], table["revision"], table["licence"], files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def hub_cache() -> Path | None:
    """The hub's own cache on this machine; None without the package that keeps it, which also knows where it is."""
    if importlib.util.find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub.constants import HF_HUB_CACHE

    return Path(HF_HUB_CACHE)


def find_folder(model: str, revision: str = "", cache: Path | None = None) -> Path | None:
    """The folder where a model's files are: the folder itself, or its snapshot in the hub's cache.

    Args:
        model: a folder or a hub id.
        revision: a commit, branch or tag of a hub id; "" for its newest, or for the only one that is here.
        cache: the hub's cache, if not the usual one.
    """
    if Path(model).is_dir():
        return Path(model)
    cache = cache or hub_cache()
    if cache is None or model.count("/") != 1:
        return None
    repository = cached(model, cache)
    snapshots = list((repository / "snapshots").glob("*"))
    try:
        commit = (repository / "refs" / (revision or "main")).read_text(encoding="utf-8").strip()
    except OSError:
        commit = revision or (snapshots[0].name if len(snapshots) == 1 else "")
    return next((snapshot for snapshot in snapshots if snapshot.name == commit), None)


def cached(hub_id: str, cache: Path) -> Path:
    """Where the hub's cache keeps that repository: `blobs` by checksum, `snapshots` of links to them, `refs`."""
    return cache / f"models--{hub_id.replace('/', '--')}"
