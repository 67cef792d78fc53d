"""From the operator's one secret to everything in a mark that must not be guessed. Knows no picture and no bits.

Which waves carry what, their phases, the mask over the code word and the tag's key are each derived by HKDF (RFC 5869)
under a name of their own, so that knowing one says nothing of another. Numbers are drawn from SHAKE-256 (FIPS 202) and
not from numpy's generators: those may change between versions, and a mark must still be read years later.
"""

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np

from generation.label.mark.watermarker import EPOCHS

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class MarkKeys:
    """The keys of one epoch, 32 bytes each.

    Args:
        epoch: 0 to 15; written into the payload.
        template: where the guide peaks stand. The only one that all epochs share, so that a picture's rotation and
            scale are searched for once and not once an epoch.
        waves: which wave carries what.
        phases: of the waves.
        mask: whitens the code word; what the false-positive bound rests on (code.py).
        tag: of the HMAC that ends the payload.
    """

    epoch: int
    template: bytes
    waves: bytes
    phases: bytes
    mask: bytes
    tag: bytes


def derive_keys(secret: bytes, epoch: int) -> MarkKeys:
    """The keys of an epoch, 0 to 15. An operator begins a new one, say, every month.

    Whoever averages many pictures with the same mark can take it off all of them; with a
    new epoch that begins anew.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"The label's key has {SECRET_BYTES} bytes, not {len(secret)}.")
    if not 0 <= epoch < EPOCHS:
        raise ValueError(f"Key epochs are 0 to {EPOCHS - 1}, not {epoch}.")
    waves, phases, mask, tag = (
        hkdf(secret, f"selfiebot/mark/1/epoch/{epoch}/{name}".encode()) for name in ("waves", "phases", "mask", "tag")
    )
    return MarkKeys(epoch, hkdf(secret, b"selfiebot/mark/1/template"), waves, phases, mask, tag)


def hkdf(secret: bytes, info: bytes, length: int = 32, salt: bytes = b"") -> bytes:
    """RFC 5869, with SHA-256: extract (section 2.2), then expand (section 2.3)."""
    extracted = hmac.digest(salt or bytes(32), secret, "sha256")
    out, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(extracted, block + info + bytes([counter]), "sha256")
        out += block
    return out[:length]


def draw(key: bytes, count: int) -> np.ndarray:
    """(count,) float64, even in [0, 1), 32 bits each: always the same ones for a key."""
    raw = hashlib.shake_256(key).digest(4 * count)
    return np.frombuffer(raw, "<u4") / 2.0**32


def draw_signs(key: bytes, count: int) -> np.ndarray:
    """(count,) float32 of -1 and +1."""
    raw = np.frombuffer(hashlib.shake_256(key).digest(-(-count // 8)), np.uint8)
    return 1 - 2 * np.unpackbits(raw, count=count).astype(np.float32)


def draw_order(key: bytes, count: int) -> np.ndarray:
    """(count,) int64: 0 to count - 1 shuffled, by sorting 64 drawn bits each."""
    raw = hashlib.shake_256(key).digest(8 * count)
    return np.argsort(np.frombuffer(raw, "<u8"), kind="stable")
