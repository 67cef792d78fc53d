"""The bench of painting runs: every mode, on the tiny klein. How fast it is, no test asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from bench import generation
from bench.generation_ceilings import Ceilings, Work, work_of
from bench.generation_serve import queued_p95_s
from bench.generation_subject import full_size
from generation.engines.diffusion.references import References
from generation.face.models import default_folder, fetch_models
from tests.engines.tiny_models import save_tiny_klein
from tests.generation.diffusion.rows import noise


@pytest.fixture(scope="module", autouse=True)
def _as_before() -> Iterator[None]:
    """The bench sets both for tiny models."""
    fetch_models(default_folder())
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)
    torch.set_flush_denormal(False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def printed(mode: str, *more: str) -> str:
        generation.main([mode, "--tiny", "--device", "cpu", "--jobs", "2", *more])
        return capsys.readouterr().out

    return printed


def test_the_ceilings_of_whatever_machine_it_runs_on(run) -> None:
    printed = run("ceilings")
    for what in ("fp32", "fp8", "our fp8 layer", "attention", "copy"):
        assert re.search(rf"{what}.* [\d.e-]+ (TFLOP|GB)/s", printed), what


def test_stock_and_ours_do_the_same_work(run) -> None:
    printed = run("ours", "--refs", "2", "--ref-sides", "64,80")
    tokens = {who: re.findall(rf"{who}.* (\d+) tokens", printed) for who in ("stock", "batch 1", "batch 2")}
    assert tokens == dict.fromkeys(tokens, ["560", "578"])
    assert len(re.findall(r"\d x stock", printed)) == 4
    assert "FAILED" not in printed


def test_ours_in_8_bits(run) -> None:
    assert "FAILED" not in run("ours", "--fp8", "--batches", "2")


def test_the_stock_pipeline_alone(run, tmp_path: Path) -> None:
    folder = save_tiny_klein(tmp_path / "klein")
    assert re.search(r"stock FIFO .* pictures/s .* of the floor", run("stock", "--model", str(folder)))


def test_a_crowd_at_three_loads_is_served_whole(run) -> None:
    printed = run("serve")
    assert re.findall(r"load +(\d+) %.* 0 failed  0 late", printed) == ["50", "80", "110"]


def test_one_queue_at_four_fifths_of_its_pace_keeps_one_in_twenty_waiting_for_long() -> None:
    """M/D/1: known to be 7.6 times the service at 80 %, and 3.1 at half."""
    for load, p95 in ((0.8, 7.6), (0.5, 3.05)):
        assert queued_p95_s(load, jobs=200_000, each_s=1.0) == pytest.approx(p95, rel=0.05)


def test_overhead_of_every_kind(run) -> None:
    printed = run("overhead")
    for what in ("scheduler", "admission", "photo's bytes", "cancelled"):
        assert re.search(rf"{what}.*\d\.\d", printed), what


def test_random_weights_are_as_many_as_the_real_ones_and_ask_for_as_much() -> None:
    """Of shapes alone: 3.88, 4.02 and 0.084 thousand million numbers; 241.5 TFLOP a picture with a reference."""
    pipeline = full_size("meta")
    sizes = {
        name: sum(part.numel() for part in getattr(pipeline, name).parameters()) / 1e9
        for name in ("transformer", "text_encoder", "vae")
    }
    assert sizes == pytest.approx({"transformer": 3.88, "text_encoder": 4.02, "vae": 0.084}, rel=0.005)
    work = work_of(pipeline, References((1024, 1024), noise(0), (noise(0, 768, 768),), (), None), steps=4)
    assert work.tokens == 512 + 64 * 64 + 48 * 48
    assert work.whole / 1e12 == pytest.approx(241.5, rel=0.005)


def test_the_floor_is_the_arithmetic_at_the_rate_of_matrices() -> None:
    work = Work(tokens=1, matrices=300, others=100)
    assert Ceilings(matrices=100, in_8_bits=None).floor_s(work) == 4
    assert Ceilings(matrices=100, in_8_bits=200).floor_s(work) == 2.5
