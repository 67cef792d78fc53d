"""Cuts the attention mesh into two networks any LiteRT can run. Knows the file format, not faces.

The published network has three custom operations between its backbone and its heads, which exist
only inside MediaPipe. They are plain geometry; `finder` does them in numpy. What they need to know
(which landmarks each head refines) stands in the operations' options, in the file itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from flatbuffers import flexbuffers

BACKBONE_OUTPUTS = ("p_re_lu_3", "output_mesh_identity", "conv_faceflag")
HEAD_INPUTS = tuple(f"transform_tensor_bilinear_v2{end}" for end in ("", "_1", "_2"))
HEAD_OUTPUTS = ("reshape_1", "reshape_3", "reshape_4", "reshape_6", "reshape_7")
REGION_OPERATION = b"Landmarks2TransformMatrix"


@dataclass(frozen=True)
class Region:
    """What one head looks at: the lips, or an eye with its brow.

    Args:
        landmarks: indexes of the landmarks the head refines, in its output's order.
        left, right: the landmarks whose line says how the region is turned.
        turn: rad, the angle that line shall have in the crop.
        scale: the crop's side over the landmarks' extent.
    """

    landmarks: np.ndarray
    left: int
    right: int
    turn: float
    scale: float


@dataclass(frozen=True)
class SplitMesh:
    """The two networks and the regions between them: lips, left eye, right eye."""

    backbone: bytes
    heads: bytes
    regions: tuple[Region, ...]


def split_mesh(model: bytes) -> SplitMesh:
    """Cut face_landmark_with_attention.tflite. Deterministic: the same bytes in, the same bytes out."""
    graph = _parse(model).subgraphs[0]
    number = {tensor.name.decode(): index for index, tensor in enumerate(graph.tensors)}
    return SplitMesh(
        backbone=cut(model, list(graph.inputs), [number[name] for name in BACKBONE_OUTPUTS]),
        heads=cut(model, [number[name] for name in HEAD_INPUTS], [number[name] for name in HEAD_OUTPUTS]),
        regions=_regions(model),
    )


def cut(model: bytes, inputs: Sequence[int], outputs: Sequence[int]) -> bytes:
    """The part of a one-graph .tflite model between some of its tensors, as a model of its own.

    Args:
        inputs, outputs: tensor numbers; the new model takes and gives them in this order.
    """
    whole = _parse(model)
    graph = whole.subgraphs[0]
    graph.operators = _operators_between(graph, inputs, outputs)
    touched = [tensor for operator in graph.operators for tensor in (*operator.inputs, *operator.outputs)]
    used = sorted({int(tensor) for tensor in (*touched, *inputs, *outputs) if tensor >= 0})
    renumbered = {old: new for new, old in enumerate(used)} | {-1: -1}
    for operator in graph.operators:
        operator.inputs = _renumber(operator.inputs, renumbered)
        operator.outputs = _renumber(operator.outputs, renumbered)
    graph.inputs, graph.outputs = _renumber(inputs, renumbered), _renumber(outputs, renumbered)
    graph.tensors = [graph.tensors[tensor] for tensor in used]
    _drop_unused_buffers(whole)
    whole.metadata = whole.metadataBuffer = whole.signatureDefs = None
    builder = flatbuffers.Builder(len(model))
    builder.Finish(whole.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _parse(model: bytes) -> Any:
    return schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))


def _operators_between(graph: Any, inputs: Sequence[int], outputs: Sequence[int]) -> list[Any]:
    """The operators that lead from the inputs to the outputs, in the graph's order."""
    maker = {int(tensor): index for index, operator in enumerate(graph.operators) for tensor in operator.outputs}
    needed: set[int] = set()
    seen = {int(tensor) for tensor in inputs}
    waiting = [int(tensor) for tensor in outputs]
    while waiting:
        tensor = waiting.pop()
        if tensor in seen or tensor not in maker:
            continue
        seen.add(tensor)
        needed.add(maker[tensor])
        waiting += [int(source) for source in graph.operators[maker[tensor]].inputs]
    return [operator for index, operator in enumerate(graph.operators) if index in needed]


def _renumber(tensors: Sequence[int], renumbered: dict[int, int]) -> np.ndarray:
    return np.asarray([renumbered[int(tensor)] for tensor in tensors], np.int32)


def _drop_unused_buffers(model: Any) -> None:
    """Buffer 0 stays: the format keeps it empty, for tensors without data."""
    tensors = model.subgraphs[0].tensors
    used = sorted({0} | {tensor.buffer for tensor in tensors})
    renumbered = {old: new for new, old in enumerate(used)}
    for tensor in tensors:
        tensor.buffer = renumbered[tensor.buffer]
    model.buffers = [model.buffers[buffer] for buffer in used]


def _regions(model: bytes) -> tuple[Region, ...]:
    whole = _parse(model)
    regions = []
    for operator in whole.subgraphs[0].operators:
        if whole.operatorCodes[operator.opcodeIndex].customCode != REGION_OPERATION:
            continue
        options = flexbuffers.Loads(bytes(np.asarray(operator.customOptions, np.uint8)))
        regions.append(
            Region(
                landmarks=np.asarray(options["subset_idxs"], np.int64),
                left=int(options["left_rotation_idx"]),
                right=int(options["right_rotation_idx"]),
                turn=float(options["target_rotation_radians"]),
                scale=float(options["scale_x"]),
            )
        )
    return tuple(regions)
