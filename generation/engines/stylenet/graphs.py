"""One ONNX graph on the CPU, loaded from a file that may be anything. Knows tensors, not pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as state

from generation.engines.stylenet.recipe import NetUnusable

MOST_BYTES = 1_000_000_000
DTYPES: Mapping[str, type[np.floating[Any]]] = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
QUIET = 4
"""onnxruntime logs what it raises as well, but for this level, from C++."""

REFUSALS = (
    state.EPFail,
    state.EngineError,
    state.Fail,
    state.InvalidArgument,
    state.InvalidGraph,
    state.InvalidProtobuf,
    state.NoModel,
    state.NotImplemented,
    state.RuntimeException,
)
"""What onnxruntime raises; its exceptions have no parent of their own."""


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a graph.

    Args:
        shape: a number for each axis, None where any will do.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: type[np.floating[Any]]


class Graph:
    """Raises NetUnusable whenever the file, not the code, is to blame.

    Args:
        threads: how many it may use.
    """

    def __init__(self, file: Path, threads: int) -> None:
        self.file = file
        try:
            self._session = onnxruntime.InferenceSession(
                read_weights(file), _options(threads), providers=["CPUExecutionProvider"]
            )
        except REFUSALS as error:
            raise NetUnusable(f"{file} is not a whole ONNX net: {_first_line(error)}") from error
        self.inputs = tuple(self._port(each) for each in self._session.get_inputs())
        self.outputs = tuple(self._port(each) for each in self._session.get_outputs())

    def __call__(self, *arrays: np.ndarray) -> np.ndarray:
        """Run it; arrays in the order of `inputs`. Gives its first output, float32."""
        feed = {port.name: array.astype(port.dtype) for port, array in zip(self.inputs, arrays, strict=True)}
        try:
            answer = np.asarray(self._session.run([self.outputs[0].name], feed, _run_options())[0], np.float32)
        except REFUSALS as error:
            raise NetUnusable(f"{self.file} does not run: {_first_line(error)}") from error
        if not np.isfinite(answer).all():
            raise NetUnusable(f"{self.file} answers with what is no number; its input may have another range.")
        return answer

    def _port(self, each: Any) -> Port:
        if each.type not in DTYPES:
            raise NetUnusable(f"{self.file}: {each.name} is {each.type}; only nets of float tensors can be used.")
        shape = tuple(side if isinstance(side, int) and side > 0 else None for side in each.shape)
        return Port(each.name, shape, DTYPES[each.type])


def read_weights(file: Path) -> bytes:
    """Raises NetUnusable: it is not there, or larger than any style net."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise NetUnusable(f"{file} has more than {MOST_BYTES // 1_000_000} MB; that is no style net.")
        return file.read_bytes()
    except OSError as error:
        raise NetUnusable(f"{file} cannot be read: {error.strerror}.") from error


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = QUIET
    options.enable_mem_pattern = False  # planned for one size of picture, and a third more memory
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the bot shares these cores
    return options


def _run_options() -> onnxruntime.RunOptions:
    options = onnxruntime.RunOptions()
    options.log_severity_level = QUIET
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")  # or a large picture's would stay
    return options


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0][:300]
