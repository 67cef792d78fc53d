"""One LiteRT network that many threads may call. Knows tensors, not faces."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

import numpy as np
from ai_edge_litert.interpreter import Interpreter


class Net:
    """A loaded network. Its interpreter is not re-entrant, so calls wait for each other."""

    def __init__(self, model: bytes, threads: int = 2) -> None:
        with _without_chatter():
            self._interpreter = Interpreter(model_content=model, num_threads=threads)
            self._interpreter.allocate_tensors()
        self._inputs = [detail["index"] for detail in self._interpreter.get_input_details()]
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]
        self._lock = threading.Lock()

    def __call__(self, *arrays: np.ndarray) -> list[np.ndarray]:
        """Run it once. Arrays are float32 and include the batch axis."""
        with self._lock:
            for index, array in zip(self._inputs, arrays, strict=True):
                self._interpreter.set_tensor(index, np.ascontiguousarray(array, np.float32))
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(index) for index in self._outputs]


@contextlib.contextmanager
def _without_chatter() -> Iterator[None]:
    """LiteRT writes a line about itself to stderr, from C++ and without a switch, in the middle of our progress bar."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
