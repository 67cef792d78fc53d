"""The local pool with real processes: whatever one worker does, it costs one job, and nothing is left behind."""

import asyncio
import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from generation.errors import ManyFaces, NotAnImage, RenderFailed
from generation.pools.local import LocalPool, _Slot
from generation.pools.wire import Setup
from tests.generation.label.test_metadata import read
from tests.generation.test_worker import GREY, RED, job, style

ROOT = Path(__file__).parents[2]


def nobody(progress):
    """Takes progress and drops it."""


def a_pool(folder, slots=1, timeout_s=10.0, memory_mb=1000.0, warm=("instant",)):
    return LocalPool(["cpu"] * slots, folder, timeout_s, memory_mb, warm=[style(engine) for engine in warm])


@pytest.fixture
async def pool(tmp_path):
    async with a_pool(tmp_path) as pool:
        yield pool
    assert not children()


OTHERS = set()
"""Children of this process that are not the pool's: a database server, a browser."""


@pytest.fixture(autouse=True)
def _others():
    OTHERS.clear()
    OTHERS.update(child.pid for child in psutil.Process().children())


def children():
    ours = [child for child in psutil.Process().children() if child.pid not in OTHERS]
    return ours + [grandchild for child in ours for grandchild in child.children(recursive=True)]


async def until(is_true, within_s=5.0):
    end = time.monotonic() + within_s
    while not is_true():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)


async def test_a_photo_becomes_a_labelled_picture(pool):
    picture = await pool.render(job(), nobody)
    image = Image.open(io.BytesIO(picture.data))
    assert image.size == (160, 200)
    assert read(image.info["xmp"])["Iptc4xmpExt:DigitalSourceType"].endswith("algorithmicallyEnhanced")
    assert "load" not in dict(picture.stages), "the worker was warm"


async def test_a_worker_is_ready_and_says_so(pool):
    assert await pool.ready()
    assert pool.slots == 1


async def test_progress_arrives_in_order_and_before_the_picture(pool):
    seen = []
    await pool.render(job("slow"), seen.append)
    shares = [progress.share for progress in seen]
    assert {progress.job for progress in seen} == {"j1"}
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) > 10


async def test_what_the_person_can_mend_crosses_the_border(pool):
    with pytest.raises(ManyFaces, match="3 faces"):
        await pool.render(job("complains"), nobody)
    with pytest.raises(NotAnImage):
        await pool.render(job(photo=b"no"), nobody)
    assert len(pool.pids()) == 1, "that is no reason to replace a worker"


BUGS = ["raises", "raises_unpicklable", "raises_own_error", "raises_with_array", "broken_import", "wrong_pixels"]
DEATHS = ["killed", "crashes", "exits", "exits_at_load", "dies_with_fork"]


@pytest.mark.parametrize("engine", BUGS)
async def test_a_bug_costs_one_job_and_no_worker(pool, engine):
    await pool.ready()
    before = pool.pids()
    with pytest.raises(RenderFailed):
        await pool.render(job(engine), nobody)
    assert await pool.render(job(), nobody)
    assert pool.pids() == before


@pytest.mark.parametrize("engine", DEATHS)
async def test_a_death_costs_one_job_and_that_worker(pool, engine):
    await pool.ready()
    before = pool.pids()
    with pytest.raises(RenderFailed):
        await pool.render(job(engine), nobody)
    assert await pool.render(job(), nobody)
    assert pool.pids() != before


async def test_what_an_engine_prints_disturbs_nothing(pool):
    assert await pool.render(job("prints"), nobody)
    assert await pool.render(job(), nobody)


@pytest.mark.parametrize("engine", ["hangs", "hangs_with_child"])
async def test_a_hang_costs_one_job_and_that_worker_with_all_it_started(tmp_path, engine):
    async with a_pool(tmp_path, timeout_s=1.0) as pool:
        await pool.ready()
        with pytest.raises(RenderFailed):
            await pool.render(job(engine), nobody)
        assert await pool.render(job(), nobody)
        if engine == "hangs_with_child":
            pid = int((tmp_path / "child").read_text())
            await until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


async def test_eating_memory_costs_one_job_and_that_worker(tmp_path, caplog):
    async with a_pool(tmp_path, memory_mb=300) as pool:
        await pool.ready()
        with pytest.raises(RenderFailed):
            await pool.render(job("eats_memory"), nobody)
        assert "MB of 300 MB" in caplog.text
        assert await pool.render(job(), nobody)


async def test_the_others_go_on_while_one_hangs_and_is_replaced(tmp_path):
    async with a_pool(tmp_path, slots=2, timeout_s=2.0) as pool:
        await pool.ready()
        before = set(pool.pids())
        hanging = asyncio.create_task(pool.render(job("hangs"), nobody))
        for _ in range(10):
            assert await pool.render(job(), nobody)
        assert not hanging.done()
        with pytest.raises(RenderFailed):
            await hanging
        await until(lambda: len(pool.pids()) == 2)
        assert await pool.ready()
        assert len(before & set(pool.pids())) == 1


async def test_jobs_wait_their_turn_when_all_workers_are_busy(tmp_path):
    async with a_pool(tmp_path, slots=2) as pool:
        order = []
        for number in range(6):
            task = asyncio.create_task(pool.render(job(id=str(number)), nobody))
            task.add_done_callback(lambda done: order.append(done.result().job))
        await until(lambda: len(order) == 6)
        assert sorted(order) == list("012345")
        assert all(int(name) <= done + 1 for done, name in enumerate(order)), order


async def test_two_workers_that_come_free_at_once_take_the_two_who_came_first(tmp_path):
    pool = a_pool(tmp_path, slots=2)
    pool._slots = [_Slot(Setup(os.getpid(), "cpu", tmp_path, 1, ())) for _ in range(2)]
    given = []

    async def come(name):
        await pool._next_slot(job(id=name))
        given.append(name)

    tasks = [asyncio.create_task(come(str(number))) for number in range(5)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    for slots in ([0, 1], [0], [1]):
        for slot in slots:
            pool._offer(pool._slots[slot])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert given == ["0", "2", "3", "4"]


async def test_a_slot_given_to_someone_who_leaves_in_that_moment_is_not_lost(tmp_path):
    pool = a_pool(tmp_path)
    pool._slots = [_Slot(Setup(os.getpid(), "cpu", tmp_path, 1, ()))]
    leaver = asyncio.create_task(pool._next_slot(job()))
    await asyncio.sleep(0)
    pool._offer(pool._slots[0])
    leaver.cancel()
    await asyncio.wait([leaver])
    assert await pool._next_slot(job()) is pool._slots[0]


def colour(picture):
    return np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGB"))[-40:].mean((0, 1))


async def test_a_photo_goes_to_the_worker_that_knows_it(tmp_path):
    async with a_pool(tmp_path, slots=3, warm=("remembers",)) as pool:
        assert await pool.ready()
        for _ in range(3):
            for photo in (GREY, RED):
                await pool.render(job("remembers", photo=photo), nobody)
        for photo in (GREY, RED):
            assert colour(await pool.render(job("remembers", photo=photo), nobody))[1] > 150


async def test_workers_forget_when_they_are_told_to_and_after_their_trial(tmp_path):
    async with a_pool(tmp_path, warm=("remembers",)) as pool:
        assert await pool.ready()
        assert colour(await pool.render(job("remembers"), nobody))[0] < 10
        assert colour(await pool.render(job("remembers"), nobody))[0] > 15
        pool.forget()
        assert colour(await pool.render(job("remembers"), nobody))[0] < 10


async def test_a_worker_that_is_busy_forgets_after_its_job(tmp_path):
    async with a_pool(tmp_path, warm=("remembers",)) as pool:
        assert await pool.ready()
        slow = asyncio.create_task(pool.render(job("slow"), nobody))
        await pool.render(job("remembers"), nobody)
        await slow
        slow = asyncio.create_task(pool.render(job("slow"), nobody))
        await asyncio.sleep(0.05)
        pool.forget()
        await slow
        assert colour(await pool.render(job("remembers"), nobody))[0] < 10


async def test_cancelling_a_job_kills_its_worker_and_no_other(tmp_path):
    async with a_pool(tmp_path, slots=2) as pool:
        await pool.ready()
        before = set(pool.pids())
        started = asyncio.Event()
        task = asyncio.create_task(pool.render(job("hangs"), lambda progress: started.set()))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: len(set(pool.pids()) - before) == 1)
        assert len(set(pool.pids()) & before) == 1
        assert len(await asyncio.gather(*(pool.render(job(), nobody) for _ in range(4)))) == 4


async def test_cancelling_a_waiting_job_costs_nothing(tmp_path):
    async with a_pool(tmp_path) as pool:
        await pool.ready()
        before = pool.pids()
        busy = asyncio.create_task(pool.render(job("slow"), nobody))
        await asyncio.sleep(0.05)
        waiting = asyncio.create_task(pool.render(job(), nobody))
        await asyncio.sleep(0.05)
        waiting.cancel()
        assert await busy
        assert await pool.render(job(), nobody)
        assert pool.pids() == before


async def test_a_worker_that_dies_idle_costs_no_job(pool):
    await pool.ready()
    os.kill(pool.pids()[0], signal.SIGKILL)
    await asyncio.sleep(0.05)
    assert await pool.render(job(), nobody)


async def test_a_worker_that_cannot_start_fails_jobs_at_once_instead_of_keeping_them(tmp_path, caplog):
    async with a_pool(tmp_path, warm=["exits_at_load"]) as pool:
        assert not await pool.ready()
        with pytest.raises(RenderFailed):
            await pool.render(job(), nobody)
        assert "did not start" in caplog.text


async def test_a_failed_trial_picture_is_told_but_stops_nothing(tmp_path, caplog):
    async with a_pool(tmp_path, warm=["raises"]) as pool:
        assert not await pool.ready()
        assert "trial picture failed" in caplog.text
        assert await pool.render(job(), nobody)


async def test_twenty_kills_leave_no_process_thread_or_open_file_behind(tmp_path):
    async with a_pool(tmp_path, slots=2, warm=[]) as pool:
        await pool.ready()
        await pool.render(job(), nobody)
        me = psutil.Process()
        before = len(children()), threading.active_count(), me.num_fds()
        for _ in range(10):
            both = (pool.render(job("killed"), nobody) for _ in range(2))
            outcomes = await asyncio.gather(*both, return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [RenderFailed] * 2
        assert await pool.render(job(), nobody)
        await pool.ready()
        assert (len(children()), threading.active_count(), me.num_fds()) == before
        assert not [child for child in children() if child.status() == psutil.STATUS_ZOMBIE]
    assert not children()


async def test_the_event_loop_is_not_held_up_by_deaths_and_starts(tmp_path):
    late = []

    async def tick():
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(0.005)
            late.append(time.perf_counter() - asked - 0.005)

    async with a_pool(tmp_path) as pool:
        ticking = asyncio.create_task(tick())
        for _ in range(3):
            with pytest.raises(RenderFailed):
                await pool.render(job("killed"), nobody)
        await pool.ready()
        ticking.cancel()
    late.sort()
    assert late[len(late) * 9 // 10] < 0.02, "nine ticks of ten are in time, whatever else this machine does"
    assert len(late) > 20


async def test_closing_the_pool_ends_jobs_under_way(tmp_path):
    async with a_pool(tmp_path) as pool:
        await pool.ready()
        task = asyncio.create_task(pool.render(job("hangs"), nobody))
        await asyncio.sleep(0.1)
    with pytest.raises(RenderFailed):
        await task
    assert not children()


async def test_closing_the_pool_ends_the_wait_for_it(tmp_path):
    async with a_pool(tmp_path) as pool:
        await pool.ready()
        jobs = [asyncio.create_task(pool.render(job("hangs"), nobody)) for _ in range(3)]
        await asyncio.sleep(0.1)
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [RenderFailed] * 3


@pytest.mark.parametrize("after_s", [0, 0.01, 0.05, 0.1])
async def test_closing_a_pool_that_replaces_a_worker_leaves_nothing(tmp_path, after_s):
    async with a_pool(tmp_path, warm=[]) as pool:
        with pytest.raises(RenderFailed):
            await pool.render(job("killed"), nobody)
        await asyncio.sleep(after_s)
    assert not children()


async def test_closing_a_pool_that_still_starts_leaves_nothing(tmp_path):
    async with a_pool(tmp_path, slots=2):
        await asyncio.sleep(0.02)
    assert not children()


async def test_signals_from_the_terminal_are_the_parents_to_handle(pool):
    await pool.ready()
    before = pool.pids()
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(before[0], number)
    assert await pool.render(job(), nobody)
    assert pool.pids() == before
    assert os.getpgid(before[0]) != os.getpgid(0)


def oom_score(pid):
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_workers_are_modest(pool):
    await pool.ready()
    pid = pool.pids()[0]
    assert psutil.Process(pid).nice() >= min(psutil.Process().nice() + 5, 19)
    assert oom_score(pid) >= 500


PARENT = """
import asyncio, sys
from pathlib import Path
from tests.generation.test_pool import a_pool, job, nobody

async def main():
    async with a_pool(Path(sys.argv[1]), slots=2) as pool:
        await pool.ready()
        task = asyncio.create_task(pool.render(job("hangs"), lambda p: print(*pool.pids(), flush=True)))
        await task

asyncio.run(main())
"""


async def test_workers_die_with_a_parent_that_is_killed(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    parent = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pids = [int(pid) for pid in (await parent.stdout.readline()).split()]
    assert len(pids) == 2
    parent.kill()
    await parent.communicate()
    await until(lambda: not any(is_running(pid) for pid in pids), within_s=3)


def is_running(pid):
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def test_the_bots_side_of_a_pool_loads_nothing_that_draws():
    code = (
        "import sys, generation.pools.local, generation.job, generation.styles, generation.errors\n"
        "print({'numpy', 'PIL', 'cv2', 'torch', 'ai_edge_litert', 'multiprocessing'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert found.strip() == "set()"
