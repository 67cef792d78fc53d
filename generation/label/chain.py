"""The certificates pictures are signed with: a development chain of our own, or an operator's. Knows no picture.

A development chain is one file with the signer's key and three certificates. The keys of its root and of the authority
between are thrown away as soon as they have signed, so that nobody can ever issue another certificate under them. It is
written beside and then linked to its name, so two processes that start at once agree on one, and a killed one leaves
nothing half written. Before it expires the next number follows.

Every chain that ever signed is remembered in the folder, without its key: so what was signed is known again as ours.
"""

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes

from generation.label.certificates import (
    Chain,
    Issued,
    PrivateKey,
    issue,
    key_to_pem,
    read_chain,
    read_key,
    to_pem,
)
from generation.label.signing import EKUS, Signing, SigningUnusable

ROOT = "selfiebot development root"
BETWEEN = "selfiebot development authority"
SIGNER = "selfiebot, own key, on no public trust list"
LIFE = timedelta(days=3653)  # without a time stamp a signature is worth nothing once its certificate has expired
RENEWED = timedelta(days=365)  # before it expires
NUMBERED = re.compile(r"development-(\d{1,6})\.pem")
REMEMBERED = "signed-with"


@dataclass(frozen=True, slots=True)
class Credentials:
    """key: None if a command signs."""

    chain: Chain
    key: PrivateKey | None


@dataclass(frozen=True, slots=True)
class Ours:
    """What makes a signature ours: it leads to one of these anchors, and its certificate has one of these numbers.

    An anchor alone is not enough: a public authority also signs for others.

    Args:
        anchors: PEM.
        serials: of signers' certificates, decimal.
    """

    anchors: str
    serials: frozenset[str]


def find_credentials(signing: Signing, now: datetime | None = None) -> Credentials:
    """The operator's, or those of a development chain, made if there is none.

    Raises:
        SigningUnusable: a file is missing or is not what it should be, or both or neither of key and command are set.
    """
    if signing.chain_file is None:
        if signing.key_file is not None or signing.command:
            raise SigningUnusable("There is a key or command to sign with, but no chain of certificates to go with it.")
        return _development(signing.folder, now or datetime.now(UTC))
    if (signing.key_file is None) == (not signing.command):
        raise SigningUnusable("A chain of certificates needs either a key file or a command to sign with.")
    chain = read_chain(_read(signing.chain_file), str(signing.chain_file))
    key = read_key(_read(signing.key_file), str(signing.key_file)) if signing.key_file else None
    if key is not None and key.public_key() != chain.leaf.public_key():
        raise SigningUnusable(
            f"The key in {signing.key_file} does not belong to the first certificate of {signing.chain_file}."
        )
    return Credentials(chain, key)


def remember(folder: Path, chain: Chain) -> None:
    """Note that this chain signs for us."""
    name = chain.leaf.fingerprint(hashes.SHA256()).hex()[:32]
    _write_once(folder / REMEMBERED / f"{name}.pem", chain.pem)


def read_ours(folder: Path) -> Ours:
    """Of every chain that ever signed; a damaged file among them is passed over."""
    anchors, serials = [], set()
    for file in sorted((folder / REMEMBERED).glob("*.pem")):
        try:
            chain = read_chain(_read(file), str(file))
        except SigningUnusable:
            continue
        anchors.append(to_pem(chain.certificates[-1]))
        serials.add(str(chain.leaf.serial_number))
    return Ours("".join(dict.fromkeys(anchors)), frozenset(serials))


def _development(folder: Path, now: datetime) -> Credentials:
    number = _latest(folder)
    if number:
        credentials = _open(_place(folder, number))
        if now < credentials.chain.leaf.not_valid_after_utc - RENEWED:
            return credentials
    place = _place(folder, number + 1)
    _write_once(place, _make(now))
    return _open(place)


def _make(now: datetime) -> str:
    """A key and the chain it belongs to, as PEM text."""
    until = now + LIFE
    root = issue(ROOT, until=until, since=now - timedelta(days=1), authority=True)
    between = issue(BETWEEN, root, until=until, since=now - timedelta(days=1), authority=True)
    signer = issue(SIGNER, between, until=until, since=now - timedelta(days=1), ekus=EKUS[:1])
    parts: tuple[Issued, ...] = (signer, between, root)
    return key_to_pem(signer.key) + "".join(to_pem(part.certificate) for part in parts)


def _open(file: Path) -> Credentials:
    text = _read(file)
    return Credentials(read_chain(text, str(file)), read_key(text, str(file)))


def _latest(folder: Path) -> int:
    """0 if there is none."""
    found = (NUMBERED.fullmatch(file.name) for file in folder.glob("development-*.pem"))
    return max((int(match[1]) for match in found if match), default=0)


def _place(folder: Path, number: int) -> Path:
    return folder / f"development-{number}.pem"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SigningUnusable(f"{file} cannot be read: {error.strerror or error}.") from error


def _write_once(file: Path, text: str) -> None:
    """Whole, for us alone, and only if nobody was there first.

    Raises:
        SigningUnusable: the folder cannot be written to.
    """
    if file.exists():
        return
    draft = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            os.link(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        return
    except OSError as error:
        raise SigningUnusable(f"{file.parent} cannot be written to: {error.strerror or error}.") from error
