"""Prompts are read once, and what people wrote is kept nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from generation.engines.diffusion.embeddings import IN_MEMORY, Embedding, Embeddings
from generation.engines.diffusion.prompt import FREE, PERSON, all_worded, worded
from generation.errors import WordsUnreadable
from generation.styles.style import Style


class Reader:
    """A text encoder that counts."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, prompt: str) -> Embedding:
        self.read.append(prompt)
        return {"embeds": torch.full((1, 2, 3), float(len(prompt)))}


@pytest.fixture
def reader() -> Reader:
    return Reader()


def test_a_prompt_is_read_once_and_found_by_other_processes(reader: Reader, tmp_path: Path) -> None:
    first = Embeddings("model", reader, tmp_path).of("a viking", keep=True)
    other = Embeddings("model", None, tmp_path)
    assert torch.equal(other.of("a viking", keep=True)["embeds"], first["embeds"])
    assert reader.read == ["a viking"]


def test_other_models_read_for_themselves(reader: Reader, tmp_path: Path) -> None:
    Embeddings("model", reader, tmp_path).of("a viking", keep=True)
    with pytest.raises(WordsUnreadable):
        Embeddings("another", None, tmp_path).of("a viking", keep=True)


def test_free_words_are_kept_nowhere(reader: Reader, tmp_path: Path) -> None:
    embeddings = Embeddings("model", reader, tmp_path)
    for _ in range(2):
        embeddings.of("me and my secret", keep=False)
    assert reader.read == ["me and my secret"] * 2
    assert list(tmp_path.iterdir()) == []


def test_free_words_without_a_text_encoder_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(WordsUnreadable):
        Embeddings("model", None, tmp_path).of("anything", keep=False)


def test_all_are_read_beforehand_and_only_what_is_missing(reader: Reader, tmp_path: Path) -> None:
    embeddings = Embeddings("model", reader, tmp_path / "new")
    assert embeddings.embed_all(["a", "b"]) == 2
    assert embeddings.embed_all(["a", "b", "c"]) == 1
    assert reader.read == ["a", "b", "c"]


def test_a_damaged_file_is_read_anew(reader: Reader, tmp_path: Path) -> None:
    Embeddings("model", reader, tmp_path).of("a viking", keep=True)
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"half")
    Embeddings("model", reader, tmp_path).of("a viking", keep=True)
    assert Embeddings("model", None, tmp_path).of("a viking", keep=True)
    assert len(reader.read) == 2


def test_memory_holds_the_prompts_in_use_and_no_more(reader: Reader) -> None:
    embeddings = Embeddings("model", reader, None)
    for number in range(IN_MEMORY + 1):
        embeddings.of(str(number), keep=True)
        embeddings.of("0", keep=True)
    assert reader.read.count("0") == 1
    embeddings.of("1", keep=True)
    assert reader.read.count("1") == 2


def test_likeness_says_how_much_of_the_person_is_kept() -> None:
    style = Style("viking", "p", "Viking", "", "", prompt="Make them a viking.", avoid="horns, blood.")
    assert worded(style, 0.5) == "Make them a viking. Avoid: horns, blood."
    assert PERSON in worded(style, 0.75)
    assert FREE in worded(style, 0.25)
    assert set(all_worded([style, Style("plain", "p", "", "", "")])) == {worded(style, at) for at in (0.1, 0.5, 0.9)}
