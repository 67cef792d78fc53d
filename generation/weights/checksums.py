"""Whether a file is the one that was published. Knows no model."""

import hashlib
from pathlib import Path

CHUNK_BYTES = 2**22


def digest_as(file: Path, published: str) -> str:
    """The file's digest of the same kind as the published one: sha256 of large files, git's of small ones."""
    return sha256_of(file) if len(published) == 64 else git_digest_of(file)


def sha256_of(file: Path) -> str:
    return _feed(hashlib.sha256(), file)


def git_digest_of(file: Path) -> str:
    """As git names a blob: SHA-1 of "blob", the size and the content. Guards against damage, not against forgery."""
    return _feed(hashlib.sha1(f"blob {file.stat().st_size}\0".encode(), usedforsecurity=False), file)


def _feed(digest: "hashlib._Hash", file: Path) -> str:
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
