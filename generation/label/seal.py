"""Signs pictures: the manifest goes into the file, and is verified at once. Knows no pixels, no chat and no settings.

A time-stamping authority is asked in a thread that is waited for two seconds and no longer: the C2PA library itself
waits for 30, and cannot be told otherwise. One that did not answer is left alone for a while, and pictures are signed
without a time stamp meanwhile.
"""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from c2pa import Builder, C2paError, C2paSignerInfo, C2paSigningAlg, Context, Signer

from generation.label.certificates import Chain, algorithm_of, faults_of, key_to_pem
from generation.label.chain import Credentials, find_credentials, remember
from generation.label.command import COMMAND_S, CommandFailed, ask_command
from generation.label.containers import media_type
from generation.label.manifest import Facts, describe
from generation.label.signing import EKUS, Signing, SigningUnusable

TSA_S = 2.0
TSA_LEFT_ALONE_S = 600.0
SETTINGS = {
    "trust": {"trust_config": "\n".join(EKUS)},
    "verify": {"verify_after_sign": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {
        "thumbnail": {"enabled": False},
        "actions": {
            f"auto_{name}_action": {"enabled": False} for name in ("created", "opened", "placed")
        },  # ours are complete
    },
}


@dataclass(frozen=True, slots=True)
class Signed:
    """timestamped: an authority says when; without, the signature lives no longer than its certificate."""

    data: bytes
    timestamped: bool


class PictureSigner:
    """Made by `open_signer`, once for each process; several threads may sign at once.

    Args:
        stamping: signs with a time stamp; None if no authority is asked.
        stamping_s: how long that may take, at most.
        faults: per thread, why the signing command gave nothing.
    """

    def __init__(
        self, plain: Signer, stamping: Signer | None, context: Context, stamping_s: float, faults: threading.local
    ) -> None:
        self._plain = plain
        self._stamping = stamping
        self._context = context
        self._stamping_s = stamping_s
        self._faults = faults
        self._left_alone_until = 0.0

    def sign(self, data: bytes, media: str, definition: dict[str, Any]) -> Signed:
        """Raises:
        SigningUnusable
        """
        if self._stamping is not None and monotonic() >= self._left_alone_until:
            signed = _within(partial(self._sign, self._stamping, data, media, definition), self._stamping_s)
            if isinstance(signed, bytes):
                return Signed(signed, timestamped=True)
            if isinstance(signed, CommandFailed):
                raise signed
            self._left_alone_until = monotonic() + TSA_LEFT_ALONE_S
        return Signed(self._sign(self._plain, data, media, definition), timestamped=False)

    def _sign(self, signer: Signer, data: bytes, media: str, definition: dict[str, Any]) -> bytes:
        self._faults.last = None
        out = io.BytesIO()
        try:
            with Builder(definition, self._context) as builder:
                builder.sign(signer, media, io.BytesIO(data), out)
        except C2paError as error:
            raise self._faults.last or SigningUnusable(f"The picture cannot be signed: {error}") from error
        return out.getvalue()


def sign_picture(data: bytes, facts: Facts, signer: PictureSigner) -> Signed:
    """The same file with its manifest, pixels and metadata as they were.

    Args:
        data: a whole JPEG, PNG or WebP file, labelled; nothing may be written to it afterwards.

    Raises:
        SigningUnusable: the command gave no signature, or it is no such file.
    """
    media = media_type(data)
    if media is None:
        raise SigningUnusable("Only JPEG, PNG and WebP files can be signed.")
    return signer.sign(data, media, describe(facts))


def open_signer(signing: Signing) -> PictureSigner:
    """What `sign_picture` needs, ready to sign.

    Raises:
        SigningUnusable: with the first reason why readers would refuse its signatures.
    """
    credentials = find_credentials(signing)
    faults = faults_of(credentials.chain, datetime.now(UTC))
    if faults:
        raise SigningUnusable(faults[0])
    remember(signing.folder, credentials.chain)
    return make_signer(signing, credentials)


def make_signer(signing: Signing, credentials: Credentials) -> PictureSigner:
    """From credentials that nobody looked at.

    Raises:
        SigningUnusable
    """
    if signing.tsa_url and not signing.tsa_url.startswith(("https://", "http://")):
        raise SigningUnusable(
            f"The time-stamping authority's address must begin with https:// or http://: {signing.tsa_url}"
        )
    faults = threading.local()
    plain = _signer(signing, credentials, "", faults)
    stamping = _signer(signing, credentials, signing.tsa_url, faults) if signing.tsa_url else None
    stamping_s = TSA_S if credentials.key else TSA_S + COMMAND_S
    return PictureSigner(plain, stamping, Context.from_dict(SETTINGS), stamping_s, faults)


def _signer(signing: Signing, credentials: Credentials, tsa_url: str, faults: threading.local) -> Signer:
    chain = _without_root(credentials.chain)
    algorithm = C2paSigningAlg[algorithm_of(chain)]
    try:
        if credentials.key is None:
            return Signer.from_callback(_asking(signing, chain, faults), algorithm, chain.pem, tsa_url or None)
        key = key_to_pem(credentials.key).encode()  # this way the manifest is 10 kB smaller than by a callback
        return Signer.from_info(C2paSignerInfo(algorithm, chain.pem.encode(), key, tsa_url or None))
    except C2paError as error:
        raise SigningUnusable(f"Nothing can be signed with these certificates: {error}") from error


def _asking(signing: Signing, chain: Chain, faults: threading.local) -> Callable[[bytes], bytes]:
    def ask(data: bytes) -> bytes:
        try:
            return ask_command(signing.command, chain, data)
        except CommandFailed as fault:
            faults.last = fault  # the library between would keep the reason to itself
            return b""

    return ask


def _without_root(chain: Chain) -> Chain:
    """Readers have their own roots; one in the file only makes it larger."""
    kept = [one for one in chain.certificates if one is chain.leaf or one.issuer != one.subject]
    return Chain(tuple(kept))


def _within(work: Callable[[], bytes], limit_s: float) -> bytes | SigningUnusable | None:
    """What it gives or raises; None if it takes longer: it ends by itself some time, and nobody waits for it."""
    answers: SimpleQueue[bytes | SigningUnusable] = SimpleQueue()

    def run() -> None:
        try:
            answers.put(work())
        except SigningUnusable as error:
            answers.put(error)

    threading.Thread(target=run, name="timestamp", daemon=True).start()
    try:
        return answers.get(timeout=limit_s)
    except Empty:
        return None
