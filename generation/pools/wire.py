"""What a pool and its worker processes say to one another, as bytes. Knows no process.

Down goes a Setup, then Jobs, Cancels and Forgets, pickled. Up comes Ready or Unusable, then for each job some Progress
and one Picture or Failed, as JSON: a worker decodes strangers' files, so what it says is not trusted with a pickle.
"""

import dataclasses
import json
import pickle
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from generation import errors
from generation.errors import UserError
from generation.job import Answer, Failed, Job, Note, Picture, Progress
from generation.painter import PAINTERS, Painter
from generation.styles.style import Style

LENGTH = struct.Struct(">Q")
LONGEST_BYTES = 1 << 30


class Readable(Protocol):
    def read(self, size: int, /) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker process is told first.

    Args:
        parent: the bot's process number; the worker ends when that one does.
        threads: how many each of its libraries may use.
        warm: the styles to render once before the first job; None: some of the catalogue's.
        painter: None for a worker that has one job at a time, and the engine that each job's style names.
        engine: the module that loads the painter's engine, by a function `load(painter, device, models)`.
    """

    parent: int
    device: str
    models: Path
    threads: int
    warm: tuple[Style, ...] | None = None
    painter: Painter | None = None
    engine: str = PAINTERS


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker takes jobs now. warm: its trial pictures came out."""

    warm: bool


@dataclass(frozen=True, slots=True)
class Unusable:
    """There is no worker to be had with this setup; the text tells the operator why."""

    text: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody waits for this job any more; there is no answer, but one may be on its way."""

    job: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Drop everything remembered of anybody's photos; there is no answer."""


Down = Setup | Job | Cancel | Forget
Up = Ready | Unusable | Answer

HEAD = struct.Struct(">I")


class NotOurs(Exception):
    """Something came up that a worker never says."""


def length_of(head: bytes) -> int:
    (length,) = LENGTH.unpack(head)
    if length > LONGEST_BYTES:
        raise NotOurs(f"a message of {length} bytes")
    return int(length)


def packed_order(message: Down) -> bytes:
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(body)) + body


def read_order(pipe: Readable) -> Down | None:
    """The next message from the pool; None when the pool is gone.

    Args:
        pipe: unbuffered, else whoever waits for the pipe does not see what the buffer holds.
    """
    head = _read(pipe, LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    order: Down = pickle.loads(_read(pipe, length_of(head)))
    return order


def _read(pipe: Readable, length: int) -> bytes:
    """That many bytes, or those that came before the end."""
    parts = []
    while length and (part := pipe.read(length)):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def packed_answer(message: Up) -> bytes:
    """The length of the rest, the length of the JSON, the JSON, a picture's file."""
    fields = _fields(message)
    data: bytes = fields.pop("data", b"")
    head = json.dumps({"is": type(message).__name__, **fields}).encode()
    return LENGTH.pack(HEAD.size + len(head) + len(data)) + HEAD.pack(len(head)) + head + data


def _fields(message: Up) -> dict[str, Any]:
    if isinstance(message, Failed):
        return {"job": message.job, "name": type(message.error).__name__, "args": message.error.args}
    return {field.name: getattr(message, field.name) for field in dataclasses.fields(message)}


def unpacked_answer(body: bytes) -> Up:
    """What `packed_answer` packed, without the first length. Raises NotOurs, whatever the bytes are."""
    try:
        (length,) = HEAD.unpack_from(body)
        fields = json.loads(body[HEAD.size : HEAD.size + length])
        return READ[fields.pop("is")](fields, body[HEAD.size + length :])
    except (struct.error, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise NotOurs(repr(error)) from error


def _read_ready(fields: dict[str, Any], _: bytes) -> Ready:
    return Ready(bool(fields["warm"]))


def _read_unusable(fields: dict[str, Any], _: bytes) -> Unusable:
    return Unusable(str(fields["text"]))


def _read_progress(fields: dict[str, Any], _: bytes) -> Progress:
    return Progress(str(fields["job"]), float(fields["share"]))


def _read_picture(fields: dict[str, Any], data: bytes) -> Picture:
    return Picture(
        job=str(fields["job"]),
        data=data,
        width_px=int(fields["width_px"]),
        height_px=int(fields["height_px"]),
        kind=str(fields["kind"]),
        notes=tuple(Note(note) for note in fields["notes"]),
        seconds=float(fields["seconds"]),
        stages=tuple((str(name), float(seconds)) for name, seconds in fields["stages"]),
    )


def _read_failed(fields: dict[str, Any], _: bytes) -> Failed:
    error = getattr(errors, fields["name"])
    if not issubclass(error, UserError):
        raise TypeError(fields["name"])
    made: UserError = error(*(tuple(arg) if isinstance(arg, list) else arg for arg in fields["args"]))
    str(made)  # its sentence can be made of these arguments
    return Failed(str(fields["job"]), made)


READ: dict[str, Callable[[dict[str, Any], bytes], Up]] = {
    "Ready": _read_ready,
    "Unusable": _read_unusable,
    "Progress": _read_progress,
    "Picture": _read_picture,
    "Failed": _read_failed,
}
