"""Writes small ONNX nets by hand, in a few hundred bytes, so that tests need no package that makes them.

Field numbers are those of onnx.proto3. Only what the tests need: float tensors, a chain of operators.
"""

import struct
from pathlib import Path

FLOAT = 1  # TensorProto.DataType
INT, INTS = 2, 7  # AttributeProto.AttributeType
Shape = tuple[int | str, ...]


def _varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def _field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _tensor(name: str, values: list[float]) -> bytes:
    """A tensor of one axis, or a single number."""
    dims = _field(1, len(values)) if len(values) > 1 else b""
    return dims + _field(2, FLOAT) + _field(8, name) + _field(9, struct.pack(f"<{len(values)}f", *values))


def _port(name: str, shape: Shape) -> bytes:
    dims = b"".join(_field(1, _field(1 if isinstance(side, int) else 2, side)) for side in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, FLOAT) + _field(2, dims)))


def _attribute(name: str, value: int | list[int]) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, INT)
    return _field(1, name) + b"".join(_field(8, each) for each in value) + _field(20, INTS)


def _node(operator: str, inputs: list[str], output: str, **attributes: int | list[int]) -> bytes:
    body = b"".join(_field(1, each) for each in inputs) + _field(2, output) + _field(4, operator)
    return body + b"".join(_field(5, _attribute(name, value)) for name, value in attributes.items())


def _model(nodes: list[bytes], numbers: dict[str, list[float]], inputs: dict[str, Shape], output: Shape) -> bytes:
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, "tiny")
    graph += b"".join(_field(5, _tensor(name, values)) for name, values in numbers.items())
    graph += b"".join(_field(11, _port(name, shape)) for name, shape in inputs.items())
    graph += _field(12, _port("answer", output))
    return _field(1, 7) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


NHWC: Shape = (1, "h", "w", 3)
NCHW: Shape = (1, 3, "h", "w")


def write_predictor(file: Path) -> None:
    """A picture's style vector is its mean colour, (1, 1, 1, 3)."""
    mean = _node("ReduceMean", ["picture"], "answer", axes=[1, 2], keepdims=1)
    file.write_bytes(_model([mean], {}, {"picture": NHWC}, (1, 1, 1, 3)))


def write_transformer(file: Path, share: float = 0.7) -> None:
    """The photo, so much of it coloured over by the vector."""
    nodes = [
        _node("Mul", ["photo", "own"], "kept"),
        _node("Mul", ["vector", "share"], "coat"),
        _node("Add", ["kept", "coat"], "answer"),
    ]
    numbers = {"own": [1 - share], "share": [share]}
    file.write_bytes(_model(nodes, numbers, {"photo": NHWC, "vector": (1, 1, 1, 3)}, NHWC))


def write_generator(file: Path, factor: float, shift: float, shape: Shape = NHWC, answer: Shape | None = None) -> None:
    """Every number times a factor and plus a shift."""
    nodes = [_node("Mul", ["picture", "factor"], "scaled"), _node("Add", ["scaled", "shift"], "answer")]
    numbers = {"factor": [factor], "shift": [shift]}
    file.write_bytes(_model(nodes, numbers, {"picture": shape}, answer or shape))
