"""What a pool and its worker processes say to one another, as length and pickle. Knows no process.

Down goes a Setup, then Jobs; up come Ready, then for each job some Progress and one Picture or UserError.
The worker decodes strangers' files, so what comes up is not trusted: only the values named here are unpickled.
"""

import io
import pickle
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from generation import errors, job
from generation.errors import UserError
from generation.job import Job, Picture, Progress
from generation.styles.style import Style

LENGTH = struct.Struct(">Q")
LONGEST_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker process is told first.

    Args:
        parent: the bot's process number; the worker ends when that one does.
        threads: how many each of its libraries may use.
        warm: the styles to render once before the first job; None: one of the catalogue's.
    """

    parent: int
    device: str
    models: Path
    threads: int
    warm: tuple[Style, ...] | None


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker takes jobs now. warm: its trial pictures came out."""

    warm: bool


Down = Setup | Job
Up = Ready | Progress | Picture | UserError

READY = (__name__, "Ready")
VALUES = {(job.__name__, name) for name in ("Note", "Picture", "Progress")} | {
    (errors.__name__, name) for name, value in vars(errors).items() if isinstance(value, type)
}


class NotOurs(Exception):
    """Something came up that a worker never says."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> object:
        if (module_name, global_name) not in VALUES | {READY}:
            raise NotOurs(f"{module_name}.{global_name}")
        return super().find_class(module_name, global_name)


def packed(message: Down | Up) -> bytes:
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(body)) + body


def length_of(head: bytes) -> int:
    (length,) = LENGTH.unpack(head)
    if length > LONGEST_BYTES:
        raise NotOurs(f"a message of {length} bytes")
    return int(length)


def unpacked(body: bytes) -> Up:
    """A message from a worker. Raises NotOurs, whatever the bytes are."""
    try:
        message = _Unpickler(io.BytesIO(body)).load()
    except (pickle.UnpicklingError, EOFError, TypeError, ValueError, AttributeError, IndexError, KeyError) as error:
        raise NotOurs(repr(error)) from error
    if not isinstance(message, Up):
        raise NotOurs(type(message).__name__)
    return message


def read_order(pipe: BinaryIO) -> Setup | Job | None:
    """The next message from the pool, which is trusted; None when the pool is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    order: Setup | Job = pickle.loads(pipe.read(length_of(head)))
    return order
