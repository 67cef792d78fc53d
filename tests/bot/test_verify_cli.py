"""selfiebot verify-proof, as somebody uses it who has nothing of ours but this program."""

from pathlib import Path

import pytest

from bot.cli import main
from tests.bot.test_checkpoints import VERIFIER, proof


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main(["verify-proof", *words])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_a_proof_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "proof.json").write_bytes(proof(6))
    status, said = run(capsys, str(tmp_path / "proof.json"), "--key", VERIFIER)
    assert status == 0
    assert "Picture 0000000006 was made on 2026-11-23 in the style “Göth”" in said
    assert "Compare" not in said


def test_without_the_published_key_it_is_said_what_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "proof.json").write_bytes(proof(6))
    status, said = run(capsys, str(tmp_path / "proof.json"))
    assert (status, VERIFIER in said, "Compare" in said) == (0, True, True)


def test_a_touched_proof_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "proof.json").write_bytes(proof(6).replace("Göth".encode(), b"Noir"))
    status, said = run(capsys, str(tmp_path / "proof.json"))
    assert (status, said) == (1, "What this file says of the picture is not what the log holds.\n")


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = run(capsys, "/nowhere/proof.json")
    assert status == 1
    assert "can't read" in said
