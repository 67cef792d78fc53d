"""How pictures are signed: whose certificates, whose key, whose clock. A value; loads nothing."""

from dataclasses import dataclass
from pathlib import Path

EKUS = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")
"""What a certificate must be meant for, one of: e-mail protection, document signing, C2PA claim signing."""


class SigningUnusable(Exception):
    """Nothing can be signed that way; the text tells the operator why and what to do."""


@dataclass(frozen=True, slots=True)
class Signing:
    """With neither a chain nor a key the bot signs with a development chain of its own, which no public list knows.

    Args:
        folder: ours alone: the development chain, and every certificate that ever signed.
        chain_file: PEM, the signer's certificate first, then those between it and the root.
        key_file: PEM, PKCS 8 without a password; or else
        command: a program and its arguments: the bytes to be signed on stdin, the signature on stdout (DER for EC).
        tsa_url: of an RFC 3161 time-stamping authority; "" for none.
    """

    folder: Path
    chain_file: Path | None = None
    key_file: Path | None = None
    command: tuple[str, ...] = ()
    tsa_url: str = ""
