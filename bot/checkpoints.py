"""Signed checkpoints of the public log, and proofs that anybody can check without us. Knows no database and no chat.

A checkpoint is a C2SP signed note (c2sp.org/tlog-checkpoint, c2sp.org/signed-note): the log's name, its size and its
root, signed by Ed25519; standard witnesses read it. A proof is a small JSON file: the public facts of a picture, the
salt that binds them to a leaf, the path from that leaf to the root of a checkpoint, and the checkpoint.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from db.issued import canonical, leaf_data
from db.merkle import leaf_hash, proves_inclusion

ED25519 = b"\x01"
"""The kind of signature, in a note's key id."""
KEY_ID_BYTES = 4
PROOF = "selfiebot-proof/1"
LARGEST_BYTES = 100_000
FACTS = ("id", "day", "style", "kind", "file_sha256", "map_sha256")


class BadProof(Exception):
    """A proof or a checkpoint that proves nothing; the text says why, for whoever asked."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """name: of the log, without spaces or a plus."""

    name: str
    size: int
    root: bytes


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    body = f"{checkpoint.name}\n{checkpoint.size}\n{_base64(checkpoint.root)}\n"
    signature = _key_id(checkpoint.name, key.public_key()) + key.sign(body.encode())
    return f"{body}\n— {checkpoint.name} {_base64(signature)}\n"


def read_checkpoint(note: str, verifier: str) -> Checkpoint:
    """Args:
        verifier: the log's public key as `verifier_of` writes it.

    Raises:
        BadProof: it is none, or not signed by that key.
    """
    name, key = _read_verifier(verifier)
    body, gap, signatures = note.partition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) < 3 or lines[0] != name or not lines[1].isdecimal():
        raise BadProof("The checkpoint is damaged, or that of another log.")
    for line in signatures.splitlines():
        signed = _unbase64(line.rpartition(" ")[2])
        if line.startswith(f"— {name} ") and signed[:KEY_ID_BYTES] == _key_id(name, key):
            try:
                key.verify(signed[KEY_ID_BYTES:], f"{body}\n".encode())
            except InvalidSignature as error:
                raise BadProof("The checkpoint's signature is wrong.") from error
            return Checkpoint(name, int(lines[1]), _unbase64(lines[2]))
    raise BadProof("The checkpoint is not signed by that key.")


def verifier_of(name: str, key: Ed25519PublicKey) -> str:
    """The public key as one line, to be published: name+id+key."""
    return f"{name}+{_key_id(name, key).hex()}+{_base64(ED25519 + key.public_bytes_raw())}"


def write_proof(
    facts: Mapping[str, str], salt: bytes, index: int, path: Sequence[bytes], checkpoint: str, verifier: str
) -> bytes:
    """Args:
    index, path: of the picture's leaf, in the tree of the checkpoint.
    """
    proof = {
        "format": PROOF,
        "facts": dict(facts),
        "salt": salt.hex(),
        "index": index,
        "path": [hash.hex() for hash in path],
        "checkpoint": checkpoint,
        "log": verifier,
    }
    return json.dumps(proof, indent=1, ensure_ascii=False).encode()


def check_proof(file: bytes, verifier: str = "") -> tuple[dict[str, str], Checkpoint, str]:
    """What a proof proves.

    Args:
        verifier: the key to trust; without one that of the proof itself, which is to be compared with the published.

    Returns:
        The public facts of the picture, the checkpoint that holds it, and the key that signed it.

    Raises:
        BadProof
    """
    proof = _read(file)
    trusted = verifier or str(proof["log"])
    checkpoint = read_checkpoint(str(proof["checkpoint"]), trusted)
    facts = {name: str(proof["facts"][name]) for name in FACTS}
    commit = hashlib.sha256(_unhex(proof["salt"]) + canonical(facts)).hexdigest()
    leaf = leaf_hash(leaf_data(commit))
    path = [_unhex(hash) for hash in proof["path"]]
    if not proves_inclusion(leaf, int(proof["index"]), checkpoint.size, path, checkpoint.root):
        raise BadProof("What this file says of the picture is not what the log holds.")
    return facts, checkpoint, trusted


def _read(file: bytes) -> dict[str, Any]:
    try:
        proof = json.loads(file) if len(file) <= LARGEST_BYTES else None
    except (ValueError, RecursionError):
        proof = None
    if not isinstance(proof, dict) or proof.get("format") != PROOF:
        raise BadProof("That is no proof file of ours.")
    kinds = {"facts": dict, "salt": str, "index": int, "path": list, "checkpoint": str, "log": str}
    whole = all(isinstance(proof.get(name), kind) for name, kind in kinds.items())
    if not whole or not set(FACTS) <= proof["facts"].keys():
        raise BadProof("That proof file is damaged: something is missing in it.")
    return proof


def _read_verifier(verifier: str) -> tuple[str, Ed25519PublicKey]:
    name, _, rest = verifier.partition("+")
    raw = _unbase64(rest.partition("+")[2])
    if not name or raw[:1] != ED25519 or len(raw) != 33:
        raise BadProof("That is no public key of a log: it reads name+id+key.")
    return name, Ed25519PublicKey.from_public_bytes(raw[1:])


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:KEY_ID_BYTES]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadProof("The checkpoint is damaged.") from error


def _unhex(text: object) -> bytes:
    try:
        return bytes.fromhex(text if isinstance(text, str) else "?")
    except ValueError as error:
        raise BadProof("That proof file is damaged.") from error
