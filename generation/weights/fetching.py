"""Brings weights here, file by file, each checked by its published checksum. Goes on where it was interrupted.

The hub's own client does the talking. It throws the beginning of a file away when its process ends, which costs
gigabytes, so a file grows here under a name that outlives the process. Needs the extra `diffusion`.
"""

import glob
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from huggingface_hub import constants, hf_hub_url, snapshot_download
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers, disable_progress_bars, enable_progress_bars

from generation.weights.checksums import digest_as, sha256_of
from generation.weights.hub import CannotFetch, Offer, Wanted, in_sentences
from generation.weights.places import Manifest, cached

SPARE_BYTES = 10**9
"""What stays free on the disk."""


def fetch(offer: Offer, folder: Path | None, report: Callable[[str], None], endpoint: str | None = None) -> Path:
    """Bring what is missing or damaged. Returns where it is.

    Args:
        folder: where to; None: the hub's own cache, where engines find it by its id.
        report: called with lines for the person at the terminal.
        endpoint: the hub's address, if not the usual one.

    Raises:
        CannotFetch: what has come so far stays, and the next call goes on from there.
    """
    with in_sentences(offer.id, offer.revision):
        blobs = cached(offer.id, Path(constants.HF_HUB_CACHE)) / "blobs"
        targets = {file: folder / file.path if folder else blobs / file.digest for file in offer.files}
        missing = [file for file, target in targets.items() if not _is_whole(target, file)]
        left = sum(file.size - _begun(targets[file], file) for file in missing)
        report(f"{offer.id} at {offer.commit[:8]}: {len(offer.files)} files, {left / 1e9:.2f} GB to fetch")
        _check_room(folder or blobs, left)
        for file in missing:
            _fetch(offer, file, targets[file], endpoint)
        if folder is None:
            return _link(offer, endpoint)
        _manifest(offer, targets).write(folder)
        return folder


def _is_whole(target: Path, file: Wanted) -> bool:
    if not target.is_file() or target.stat().st_size != file.size:
        return False
    return digest_as(target, file.digest) == file.digest


def _part(target: Path, file: Wanted) -> Path:
    """Where a file grows: its name holds its checksum, so that another revision of it begins anew."""
    return target.with_name(f"{target.name}.{file.digest[:12]}.part")


def _begun(target: Path, file: Wanted) -> int:
    part = _part(target, file)
    return min(part.stat().st_size, file.size) if part.exists() else 0


def _check_room(folder: Path, needed: int) -> None:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if needed and free < needed + SPARE_BYTES:
        raise CannotFetch(
            f"There is too little room at {folder}: {free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB to fetch. Free "
            "some, or choose another disk with --to."
        )


def _fetch(offer: Offer, file: Wanted, target: Path, endpoint: str | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _part(target, file)
    if part.exists() and part.stat().st_size > file.size:
        part.unlink()
    url = hf_hub_url(offer.id, file.path, revision=offer.commit, endpoint=endpoint)
    with part.open("ab") as stream:
        http_get(
            url,
            stream,
            resume_size=stream.tell(),
            headers=build_hf_headers(),
            expected_size=file.size,
            displayed_filename=file.path,
        )
    if digest_as(part, file.digest) != file.digest:
        part.unlink()
        raise CannotFetch(f"{file.path} came damaged: its checksum is not the published one. Run the same again.")
    os.replace(part, target)


def _link(offer: Offer, endpoint: str | None) -> Path:
    """Let the client give the files in its cache their names; it finds them there and fetches nothing."""
    disable_progress_bars()
    try:
        paths = [glob.escape(file.path) for file in offer.files]
        return Path(
            snapshot_download(offer.id, revision=offer.revision or None, allow_patterns=paths, endpoint=endpoint)
        )
    finally:
        enable_progress_bars()


def _manifest(offer: Offer, targets: Mapping[Wanted, Path]) -> Manifest:
    """With the sha256 of every file; of small ones the hub names another digest, by which they were checked."""
    files = {
        file.path: (file.size, file.digest if len(file.digest) == 64 else sha256_of(target))
        for file, target in targets.items()
    }
    return Manifest(offer.id, offer.commit, offer.licence.id, files)
