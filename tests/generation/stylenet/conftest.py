"""A folder of tiny nets and pictures, an engine, and the photos that the tests draw."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.engine import Rendering, load_engine
from generation.engines.stylenet.engine import StyleNetEngine
from generation.job import Job
from generation.photo import Photo
from generation.styles.nets import read_nets
from generation.styles.style import Step, Style, Value
from tests.engines.tiny_onnx import write_generator, write_predictor, write_transformer
from tests.generation.test_every_style import small

Styles = dict[str, Style]
Draw = Callable[..., Rendering]


@pytest.fixture(scope="session")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pictures and three generators: one that answers with its question, one in negative, one that whitens."""
    folder = tmp_path_factory.mktemp("nets") / "painted"
    (folder / "transfer" / "pictures").mkdir(parents=True)
    (folder / "generators").mkdir()
    write_predictor(folder / "transfer" / "predictor.onnx")
    write_transformer(folder / "transfer" / "transformer.onnx")
    for name, colour in (("blue", (20, 40, 220)), ("chalk", (250, 250, 250))):
        Image.new("RGB", (96, 80), colour).save(folder / "transfer" / "pictures" / f"{name}.png")
    for name, factor, shift in (("echo", 1.0, 0.0), ("negative", -1.0, 0.0), ("whitener", 0.4, 0.6)):
        write_generator(folder / "generators" / f"{name}.onnx", factor, shift)
    return folder


@pytest.fixture(scope="session")
def styles(nets: Path) -> Styles:
    return {style.name: style for style in read_nets(nets)}


@pytest.fixture(scope="session")
def engine(models: Path) -> StyleNetEngine:
    loaded = load_engine("stylenet", "cpu", models)
    assert isinstance(loaded, StyleNetEngine)
    return loaded


@pytest.fixture(scope="session")
def draw(engine: StyleNetEngine) -> Draw:
    def drawn(style: Style, strength: float | None = None, pixels: np.ndarray | None = None) -> Rendering:
        job = Job("1", style, (b"",), style.strength if strength is None else strength, seed=5)
        return engine.render(job, (Photo(small() if pixels is None else pixels),), lambda share: None)

    return drawn


def with_params(style: Style, **params: Value) -> Style:
    """The same style, drawn otherwise."""
    (step,) = style.steps
    return replace(style, steps=(Step(step.effect, {**step.params, **params}),))


def far(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference in grey values."""
    return float(np.abs(one.astype(np.float32) - other).mean())
