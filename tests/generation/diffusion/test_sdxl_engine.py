"""The whole engine on the tiny SDXL: loaded by path, photos in, labelled pictures out; and what it refuses to load."""

from __future__ import annotations

import io
import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from generation.engine import load_painter
from generation.engines import diffusion
from generation.engines.diffusion import sdxl_model
from generation.engines.diffusion.engine import DiffusionEngine, ready
from generation.engines.diffusion.sdxl import Sdxl
from generation.engines.diffusion.sdxl_model import compute_dtype
from generation.errors import RenderFailed, WordsUnreadable
from generation.job import Answer, Picture, Progress
from generation.label.kinds import Kind
from generation.painter import Dtype, Painter, PainterName, PainterUnusable
from generation.photo import Photo
from generation.stream import Stream
from generation.styles.imagined import imagine
from tests.engines.tiny_sdxl import LCM, PLUS_FACE
from tests.generation.diffusion.test_engine import STATUE, VIKING, drawn, job, pixels

CROP = (slice(0, 400), slice(60, 460))
CHANGES: list[dict[str, float]] = [
    {"likeness": 0.9},
    {"likeness": 0.1},
    {"strength": 0.4},
    {"strength": 0.0},
    {"seed": 9},
]


@pytest.fixture
def painter(sdxl_folder: Path, tmp_path: Path) -> Painter:
    return small(sdxl_folder, tmp_path / "words")


@pytest.fixture(scope="module")
def engine(sdxl_folder: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> DiffusionEngine[Any, Any]:
    loaded = load_painter(small(sdxl_folder, tmp_path_factory.mktemp("words")), "cpu", models)
    assert isinstance(loaded, DiffusionEngine)
    return loaded


@pytest.fixture
def people(astronaut: np.ndarray) -> list[Photo]:
    """Four who differ as far as the tiny model can tell."""
    shades = [astronaut, astronaut[:, ::-1], 255 - (255 - astronaut) // 2, astronaut[..., ::-1]]
    return [Photo(np.ascontiguousarray(shade[CROP])) for shade in shades]


@pytest.fixture
def other(painter: Painter, tmp_path: Path) -> Painter:
    """The same in a folder of its own, to be spoilt."""
    return replace(painter, model=str(shutil.copytree(painter.model, tmp_path / "model")))


def small(folder: Path, words: Path) -> Painter:
    return Painter(PainterName.SDXL_IP, str(folder), dtype=Dtype.FP32, size_px=64, ref_side_px=64, text_cache=words)


def file_of(photo: Photo) -> bytes:
    file = io.BytesIO()
    Image.fromarray(photo.pixels).save(file, "JPEG", quality=95)
    return file.getvalue()


def test_four_people_at_once_each_get_the_labelled_picture_they_would_get_alone(
    painter: Painter, models: Path, people: list[Photo]
) -> None:
    engine = load_painter(replace(painter, size_px=128), "cpu", models)
    jobs = [replace(job(name), photos=(file_of(photo),)) for name, photo in zip("abcd", people, strict=True)]

    def painted(*jobs: Any) -> dict[str, Answer]:
        said: dict[str, Answer] = {}
        shares: list[float] = []

        def hear(answer: Answer) -> None:
            if isinstance(answer, Progress):
                shares.append(answer.share)
                return
            said[answer.job] = answer
            if len(said) == len(jobs):
                stream.close()

        stream = Stream(engine, hear)
        for each in jobs:
            stream.take(each)
        stream.run()
        assert len(set(shares)) > 3
        return said

    together = painted(*jobs)
    seen = {}
    for each in jobs:
        picture, alone = together[each.id], painted(each)[each.id]
        assert isinstance(picture, Picture)
        assert isinstance(alone, Picture)
        assert (picture.width_px, picture.height_px, picture.kind) == (128, 128, "generated")
        seen[each.id], lone = (
            np.asarray(Image.open(io.BytesIO(made.data)).convert("RGB")).astype(int) for made in (picture, alone)
        )
        assert np.abs(seen[each.id] - lone).mean() < 1
    assert all(np.abs(seen["a"] - seen[other]).mean() > 3 for other in "bcd")


def test_a_picture_is_generated_from_one_to_four_photos_of_a_person(
    engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    pictures = set()
    for count in (1, 2, 3, 4):
        ended = drawn(engine, (job("a"), people[:count]))["a"]
        assert not isinstance(ended, Exception)
        assert ended.kind is Kind.GENERATED
        assert ended.pixels.shape == (64, 64, 3)
        assert ended.face is not None
        pictures.add(ended.pixels.tobytes())
    assert len(pictures) == 4


def test_seed_likeness_strength_and_words_change_the_picture(
    engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    orders = [job("a"), job("a", STATUE), *(job("a", **change) for change in CHANGES)]
    pictures = [pixels(drawn(engine, (order, people[:1]))["a"]).tobytes() for order in orders]
    assert len(set(pictures)) == len(orders)
    assert pixels(drawn(engine, (job("a"), people[:1]))["a"]).tobytes() == pictures[0]


def test_no_strength_is_nearly_the_photo_itself(engine: DiffusionEngine[Any, Any], people: list[Photo]) -> None:
    prepared = engine.prepare(job("a", strength=0.0), (people[0],))
    row = engine.denoiser.begin(prepared.wish)
    assert row.steps == 1
    assert list(engine.denoiser.step([row])) == [True]


def test_what_a_style_avoids_is_not_said(engine: DiffusionEngine[Any, Any], people: list[Photo]) -> None:
    avoiding = replace(VIKING, avoid="horns on the helmet")
    plain, other = (pixels(drawn(engine, (job("a", style), people[:1]))["a"]) for style in (VIKING, avoiding))
    assert (plain == other).all()


def test_a_job_whose_numbers_break_fails_alone(engine: DiffusionEngine[Any, Any], people: list[Photo]) -> None:
    prepared = engine.prepare(job("a"), (people[0],))
    broken = replace(prepared, wish=replace(prepared.wish, embeds=prepared.wish.embeds * float("nan")))
    engine.begin(job("a"), broken, lambda share: None)
    ended = drawn(engine, (job("b", STATUE), people[1:2]))
    assert isinstance(ended["a"], RenderFailed)
    assert pixels(ended["b"]).shape == (64, 64, 3)


def test_without_text_encoders_it_paints_what_was_read_before(
    painter: Painter, models: Path, people: list[Photo]
) -> None:
    assert diffusion.embed_all(painter, "cpu", [VIKING, replace(VIKING, avoid="horns"), STATUE]) == 2
    assert diffusion.embed_all(painter, "cpu", [VIKING]) == 0
    wordless = load_painter(replace(painter, text_device="none"), "cpu", models)
    with_words = load_painter(replace(painter, text_cache=None), "cpu", models)
    for likeness in (0.2, 0.9):
        order = job("a", likeness=likeness), people[:1]
        assert (pixels(drawn(wordless, order)["a"]) == pixels(drawn(with_words, order)["a"])).all()
    with pytest.raises(WordsUnreadable):
        wordless.prepare(job("b", imagine("me in the rain")), (people[0],))


def test_what_people_wrote_is_neither_kept_nor_logged(
    painter: Painter, models: Path, people: list[Photo], caplog: pytest.LogCaptureFixture
) -> None:
    assert painter.text_cache is not None
    engine = load_painter(painter, "cpu", models)
    for words in ("me and my secret, " * 30, "secret" * 30):
        engine.prepare(job("a", imagine(words)), (people[0],))
    assert not painter.text_cache.exists()
    assert "secret" not in caplog.text
    engine.prepare(job("a"), (people[0],))
    assert len(list(painter.text_cache.iterdir())) == 1


@pytest.mark.parametrize("dtype", [Dtype.BF16, Dtype.FP8])
def test_weights_held_in_fewer_bits_draw_nearly_the_same(
    painter: Painter, models: Path, engine: DiffusionEngine[Any, Any], people: list[Photo], dtype: Dtype
) -> None:
    exact = pixels(drawn(engine, (job("a"), people[:1]))["a"])
    shorter = load_painter(replace(painter, dtype=dtype), "cpu", models)
    rough = pixels(drawn(shorter, (job("a"), people[:1]))["a"])
    assert np.abs(exact - rough).mean() < (3 if dtype is Dtype.BF16 else 12)


@pytest.mark.parametrize(
    ("capability", "dtype"), [((7, 5), torch.float16), ((8, 0), torch.bfloat16), ((9, 0), torch.bfloat16)]
)
def test_cards_without_bfloat16_compute_in_float16(
    painter: Painter, monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert compute_dtype(replace(painter, dtype=Dtype.BF16), "cuda:0") is dtype
    assert compute_dtype(painter, "cuda:0") is torch.float32


def test_in_float16_all_but_the_decoder_computes_and_it_draws_nearly_the_same(
    painter: Painter,
    models: Path,
    engine: DiffusionEngine[Any, Any],
    people: list[Photo],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sdxl_model, "compute_dtype", lambda painter, device: torch.float16)
    parts = sdxl_model.load_parts(replace(painter, dtype=Dtype.BF16), "cpu")
    assert (parts.unet.dtype, parts.vae.dtype) == (torch.float16, torch.float32)
    halves = ready(Sdxl(parts, 4, 4), painter, "cpu", models)
    exact, rough = (pixels(drawn(each, (job("a"), people[:1]))["a"]) for each in (engine, halves))
    assert np.abs(exact - rough).mean() < 1


def test_halves_as_the_hub_has_them_are_loaded(
    other: Painter, models: Path, engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    for part in ("unet", "vae", "text_encoder", "text_encoder_2"):
        (file,) = Path(other.model, part).glob("*.safetensors")
        file.rename(file.with_suffix(".fp16.safetensors"))
    halves = load_painter(other, "cpu", models)
    order = job("a"), people[:1]
    assert (pixels(drawn(halves, order)["a"]) == pixels(drawn(engine, order)["a"])).all()


def test_an_adapter_and_a_lora_may_lie_elsewhere_as_their_makers_publish_them(
    other: Painter, models: Path, tmp_path: Path, engine: DiffusionEngine[Any, Any], people: list[Photo]
) -> None:
    model = Path(other.model)
    published = tmp_path / "published"
    (published / "sdxl_models").mkdir(parents=True)
    (model / "ip" / PLUS_FACE).rename(published / "sdxl_models" / PLUS_FACE)
    (published / "models").mkdir()
    (model / "ip" / "image_encoder").rename(published / "models" / "image_encoder")
    (model / "lcm").rename(tmp_path / "lcm")
    said = replace(other, adapter=str(published), lora=str(tmp_path / "lcm"), accepts_noncommercial=True)
    order = job("a"), people[:1]
    elsewhere = load_painter(said, "cpu", models)
    assert (pixels(drawn(elsewhere, order)["a"]) == pixels(drawn(engine, order)["a"])).all()


def test_without_a_lora_it_paints_and_says_so_in_the_log(
    other: Painter, models: Path, people: list[Photo], caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(Path(other.model, "lcm"))
    with caplog.at_level(logging.WARNING):
        engine = load_painter(other, "cpu", models)
    assert "selfiebot models get lcm-lora" in caplog.text
    assert pixels(drawn(engine, (job("a"), people[:1]))["a"]).shape == (64, 64, 3)


def drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def spoil(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(b"half of it") and None


def change(file: str, **values: object) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        table = json.loads((folder / file).read_text())
        (folder / file).write_text(json.dumps(table | values))

    return changed


def without_faces(folder: Path) -> None:
    shutil.rmtree(folder / "ip")


def with_a_plain_adapter(folder: Path) -> None:
    """As IP-Adapter's own without "plus": one matrix in the place of the resampler."""
    tensors = load_file(folder / "ip" / PLUS_FACE)
    kept = {name: tensor for name, tensor in tensors.items() if name.startswith("ip_adapter.")}
    plain = {"proj.weight": torch.zeros(4 * 32, 16), "proj.bias": torch.zeros(4 * 32)}
    plain |= {"norm.weight": torch.ones(32), "norm.bias": torch.zeros(32)}
    save_file(kept | {f"image_proj.{name}": tensor for name, tensor in plain.items()}, folder / "ip" / PLUS_FACE)


def with_another_models_lora(folder: Path) -> None:
    tensors = load_file(folder / "lcm" / LCM)
    save_file({name.replace("up_blocks", "top_blocks"): each for name, each in tensors.items()}, folder / "lcm" / LCM)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (drop("unet/diffusion_pytorch_model.safetensors"), "cannot be loaded"),
        (drop("vae/config.json"), "cannot be loaded"),
        (spoil("text_encoder_2/model.safetensors"), "cannot be loaded"),
        (drop("model_index.json"), "save_pretrained"),
        (drop("README.md"), "licence"),
        (change("model_index.json", _class_name="Flux2KleinPipeline"), "not an SDXL"),
        (change("model_index.json", requires_aesthetics_score=True), "refiner"),
        (change("scheduler/scheduler_config.json", prediction_type="sample"), "neither noise nor velocity"),
        (change("unet/config.json", time_cond_proj_dim=8), "cannot be loaded|guidance"),
        (without_faces, "selfiebot models get ip-adapter"),
        (drop(f"ip/{PLUS_FACE}"), "IP-Adapter in .* cannot be used"),
        (spoil(f"ip/{PLUS_FACE}"), "IP-Adapter in .* cannot be used"),
        (drop("ip/image_encoder/model.safetensors"), "IP-Adapter in .* cannot be used"),
        (with_a_plain_adapter, "plus"),
        (drop(f"lcm/{LCM}"), "LCM-LoRA in .* cannot be used"),
        (spoil(f"lcm/{LCM}"), "LCM-LoRA in .* cannot be used"),
        (with_another_models_lora, "LCM-LoRA in .* cannot be used: .* the model has not"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(
    other: Painter, models: Path, spoilt: Callable[[Path], None], said: str
) -> None:
    spoilt(Path(other.model))
    with pytest.raises(PainterUnusable, match=said):
        load_painter(other, "cpu", models)


@pytest.mark.parametrize("part", ["model", "adapter", "lora"])
def test_a_part_of_the_hub_that_is_not_here_is_said_in_a_sentence(painter: Painter, models: Path, part: str) -> None:
    absent = replace(painter, accepts_noncommercial=True, **{part: "nobody/nothing"})
    with pytest.raises(PainterUnusable, match="selfiebot models get nobody/nothing"):
        load_painter(absent, "cpu", models)
