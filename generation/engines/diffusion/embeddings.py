"""Prompts as a model reads them, kept so that none of the catalogue's is read twice. Knows no model.

What a person wrote is read and forgotten: only the catalogue's prompts are kept, in memory and on disk.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from generation.errors import WordsUnreadable

Embedding = dict[str, torch.Tensor]
"""What a text encoder makes of a prompt, by the names its family has for the parts; on the processor."""

IN_MEMORY = 32
"""A prompt of FLUX.2 klein takes 8 MB."""


class Embeddings:
    """Threads may share one.

    Args:
        model: whatever the embeddings depend on besides the prompt: id, revision, length, dtype.
        encode: reads a prompt; None: no text encoder is loaded.
        folder: where they are kept; None: in memory only.
    """

    def __init__(self, model: str, encode: Callable[[str], Embedding] | None, folder: Path | None) -> None:
        self._model = model
        self._encode = encode
        self._folder = folder
        self._memory: OrderedDict[str, Embedding] = OrderedDict()
        self._lock = threading.Lock()
        self._reading = threading.Lock()  # one prompt at a time: a text encoder uses all the processor has

    def of(self, prompt: str, *, keep: bool) -> Embedding:
        """Args:
            keep: for next time; never what a person wrote.

        Raises:
            WordsUnreadable: it is not kept, and no text encoder is loaded.
        """
        with self._lock:
            found = self._memory.get(prompt)
        found = found or self._on_disk(prompt)
        embedding = found or self._read(prompt)
        if keep:
            self._remember(prompt, embedding)
            if found is None:
                self._save(prompt, embedding)
        return embedding

    def embed_all(self, prompts: Iterable[str]) -> int:
        """Read and keep all that are not kept on disk yet. Returns how many that were."""
        missing = [prompt for prompt in prompts if not self._has(prompt)]
        for prompt in missing:
            self._save(prompt, self._read(prompt))
        return len(missing)

    def _read(self, prompt: str) -> Embedding:
        if self._encode is None:
            raise WordsUnreadable
        with self._reading:
            return self._encode(prompt)

    def _remember(self, prompt: str, embedding: Embedding) -> None:
        with self._lock:
            self._memory[prompt] = embedding
            self._memory.move_to_end(prompt)
            if len(self._memory) > IN_MEMORY:
                self._memory.popitem(last=False)

    def _has(self, prompt: str) -> bool:
        file = self._file(prompt)
        return file is not None and file.is_file()

    def _on_disk(self, prompt: str) -> Embedding | None:
        """None: it is not there, or is damaged."""
        file = self._file(prompt)
        if file is None:
            return None
        try:
            return load_file(file)
        except (OSError, SafetensorError):
            return None

    def _save(self, prompt: str, embedding: Embedding) -> None:
        """Whole or not at all: several processes may share the folder."""
        file = self._file(prompt)
        if file is None:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            pass
        save_file({name: part_.contiguous() for name, part_ in embedding.items()}, part.name)
        Path(part.name).replace(file)

    def _file(self, prompt: str) -> Path | None:
        key = hashlib.sha256(f"{self._model}\n{prompt}".encode()).hexdigest()[:32]
        return self._folder / f"{key}.safetensors" if self._folder else None
