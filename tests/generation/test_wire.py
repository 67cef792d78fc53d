"""What comes up from a worker process is not trusted: it decodes strangers' files."""

import io
import pickle
import random
import string
from pathlib import Path

import pytest

from generation import errors
from generation.errors import ManyFaces, RenderFailed, UserError
from generation.job import Failed, Note, Picture, Progress
from generation.painter import Painter, PainterName
from generation.pools.wire import (
    HEAD,
    LENGTH,
    Cancel,
    NotOurs,
    Ready,
    Setup,
    Unusable,
    length_of,
    packed_answer,
    packed_order,
    read_order,
    unpacked_answer,
)

PICTURE = Picture("j", b"data", 3, 4, "enhanced", (Note.NO_HAIR,), 0.5, (("read", 0.1),))
PAINTER = Painter(PainterName.FLUX2_KLEIN, "model")


def body(message):
    whole = packed_answer(message)
    assert length_of(whole[: LENGTH.size]) == len(whole) - LENGTH.size
    return whole[LENGTH.size :]


@pytest.mark.parametrize("message", [Ready(True), Unusable("No “model”."), Progress("j", 0.5), PICTURE])
def test_values_arrive_as_they_were(message):
    assert unpacked_answer(body(message)) == message


def test_errors_arrive_with_their_arguments():
    answer = unpacked_answer(body(Failed("j", ManyFaces(3))))
    assert answer.job == "j"
    assert type(answer.error) is ManyFaces
    assert answer.error.args == (3,)


@pytest.mark.parametrize(
    "error", [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, UserError)]
)
def test_every_error_there_is_can_arrive(error):
    blanks = {field for _, field, _, _ in string.Formatter().parse(error.text) if field}
    sent = error(*range(len(blanks)), ("near", "nearer"))
    arrived = unpacked_answer(body(Failed("j", sent))).error
    assert (type(arrived), arrived.args, str(arrived)) == (error, sent.args, str(sent))


@pytest.mark.parametrize("order", [Setup(1, "cpu", Path("m"), 1, painter=PAINTER), Cancel("j")])
def test_orders_arrive_as_they_were(order):
    assert read_order(io.BytesIO(packed_order(order))) == order


def said(text, data=b""):
    return HEAD.pack(len(text)) + text.encode() + data


@pytest.mark.parametrize(
    "odd",
    [
        pickle.dumps(PICTURE),
        b"",
        said("{}"),
        said("[]"),
        said("null"),
        said("[" * 100_000),
        said('{"is": "Job"}'),
        said('{"is": "Progress", "job": "j"}'),
        said('{"is": "Progress", "job": "j", "share": {}}'),
        said('{"is": "Unusable"}'),
        said('{"is": "Failed", "name": "RenderFailed", "args": []}'),
        said('{"is": "Failed", "job": "j", "name": "ClassVar", "args": []}'),
        said('{"is": "Failed", "job": "j", "name": "UserError.__init__", "args": []}'),
        said('{"is": "Failed", "job": "j", "name": "ManyFaces", "args": []}'),
    ],
)
def test_anything_else_is_refused(odd):
    with pytest.raises(NotOurs):
        unpacked_answer(odd)


def test_a_message_without_end_is_refused():
    with pytest.raises(NotOurs):
        length_of(b"\xff" * LENGTH.size)


def test_garbage_is_refused_whatever_it_is():
    chance = random.Random(0)
    for source in (body(PICTURE), body(Failed("j", RenderFailed())), body(Unusable("so"))):
        for _ in range(1000):
            damaged = bytearray(source)
            for _ in range(chance.randint(1, 4)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                unpacked_answer(bytes(damaged[: chance.randint(1, len(damaged))]))
            except NotOurs:
                continue
