"""Checkpoints and proofs: what they prove, and every way to tamper with them."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.checkpoints import (
    BadProof,
    Checkpoint,
    check_proof,
    read_checkpoint,
    sign_checkpoint,
    verifier_of,
    write_proof,
)
from db.issued import commitment, leaf_data, public_facts
from db.merkle import Node, grown, inclusion_spans, leaf_hash, root_of
from db.records import Issued

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
NAME = "selfiebot.example/log"
VERIFIER = verifier_of(NAME, KEY.public_key())
SALT = b"s" * 32
SIZE = 11


def issued(number: int) -> Issued:
    return Issued(f"{number:010x}", "2026-11-23", "Göth", "enhanced", 1, b"file", b"map", b"look")


def proof(index: int = 6) -> bytes:
    stored: dict[Node, bytes] = {}
    for number in range(SIZE):
        stored.update(grown(number, leaf_hash(leaf_data(commitment(issued(number), SALT))), stored))
    note = sign_checkpoint(Checkpoint(NAME, SIZE, root_of((0, SIZE), stored)), KEY)
    path = [root_of(span, stored) for span in inclusion_spans(index, SIZE)]
    return write_proof(public_facts(issued(index)), SALT, index, path, note, VERIFIER)


def test_a_checkpoint_is_read_by_whoever_has_the_key() -> None:
    note = sign_checkpoint(Checkpoint(NAME, 5, b"r" * 32), KEY)
    assert read_checkpoint(note, VERIFIER) == Checkpoint(NAME, 5, b"r" * 32)


def test_a_checkpoint_has_the_form_that_witnesses_read() -> None:
    lines = sign_checkpoint(Checkpoint(NAME, 5, bytes(32)), KEY).split("\n")
    assert lines[:4] == [NAME, "5", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", ""]
    assert lines[4].startswith(f"— {NAME} ")
    assert lines[5:] == [""]


def test_a_witness_may_sign_below_us() -> None:
    note = sign_checkpoint(Checkpoint(NAME, 5, b"r" * 32), KEY) + "— witness.example/w AAAAAAAA\n"
    assert read_checkpoint(note, VERIFIER).size == 5


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n5\n", "\n6\n"),
        lambda note: note.replace(NAME, "another/log"),
        lambda note: note[:-10] + "AAAAAAA==\n",
        lambda note: note.replace("\n\n", "\n"),
        lambda note: "",
        lambda note: note.replace("— ", "- "),
    ],
)
def test_a_checkpoint_that_was_touched_is_refused(change: Any) -> None:
    with pytest.raises(BadProof):
        read_checkpoint(change(sign_checkpoint(Checkpoint(NAME, 5, b"r" * 32), KEY)), VERIFIER)


def test_a_checkpoint_of_another_key_is_refused() -> None:
    with pytest.raises(BadProof, match="not signed by that key"):
        read_checkpoint(sign_checkpoint(Checkpoint(NAME, 5, b"r" * 32), OTHER), VERIFIER)


@pytest.mark.parametrize("index", range(SIZE))
def test_a_proof_says_what_the_picture_is_and_never_who(index: int) -> None:
    facts, checkpoint, key = check_proof(proof(index), VERIFIER)
    assert (facts["style"], facts["day"], facts["id"]) == ("Göth", "2026-11-23", f"{index:010x}")
    assert (checkpoint.size, key) == (SIZE, VERIFIER)
    assert b"user" not in proof(index)
    assert len(proof(index)) < 2000


def test_without_a_key_the_proofs_own_is_named() -> None:
    assert check_proof(proof())[2] == VERIFIER


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("facts", {"style": "Noir"}),
        ("facts", {"id": "ffffffffff"}),
        ("salt", "00" * 32),
        ("salt", "not hex"),
        ("index", 5),
        ("index", -1),
        ("index", 10**30),
        ("path", []),
        ("path", ["00" * 32] * 4),
        ("path", [7]),
        ("checkpoint", ""),
        ("log", "another+00+AAAA"),
        ("log", ""),
    ],
)
def test_a_proof_that_was_touched_is_refused(field: str, value: Any) -> None:
    told = json.loads(proof())
    told[field] = {**told[field], **value} if isinstance(value, dict) else value
    with pytest.raises(BadProof):
        check_proof(json.dumps(told).encode())


@pytest.mark.parametrize("field", ["facts", "salt", "index", "path", "checkpoint", "log", "format"])
def test_a_proof_without_a_part_is_refused(field: str) -> None:
    told = json.loads(proof())
    del told[field]
    with pytest.raises(BadProof):
        check_proof(json.dumps(told).encode())


@pytest.mark.parametrize("file", [b"", b"\xff\xd8", b"[]", b"{}", b"null", b"[" * 90_000, b" " * 200_000])
def test_a_file_that_is_no_proof_is_refused(file: bytes) -> None:
    with pytest.raises(BadProof, match="no proof file"):
        check_proof(file)
