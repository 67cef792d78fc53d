"""The whole engine on the tiny klein: loaded by path, photos in, pictures out."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from generation.engine import BatchedEngine, Rendering, load_painter
from generation.engines import diffusion
from generation.engines.diffusion.engine import DiffusionEngine
from generation.engines.diffusion.references import References
from generation.errors import NoFace, RenderFailed, UserError, WordsUnreadable
from generation.job import Answer, Job, Note, Picture, Progress
from generation.label.kinds import Kind
from generation.painter import Dtype, Painter, PainterUnusable
from generation.photo import Photo
from generation.stream import Stream
from generation.styles.imagined import imagine
from generation.styles.style import Painted, Style

VIKING = Style("viking", "p", "Viking", "", "", prompt="Make this person a viking.")
LIPS = Style("lips", "p", "Lips", "", "", prompt="Give this person red lips.", painted=Painted.HEAD)
STATUE = Style("statue", "p", "Statue", "", "", prompt="Make this person a marble statue.")


@pytest.fixture
def people(astronaut: np.ndarray) -> list[Photo]:
    """Four who differ as far as the tiny model can tell."""
    shades = [astronaut, astronaut[:, ::-1], 255 - (255 - astronaut) // 2, astronaut[..., ::-1]]
    return [Photo(np.ascontiguousarray(shade[:400, 60:460])) for shade in shades]


def job(job_id: str, style: Style = VIKING, **more: float) -> Job:
    return replace(Job(job_id, style, (b"",), strength=1.0, seed=sum(map(ord, job_id))), **more)  # type: ignore[arg-type]


def drawn(engine: BatchedEngine, *orders: tuple[Job, Sequence[Photo]]) -> dict[str, Rendering | UserError]:
    """Each joins one step after the one before."""
    ended: dict[str, Rendering | UserError] = {}
    for order, photos in orders:
        engine.begin(order, engine.prepare(order, tuple(photos)), lambda share: None)
        ended.update(finished(engine))
    for _ in range(20):
        ended.update(finished(engine))
    return ended


def finished(engine: BatchedEngine) -> dict[str, Rendering | UserError]:
    """A step, and what is left to do of its pictures."""
    return {name: end() if callable(end) else end for name, end in engine.step()}


def pixels(ended: Rendering | UserError) -> np.ndarray:
    assert isinstance(ended, Rendering)
    return ended.pixels.astype(int)


def test_a_picture_is_generated_and_says_where_the_face_is_and_what_took_how_long(
    engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    ended = drawn(engine, (job("a"), people[:1]))["a"]
    assert isinstance(ended, Rendering)
    assert ended.kind is Kind.GENERATED
    assert ended.pixels.shape == (64, 64, 3)
    assert ended.pixels.dtype == np.uint8
    assert ended.face is not None
    assert [name for name, _ in ended.stages] == ["queue", "steps", "decode"]


def test_a_painted_head_is_laid_back_into_the_photo(engine: DiffusionEngine[Any, Any], people: list[Photo]) -> None:
    photo = people[0]
    ended = drawn(engine, (job("a", LIPS), [photo]))["a"]
    assert isinstance(ended, Rendering)
    assert ended.kind is Kind.COMPOSITE
    changed = np.abs(pixels(ended) - photo.pixels).max(2) > 0
    assert changed.any()
    assert not changed[350:].any()
    assert not changed[:, 350:].any()
    assert ended.face is not None
    (face,) = engine.cutter._finder.find(photo.pixels)
    x, y = face.points[[33, 263, 152]].T
    x0, y0, x1, y1 = ended.face
    assert x0 <= x.min() < x.max() <= x1
    assert y0 <= y.min() < y.max() <= y1
    assert [name for name, _ in ended.stages] == ["queue", "steps", "decode", "lay"]


def test_a_painted_head_comes_out_labelled_as_a_part_of_the_photo(
    engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    said: list[Answer] = []

    def hear(answer: Answer) -> None:
        said.append(answer)
        if not isinstance(answer, Progress):
            stream.close()

    stream = Stream(engine, hear, threads=1)
    png = cv2.imencode(".png", people[0].pixels[..., ::-1])[1].tobytes()
    stream.take(replace(job("a", LIPS), photos=(png,)))
    stream.run()
    picture = said[-1]
    assert isinstance(picture, Picture)
    assert picture.kind == Kind.COMPOSITE
    assert (picture.width_px, picture.height_px) == (400, 400)
    assert "lay" in dict(picture.stages)


def test_a_head_that_fills_the_photo_is_a_picture_of_its_own(
    engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    closeup = Photo(np.ascontiguousarray(people[0].pixels[20:220, 60:260]))
    ended = drawn(engine, (job("a", LIPS), [closeup]))["a"]
    assert isinstance(ended, Rendering)
    assert ended.pixels.shape == (200, 200, 3)
    assert ended.kind is Kind.GENERATED


def test_laying_a_head_back_is_left_to_another_thread(engine: DiffusionEngine[Any, Any], people: list[Photo]) -> None:
    order = job("a", LIPS)
    engine.begin(order, engine.prepare(order, (people[0],)), lambda share: None)
    ((_, end),) = [ended for _ in range(6) for ended in engine.step()]
    assert not isinstance(end, Rendering | UserError)


def test_four_people_at_once_each_get_the_picture_they_would_get_alone(
    engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    jobs = [job("a"), job("b", STATUE), job("c"), job("d", imagine("me in the rain"))]
    together = drawn(engine, *((each, [photo]) for each, photo in zip(jobs, people, strict=True)))
    for each, photo in zip(jobs, people, strict=True):
        alone = drawn(engine, (each, [photo]))[each.id]
        assert np.abs(pixels(together[each.id]) - pixels(alone)).max() <= 1
    assert len({pixels(ended).tobytes() for ended in together.values()}) == 4


def test_the_same_seed_gives_the_same_picture_and_another_another(
    engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    first, again, other = (pixels(drawn(engine, (job("a", seed=seed), people[:1]))["a"]) for seed in (7, 7, 8))
    assert (first == again).all()
    assert (first != other).any()


def test_likeness_and_strength_change_the_picture(engine: DiffusionEngine[Any, Any], people: list[Photo]) -> None:
    changes: list[dict[str, float]] = [{}, {"likeness": 0.9}, {"likeness": 0.1}, {"strength": 0.4}]
    pictures = {pixels(drawn(engine, (job("a", **change), people[:1]))["a"]).tobytes() for change in changes}
    assert len(pictures) == 4


def test_a_photo_without_a_face_is_refused_before_the_device_is_needed(engine: DiffusionEngine[Any, Any]) -> None:
    with pytest.raises(NoFace):
        engine.prepare(job("a"), (Photo(np.full((300, 300, 3), 120, np.uint8)),))


def test_a_cancelled_job_leaves_nothing_behind(engine: DiffusionEngine[Any, Any], people: list[Photo]) -> None:
    room = engine.room
    order = job("a")
    engine.begin(order, engine.prepare(order, (people[0],)), lambda share: None)
    assert engine.room < room
    engine.step()
    engine.cancel("a")
    engine.cancel("nobody")
    assert engine.room == room
    assert list(engine.step()) == []
    assert engine._under_way == {}


def test_a_job_whose_numbers_break_fails_alone(engine: DiffusionEngine[Any, Any], people: list[Photo]) -> None:
    prepared = engine.prepare(job("a"), (people[0],))
    broken = replace(prepared, wish=replace(prepared.wish, words=prepared.wish.words * float("nan")))
    engine.begin(job("a"), broken, lambda share: None)
    ended = drawn(engine, (job("b", STATUE), people[1:2]))
    assert isinstance(ended["a"], RenderFailed)
    assert isinstance(ended["b"], Rendering)


def test_a_style_without_words_is_not_for_a_painter(engine: DiffusionEngine[Any, Any]) -> None:
    engine.check(VIKING)
    with pytest.raises(ValueError, match="prompt"):
        engine.check(Style("plain", "p", "Plain", "", ""))


def test_what_a_check_of_likeness_says_goes_with_the_picture(
    engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:

    def small(references: References, pixels: np.ndarray) -> tuple[Note, ...]:
        return (Note.SMALL_FACE,) if pixels.shape[1::-1] == references.canvas else ()

    checked = DiffusionEngine(engine.denoiser, engine.cutter, engine.batcher, small)
    ended = drawn(checked, (job("a"), people[:1]))["a"]
    assert isinstance(ended, Rendering)
    assert ended.notes == (Note.SMALL_FACE,)


def test_without_a_text_encoder_it_paints_what_was_read_before(
    painter: Painter, models: Path, people: list[Photo]
) -> None:
    assert diffusion.embed_all(painter, "cpu", [VIKING]) == 3
    assert diffusion.embed_all(painter, "cpu", [VIKING]) == 0
    wordless = load_painter(replace(painter, text_device="none"), "cpu", models)
    with_words = load_painter(painter, "cpu", models)
    for likeness in (0.2, 0.5, 0.9):
        order = job("a", likeness=likeness), people[:1]
        assert (pixels(drawn(wordless, order)["a"]) == pixels(drawn(with_words, order)["a"])).all()
    with pytest.raises(WordsUnreadable):
        wordless.prepare(job("b", imagine("me in the rain")), (people[0],))


def test_what_people_wrote_is_not_kept(painter: Painter, models: Path, people: list[Photo]) -> None:
    assert painter.text_cache is not None
    engine = load_painter(painter, "cpu", models)
    engine.prepare(job("a", imagine("me and my secret")), (people[0],))
    assert not painter.text_cache.exists()
    engine.prepare(job("a"), (people[0],))
    assert len(list(painter.text_cache.iterdir())) == 1


@pytest.mark.parametrize("dtype", [Dtype.BF16, Dtype.FP8])
def test_weights_held_in_fewer_bits_draw_nearly_the_same(
    painter: Painter, models: Path, engine: DiffusionEngine[Any, Any], people: list[Photo], dtype: Dtype
) -> None:
    exact = pixels(drawn(engine, (job("a"), people[:1]))["a"])
    shorter = load_painter(replace(painter, dtype=dtype), "cpu", models)
    rough = pixels(drawn(shorter, (job("a"), people[:1]))["a"])
    assert np.abs(exact - rough).mean() < (2 if dtype is Dtype.BF16 else 12)


def test_a_folder_without_a_model_is_said_in_a_sentence(painter: Painter, models: Path, tmp_path: Path) -> None:
    with pytest.raises(PainterUnusable, match="save_pretrained"):
        load_painter(replace(painter, model=str(tmp_path), accepts_noncommercial=True), "cpu", models)


def test_a_folder_that_is_not_there_is_said_in_a_sentence(painter: Painter, models: Path, tmp_path: Path) -> None:
    with pytest.raises(PainterUnusable, match="neither a folder"):
        load_painter(replace(painter, model=str(tmp_path / "nowhere"), accepts_noncommercial=True), "cpu", models)


def test_a_model_of_the_hub_that_is_not_here_is_said_in_a_sentence(painter: Painter, models: Path) -> None:
    with pytest.raises(PainterUnusable, match="selfiebot models get"):
        load_painter(replace(painter, model="nobody/nothing", accepts_noncommercial=True), "cpu", models)


@pytest.mark.parametrize("file", ["transformer/diffusion_pytorch_model.safetensors", "vae/config.json"])
def test_a_folder_with_a_part_missing_is_said_in_a_sentence(
    painter: Painter, models: Path, tmp_path: Path, file: str
) -> None:
    folder = Path(shutil.copytree(painter.model, tmp_path / "model"))
    (folder / file).unlink()
    with pytest.raises(PainterUnusable, match="cannot be loaded"):
        load_painter(replace(painter, model=str(folder)), "cpu", models)


def test_a_damaged_file_is_said_in_a_sentence(painter: Painter, models: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(painter.model, tmp_path / "model"))
    (folder / "vae/diffusion_pytorch_model.safetensors").write_bytes(b"half of it")
    with pytest.raises(PainterUnusable, match="cannot be loaded"):
        load_painter(replace(painter, model=str(folder)), "cpu", models)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("_class_name", "StableDiffusionXLPipeline", "not a FLUX.2 klein"), ("is_distilled", False, "undistilled")],
)
def test_a_model_of_another_family_is_refused(
    painter: Painter, models: Path, tmp_path: Path, key: str, value: object, said: str
) -> None:
    folder = Path(shutil.copytree(painter.model, tmp_path / "model"))
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | {key: value}))
    with pytest.raises(PainterUnusable, match=said):
        load_painter(replace(painter, model=str(folder)), "cpu", models)


def test_a_licence_nobody_knows_is_refused(painter: Painter, models: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(painter.model, tmp_path / "model"))
    (folder / "README.md").unlink()
    with pytest.raises(PainterUnusable, match="licence"):
        load_painter(replace(painter, model=str(folder)), "cpu", models)


def test_a_processor_takes_the_tiniest_numbers_for_0(painter: Painter, models: Path) -> None:
    torch.set_flush_denormal(False)
    assert (torch.tensor([1e-39]) * 1).item() > 0
    load_painter(painter, "cpu", models)
    assert (torch.tensor([1e-39]) * 1).item() == 0


def test_missing_packages_are_said_in_a_sentence(
    painter: Painter, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "generation.engines.diffusion.klein", None)
    with pytest.raises(PainterUnusable, match=r"selfiebot\[diffusion\]"):
        load_painter(painter, "cpu", models)
