"""The painters' pool with real processes: many jobs in each worker, and what one of them does to the others."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest
import pytest_asyncio

from generation.errors import ManyFaces, NotAnImage, PainterAway, PainterFull
from generation.painter import Painter, PainterName
from generation.pools import station
from generation.pools.batching import BatchingPool
from tests.engines import paints
from tests.generation.test_pool import ROOT, is_running, nobody, until
from tests.generation.test_worker import job, pixels_of, style

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRIED = (style("paints"),)


def a_pool(folder, devices=1, engine="paints", timeout_s=10.0, memory_mb=1000.0, at_once=16, warm=()):
    painter = Painter(PainterName.FLUX2_KLEIN, "the folder")
    names = [f"cpu:{number}" for number in range(devices)]
    return BatchingPool(
        names, folder, painter, timeout_s, memory_mb, at_once, warm=warm, engine=f"tests.engines.{engine}"
    )


def wanted(name, prompt="", **changes):
    return job(id=name, style=replace(style("paints"), prompt=prompt), **changes)


class Crowd:
    """Some people who wait for their pictures at the same time."""

    def __init__(self, pool):
        self.pool = pool
        self.shares = {}
        self.tasks = {}

    def ask(self, *names, prompt="", **changes):
        for name in names:
            self.shares[name] = []
            hear = self.shares[name].append
            painting = self.pool.render(
                wanted(name, prompt, **changes), lambda progress, hear=hear: hear(progress.share)
            )
            self.tasks[name] = asyncio.create_task(painting)

    async def are_under_way(self, *names):
        await until(lambda: all(len(self.shares[name]) > 1 for name in names))

    async def outcomes(self, *names):
        """Pictures and errors, in the order of the names."""
        return await asyncio.gather(*(self.tasks[name] for name in names), return_exceptions=True)

    async def kinds(self, *names):
        return [type(outcome).__name__ for outcome in await self.outcomes(*names)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def the_pool(tmp_path_factory):
    """For all tests that need no other, for each worker takes a second to start."""
    async with a_pool(tmp_path_factory.mktemp("models"), warm=TRIED) as pool:
        yield pool


@pytest_asyncio.fixture(loop_scope="module")
async def pool(the_pool):
    assert await the_pool.ready()
    return the_pool


@pytest.fixture
def crowd(pool):
    return Crowd(pool)


async def test_many_jobs_are_painted_together_and_each_hears_of_its_own_progress(crowd):
    names = [str(number) for number in range(16)]
    for seed, name in enumerate(names):
        crowd.ask(name, prompt="in 20 steps", seed=seed)
    pictures = await crowd.outcomes(*names)
    assert [picture.job for picture in pictures] == names
    assert len({picture.data for picture in pictures}) == 16
    assert max(dict(picture.stages)["most aboard"] for picture in pictures) == pytest.approx(1e-9 * paints.ROOM)
    for name in names:
        shares = crowd.shares[name]
        assert shares == sorted(set(shares))
        assert shares[-1] == 1
        assert len(shares) > 10


async def test_the_pool_says_how_many_it_takes_and_that_it_is_open(pool):
    assert (pool.slots, pool.open, len(pool.pids())) == (16, True, 1)


async def test_a_short_job_overtakes_a_long_one(crowd):
    crowd.ask("long", prompt="in 100 steps")
    await crowd.are_under_way("long")
    crowd.ask("short")
    assert await crowd.kinds("short") == ["Picture"]
    assert not crowd.tasks["long"].done()


async def test_what_the_person_can_mend_crosses_the_border(crowd):
    crowd.ask("faces", prompt="two faces")
    crowd.ask("file", photo=b"no")
    crowd.ask("full", prompt="refuse")
    assert await crowd.kinds("faces", "file", "full") == [ManyFaces.__name__, NotAnImage.__name__, PainterFull.__name__]


async def test_cancelling_a_job_costs_that_job_alone(pool, crowd):
    before = pool.pids()
    crowd.ask("a", "b", prompt="in 60 steps")
    await crowd.are_under_way("a", "b")
    crowd.tasks["a"].cancel()
    assert await crowd.kinds("a", "b") == ["CancelledError", "Picture"]
    crowd.ask("a")
    assert await crowd.kinds("a") == ["Picture"]
    assert pool.pids() == before


async def test_cancelled_jobs_leave_their_seats_to_others(tmp_path):
    async with a_pool(tmp_path, at_once=2) as pool:
        crowd = Crowd(pool)
        crowd.ask("a", "b", prompt="in 1000 steps")
        await crowd.are_under_way("a", "b")
        crowd.ask("c", "d")
        await asyncio.sleep(0.05)
        for name in "abc":
            crowd.tasks[name].cancel()
        assert await crowd.kinds("d") == ["Picture"]


async def test_a_step_that_raises_costs_those_in_the_engine_one_try_and_no_worker(pool, crowd):
    before = pool.pids()
    crowd.ask("a", "b", prompt="in 100 steps")
    await crowd.are_under_way("a", "b")
    crowd.ask("c", prompt="raise")
    assert await crowd.kinds("a", "b", "c") == ["RenderFailed"] * 3
    crowd.ask("a", "b")
    assert await crowd.kinds("a", "b") == ["Picture"] * 2
    assert pool.pids() == before


async def test_a_killed_worker_costs_each_of_its_jobs_one_try(pool, crowd):
    before = pool.pids()
    crowd.ask("a", "b", "c", prompt="in 100 steps")
    await crowd.are_under_way("a", "b", "c")
    os.kill(before[0], signal.SIGKILL)
    assert await crowd.kinds("a", "b", "c") == ["RenderFailed"] * 3
    assert not pool.open
    crowd.ask("a", "b", "c")
    assert await crowd.kinds("a", "b", "c") == ["Picture"] * 3
    assert pool.pids() != before


async def test_a_worker_that_says_odd_things_is_replaced(crowd, caplog):
    crowd.ask("a", prompt="in 100 steps")
    await crowd.are_under_way("a")
    crowd.ask("b", prompt="babble")
    assert await crowd.kinds("a", "b") == ["RenderFailed"] * 2
    assert "it said something odd" in caplog.text
    crowd.ask("a")
    assert await crowd.kinds("a") == ["Picture"]


async def test_a_worker_that_dies_idle_costs_nobody(pool, crowd):
    os.kill(pool.pids()[0], signal.SIGKILL)
    await until(lambda: not pool.open)
    crowd.ask("a")
    assert await crowd.kinds("a") == ["Picture"]


async def test_a_job_that_kills_fails_each_time_and_takes_the_same_people_down_once(pool, crowd):
    innocents = ["a", "b", "c"]
    tries = dict.fromkeys([*innocents, "poison"], 0)
    left = list(tries)
    while left:
        crowd.ask(*(name for name in left if name != "poison"), prompt="in 10 steps")
        if "poison" in left:
            crowd.ask("poison", prompt="kill")
        for name, kind in zip(left, await crowd.kinds(*left), strict=True):
            tries[name] += 1
            if kind == "Picture" or tries[name] == 3:
                left = [other for other in left if other != name]
    assert tries.pop("poison") == 3
    assert set(tries.values()) == {2}
    crowd.ask("next")
    assert await crowd.kinds("next") == ["Picture"]


async def test_a_job_that_takes_too_long_is_given_up_and_the_others_go_on(tmp_path):
    async with a_pool(tmp_path, timeout_s=1.0) as pool:
        await pool.ready()
        before = pool.pids()
        crowd = Crowd(pool)
        crowd.ask("endless", prompt="in 500 steps")
        assert await crowd.kinds("endless") == ["RenderFailed"]
        crowd.ask("a")
        assert await crowd.kinds("a") == ["Picture"]
        assert pool.pids() == before


async def test_a_worker_that_hangs_is_replaced(tmp_path, caplog):
    async with a_pool(tmp_path, timeout_s=1.0) as pool:
        await pool.ready()
        before = pool.pids()
        crowd = Crowd(pool)
        crowd.ask("hangs", prompt="hang")
        await asyncio.sleep(0.5)
        crowd.ask("late")
        assert await crowd.kinds("hangs", "late") == ["RenderFailed"] * 2
        assert re.search("the painter on cpu:0 was lost: it said nothing for 1 s", caplog.text)
        await pool.ready()
        crowd.ask("late")
        assert await crowd.kinds("late") == ["Picture"]
        assert pool.pids() != before


async def test_a_worker_that_eats_memory_is_replaced(tmp_path, caplog):
    async with a_pool(tmp_path, memory_mb=20) as pool:
        await pool.ready()
        crowd = Crowd(pool)
        crowd.ask("a", "b", prompt="in 1000 steps")
        assert await crowd.kinds("a", "b") == ["RenderFailed"] * 2
        assert re.search(r"it used \d+ MB of 20 MB", caplog.text)


async def test_jobs_go_to_the_device_that_has_the_fewest(tmp_path):
    async with a_pool(tmp_path, devices=2, at_once=4) as pool:
        await pool.ready()
        crowd = Crowd(pool)
        names = [str(number) for number in range(6)]
        crowd.ask(*names, prompt="in 30 steps")
        pictures = await crowd.outcomes(*names)
        assert {round(1e9 * dict(picture.stages)["most aboard"]) for picture in pictures} == {3}


async def test_one_device_goes_on_while_anothers_worker_is_replaced(tmp_path):
    async with a_pool(tmp_path, devices=2) as pool:
        await pool.ready()
        crowd = Crowd(pool)
        crowd.ask("a", "b", prompt="in 100 steps")
        await crowd.are_under_way("a", "b")
        os.kill(pool.pids()[0], signal.SIGKILL)
        assert sorted(await crowd.kinds("a", "b")) == ["Picture", "RenderFailed"]
        assert pool.open


async def test_jobs_wait_while_the_first_worker_starts(tmp_path):
    async with a_pool(tmp_path) as pool:
        assert not pool.open
        crowd = Crowd(pool)
        crowd.ask("a", "b")
        assert await crowd.kinds("a", "b") == ["Picture"] * 2


async def test_a_painter_that_starts_too_slowly_is_away(tmp_path):
    async with a_pool(tmp_path, timeout_s=0.05) as pool:
        with pytest.raises(PainterAway):
            await pool.render(wanted("a"), nobody)


async def test_a_model_that_cannot_be_used_is_told_to_the_operator_and_the_painter_is_away(tmp_path, caplog):
    async with a_pool(tmp_path, engine="unusable") as pool:
        crowd = Crowd(pool)
        crowd.ask("early")
        assert not await pool.ready()
        assert "There is no model in “the folder”." in caplog.text
        crowd.ask("late")
        assert await crowd.kinds("early", "late") == ["PainterAway"] * 2
        assert not pool.open


async def test_a_painter_that_will_not_start_is_tried_again_less_and_less_often_until_it_does(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(station, "FIRST_REST_S", 0.05)
    async with a_pool(tmp_path, engine="comes_back") as pool:
        await until(lambda: caplog.text.count("did not start") == 2)
        with pytest.raises(PainterAway):
            await pool.render(wanted("a"), nobody)
        (tmp_path / "here").touch()
        await until(lambda: pool.open)
        assert await pool.render(wanted("a"), nobody)


async def test_a_failed_trial_picture_is_told_but_stops_nothing(tmp_path, caplog):
    async with a_pool(tmp_path, warm=[replace(style("paints"), prompt="refuse")]) as pool:
        assert not await pool.ready()
        assert "trial picture failed" in caplog.text
        assert await pool.render(wanted("a"), nobody)


async def test_with_nothing_to_do_a_worker_costs_no_cpu(pool, crowd):
    crowd.ask("a")
    await crowd.outcomes("a")
    await asyncio.sleep(0.2)
    worker = psutil.Process(pool.pids()[0])
    before = worker.cpu_times()
    await asyncio.sleep(0.7)
    after = worker.cpu_times()
    assert after.user + after.system - before.user - before.system <= 0.02


async def test_workers_forget_when_they_are_told_to(pool):
    pool.forget()
    picture = await pool.render(wanted("a"), nobody)
    assert dict(picture.stages)["forgotten"] == pytest.approx(1e-9)


async def test_the_same_job_twice_is_painted_one_after_the_other(pool):
    both = await asyncio.gather(*(pool.render(wanted("a"), nobody) for _ in range(2)))
    assert (pixels_of(both[0]) == pixels_of(both[1])).all()


async def test_closing_the_pool_ends_jobs_under_way_and_those_that_wait(tmp_path):
    async with a_pool(tmp_path, at_once=1) as pool:
        await pool.ready()
        crowd = Crowd(pool)
        crowd.ask("a", "b", prompt="in 1000 steps")
        await crowd.are_under_way("a")
        pids = pool.pids()
    assert await crowd.kinds("a", "b") == ["RenderFailed"] * 2
    assert not any(is_running(pid) for pid in pids)


async def test_closing_a_pool_that_still_starts_leaves_nothing(tmp_path):
    before = psutil.Process().children()
    async with a_pool(tmp_path, devices=2):
        await asyncio.sleep(0.02)
    assert psutil.Process().children() == before


PARENT = """
import asyncio, sys
from pathlib import Path
from tests.generation.test_batching_pool import a_pool, wanted

async def main():
    async with a_pool(Path(sys.argv[1])) as pool:
        await pool.ready()
        await pool.render(wanted("a", "in 100000 steps"), lambda progress: print(*pool.pids(), flush=True))

asyncio.run(main())
"""


async def test_a_worker_dies_with_a_parent_that_is_killed(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    parent = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    (pid,) = (await parent.stdout.readline()).split()
    parent.kill()
    await parent.communicate()
    await until(lambda: not is_running(int(pid)), within_s=3)
