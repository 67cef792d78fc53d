"""Many jobs on one batched engine: each comes and goes by itself, and only a step's bug is everybody's."""

import io
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from generation.errors import ManyFaces, NotAnImage, PainterFull, RenderFailed
from generation.job import Failed, Picture, Progress
from generation.label.kinds import Kind
from generation.stream import Stream, tried_out
from tests.engines import paints
from tests.generation.label.test_metadata import read
from tests.generation.test_worker import GREY, RED, job, pixels_of, style


class Listener:
    """A stream that runs in a thread of its own, and what it said."""

    def __init__(self):
        self.engine = paints.Engine()
        self.said = []
        self._news = threading.Condition()
        self.stream = Stream(self.engine, self._hear)
        self._thread = threading.Thread(target=self.stream.run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc):
        self.stream.close()
        self._thread.join(5)
        assert not self._thread.is_alive()

    def _hear(self, answer):
        with self._news:
            self.said.append(answer)
            self._news.notify_all()

    def take(self, *names, prompt="", **changes):
        for name in names:
            self.stream.take(job(id=name, style=replace(style("paints"), prompt=prompt), **changes))

    def until(self, is_true):
        with self._news:
            assert self._news.wait_for(is_true, 5), self.said

    def ends(self, *names):
        """How each of these jobs ended, in the order of the names."""
        self.until(lambda: set(names) <= set(self._ends()))
        return [self._ends()[name] for name in names]

    def _ends(self):
        return {answer.job: answer for answer in self.said if not isinstance(answer, Progress)}

    def shares(self, name):
        return [answer.share for answer in self.said if isinstance(answer, Progress) and answer.job == name]


@pytest.fixture
def listener():
    with Listener() as listener:
        yield listener


def test_a_picture_comes_out_labelled_and_described(listener):
    listener.take("a", beside=True)
    (picture,) = listener.ends("a")
    assert isinstance(picture, Picture)
    assert (picture.kind, picture.height_px) == ("generated", 200)
    assert picture.width_px > 320, "with the original at its side"
    fields = read(Image.open(io.BytesIO(picture.data)).info["xmp"])
    assert fields["Iptc4xmpExt:DigitalSourceType"] == Kind.GENERATED.words.source_uri
    names = [name for name, _ in picture.stages]
    assert names == ["read", "prepare", "wait", "most aboard", "forgotten", "rest", "beside", "label"]
    assert sum(seconds for _, seconds in picture.stages) == pytest.approx(picture.seconds, rel=0.2, abs=0.005)


def redness(picture):
    """Of the part without the label."""
    red, green, _ = pixels_of(picture)[-40:].mean((0, 1))
    return red - green


def test_many_jobs_are_painted_together_each_from_its_own_photo(listener):
    names = [str(number) for number in range(20)]
    for name in names:
        listener.take(name, photo=RED if int(name) % 2 else GREY)
    reds = [redness(picture) for picture in listener.ends(*names)]
    assert [red - reds[0] for red in reds] == pytest.approx([0, 80] * 10, abs=3)
    assert listener.engine.most_aboard == paints.ROOM


def test_those_who_wait_for_room_come_in_when_all_others_end_at_once(listener):
    crowd = [str(number) for number in range(paints.ROOM)]
    listener.take(*crowd, prompt="in 20 steps")
    listener.until(lambda: all(listener.shares(name) for name in crowd))
    listener.take("waits")
    assert isinstance(listener.ends("waits")[0], Picture)


def test_a_short_job_joins_a_long_one_under_way_and_leaves_before_it(listener):
    listener.take("long", prompt="in 100 steps")
    listener.until(lambda: len(listener.shares("long")) > 3)
    listener.take("short")
    listener.ends("short")
    assert listener.shares("long")[-1] < 0.8
    assert isinstance(listener.ends("long")[0], Picture)


def test_progress_of_each_only_rises_and_ends_at_1(listener):
    listener.take("a", "b", prompt="in 10 steps")
    listener.ends("a", "b")
    for name in "ab":
        shares = listener.shares(name)
        assert shares == sorted(set(shares))
        assert (shares[0], shares[-1]) == (0.05, 1)
        assert len(shares) >= 10


def test_a_cancelled_job_leaves_the_engine_at_the_next_border_and_nothing_more_is_said(listener):
    listener.take("a", "b", prompt="in 60 steps")
    listener.until(lambda: listener.shares("a") and listener.shares("b"))
    listener.stream.cancel("a")
    listener.ends("b")
    assert listener.shares("a")[-1] < 0.5
    assert listener.engine.cancelled == ["a"]
    assert [answer.job for answer in listener.said if not isinstance(answer, Progress)] == ["b"]


def test_a_job_may_be_cancelled_while_it_is_read_or_waits_for_room_or_is_long_gone(listener):
    crowd = [str(number) for number in range(paints.ROOM)]
    listener.take(*crowd, prompt="in 20 steps")
    listener.until(lambda: all(listener.shares(name) for name in crowd))
    listener.take("waits")
    time.sleep(0.1)
    listener.take("is read")
    for name in ("waits", "is read", "was never there"):
        listener.stream.cancel(name)
    listener.ends(*crowd)
    listener.stream.cancel(crowd[0])
    listener.take("last")
    listener.ends("last")
    assert not listener.shares("waits")
    assert not listener.shares("is read")


def test_a_job_that_is_cancelled_may_come_again_at_once(listener):
    listener.take("a", prompt="in 100 steps")
    listener.until(lambda: listener.shares("a"))
    listener.stream.cancel("a")
    listener.take("a")
    assert isinstance(listener.ends("a")[0], Picture)


@pytest.mark.parametrize(
    ("prompt", "photo", "error"),
    [
        ("", b"no picture", NotAnImage),
        ("two faces", GREY, ManyFaces),
        ("bug in prepare", GREY, RenderFailed),
        ("bug in begin", GREY, RenderFailed),
        ("refuse", GREY, PainterFull),
        ("wrong pixels", GREY, RenderFailed),
        ("bug in finish", GREY, RenderFailed),
    ],
)
def test_what_goes_wrong_with_one_job_costs_that_job(listener, prompt, photo, error):
    listener.take("good", prompt="in 20 steps")
    listener.take("bad", prompt=prompt, photo=photo)
    good, bad = listener.ends("good", "bad")
    assert isinstance(good, Picture)
    assert isinstance(bad, Failed)
    assert type(bad.error) is error


def test_a_step_that_raises_costs_all_that_are_in_the_engine_and_the_next_find_it_empty(listener, caplog):
    listener.take("a", "b", prompt="in 100 steps")
    listener.until(lambda: listener.shares("a") and listener.shares("b"))
    listener.take("c", prompt="raise")
    assert [type(end.error) for end in listener.ends("a", "b", "c")] == [RenderFailed] * 3
    assert "a step of 3 jobs failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    listener.take("d")
    assert isinstance(listener.ends("d")[0], Picture)
    assert sorted(listener.engine.cancelled) == ["a", "b", "c"]
    assert not listener.engine.aboard


def test_the_engine_has_one_thread_and_photos_are_prepared_in_others(listener):
    listener.take(*"abcdef", prompt="in 20 steps")
    listener.until(lambda: listener.shares("a"))
    listener.stream.cancel("a")
    listener.stream.forget()
    listener.ends(*"bcdef")
    assert len(listener.engine.threads["engine"]) == 1
    assert 1 <= len(listener.engine.threads["prepare"]) <= 2
    assert not listener.engine.threads["engine"] & listener.engine.threads["prepare"]


def test_what_needs_no_device_is_finished_beside_the_engine(listener):
    listener.take("a", prompt="finish later")
    assert isinstance(listener.ends("a")[0], Picture)
    assert listener.engine.threads["finish"]
    assert not listener.engine.threads["finish"] & listener.engine.threads["engine"]


def test_the_engine_forgets_when_it_is_told_to(listener):
    listener.stream.forget()
    listener.take("a")
    listener.ends("a")
    assert listener.engine.forgotten == 1


def test_without_a_job_it_sleeps(listener):
    listener.take("a")
    listener.ends("a")
    time.sleep(0.1)
    steps, spent_s = listener.engine.steps, time.process_time()
    time.sleep(0.5)
    assert listener.engine.steps == steps
    assert time.process_time() - spent_s < 0.1


def test_closing_it_ends_it_though_jobs_are_under_way():
    with Listener() as listener:
        listener.take("a", prompt="in 1000 steps")
        listener.until(lambda: listener.shares("a"))
    assert listener.engine.aboard
    assert not [answer for answer in listener.said if not isinstance(answer, Progress)]


def test_trying_an_engine_out_says_whether_a_picture_came_out_and_if_not_why(caplog):
    good = style("paints")
    assert tried_out(paints.Engine(), [good])
    assert tried_out(paints.Engine(), [])
    assert not tried_out(paints.Engine(), [good, replace(good, prompt="two faces")])
    assert "the trial picture in style test failed: I see 2 faces" in caplog.text


def test_the_same_photo_and_seed_make_the_same_picture_in_any_company(listener):
    listener.take("alone")
    (alone,) = listener.ends("alone")
    listener.take("with", "others", prompt="in 9 steps")
    (together,) = listener.ends("with")
    assert np.array_equal(pixels_of(alone), pixels_of(together))
