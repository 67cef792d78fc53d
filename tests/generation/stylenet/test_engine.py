"""Styles of nets, from the operator's folder to a labelled picture; the nets are tiny, their colours known."""

import io
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from generation.engines.stylenet.engine import StyleNetEngine
from generation.errors import NoFace, RenderFailed
from generation.face.finder import FaceFinder
from generation.job import Job, Picture
from generation.label.kinds import Kind
from generation.styles.nets import read_nets
from generation.styles.style import Style, step
from generation.worker import WARM_PHOTO, Worker
from tests.engines.tiny_onnx import NCHW, write_generator
from tests.generation.label.test_metadata import read
from tests.generation.stylenet.conftest import Draw, Styles, far, with_params
from tests.generation.test_every_style import small

NAMES = ["blue", "chalk", "echo", "negative", "whitener"]
PHOTO = WARM_PHOTO.read_bytes()


def net_style(**params: str) -> Style:
    return Style("mine", "painted", "Mine", "A test.", "🧪", 1.0, "stylenet", (step("generator", **params),))


def test_a_folder_of_nets_becomes_labelled_pictures(styles: Styles, models: Path) -> None:
    worker = Worker("cpu", models)
    for style in styles.values():
        picture = worker.answer(Job("1", style, (PHOTO,), style.strength, seed=1))
        assert isinstance(picture, Picture)
        image = Image.open(io.BytesIO(picture.data))
        assert image.size == Image.open(io.BytesIO(PHOTO)).size
        fields = read(image.info["xmp"])
        assert fields["Iptc4xmpExt:DigitalSourceType"] == Kind.GENERATED.words.source_uri
        assert fields["dc:description"]["en"].endswith(f"Style: {style.title}")
        stages = [name for name, _ in picture.stages]
        assert [name for name in stages if name != "load"] == [
            *("read", "face", "net", "person", "tone", "blend", "rest", "label")
        ]


@pytest.mark.parametrize("name", NAMES)
def test_strength_0_is_the_photo_and_nothing_generated(styles: Styles, draw: Draw, name: str) -> None:
    rendering = draw(styles[name], 0.0)
    assert np.array_equal(rendering.pixels, small())
    assert rendering.kind is Kind.ENHANCED


@pytest.mark.parametrize("name", NAMES)
def test_a_stronger_style_is_farther_from_the_photo_without_a_jump(styles: Styles, draw: Draw, name: str) -> None:
    away = [far(draw(styles[name], strength).pixels, small()) for strength in (0.02, 0.2, 0.5, 1.0)]
    assert away[0] < 2.5
    assert away == sorted(away)
    assert away[-1] > 1 or name == "echo"


def test_a_net_that_changes_nothing_leaves_the_photo(styles: Styles, draw: Draw) -> None:
    assert far(draw(styles["echo"]).pixels, small()) < 1


def test_the_same_job_gives_the_same_picture_whoever_came_between(styles: Styles, draw: Draw) -> None:
    first = {name: draw(styles[name]).pixels for name in NAMES}
    draw(styles["blue"], pixels=small("dark"))
    assert all(np.array_equal(draw(styles[name]).pixels, first[name]) for name in reversed(NAMES))


def test_a_picture_is_a_style_by_its_content(styles: Styles, draw: Draw) -> None:
    wall = np.s_[5:40, 5:30]
    blue, chalk = (draw(styles[name]).pixels[wall].reshape(-1, 3).mean(axis=0) for name in ("blue", "chalk"))
    assert blue[2] > blue[0] + 60
    assert chalk.min() > 180


@pytest.mark.parametrize("size", [(512, 512), (301, 257), (1200, 901)])
def test_the_size_stays_whatever_it_is(
    styles: Styles, draw: Draw, astronaut: np.ndarray, size: tuple[int, int]
) -> None:
    pixels = cv2.resize(astronaut, size[::-1], interpolation=cv2.INTER_AREA)
    for name in ("blue", "negative"):
        assert draw(with_params(styles[name], side_px=300), pixels=pixels).pixels.shape == (*size, 3)


def test_a_large_photo_keeps_its_fine_lines(styles: Styles, draw: Draw, astronaut: np.ndarray) -> None:
    def fine(pixels: np.ndarray) -> float:
        return float(cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std())

    drawn = draw(with_params(styles["echo"], side_px=200), pixels=astronaut).pixels
    alone = cv2.resize(cv2.resize(astronaut, (200, 200), interpolation=cv2.INTER_AREA), (512, 512))
    assert fine(drawn) > 1.5 * fine(alone)


def test_every_layout_and_range_draws_the_same(draw: Draw, nets: Path, styles: Styles, tmp_path: Path) -> None:
    expected = draw(styles["negative"]).pixels
    channels_first, units, fixed = (tmp_path / f"{name}.onnx" for name in ("first", "units", "fixed"))
    write_generator(channels_first, -1, 0, NCHW)
    write_generator(units, -1, 1)
    write_generator(fixed, -1, 0, (1, 3, 320, 256))
    assert np.array_equal(draw(net_style(file=str(channels_first))).pixels, expected)
    assert far(draw(net_style(file=str(units), range="0..1")).pixels, expected) < 0.5
    assert far(draw(net_style(file=str(fixed))).pixels, expected) < 6, "a net of one size is shown the whole photo"
    write_generator(units, -1 / 255, 1)
    assert far(draw(net_style(file=str(units), range="0..255", range_out="0..1")).pixels, expected) < 0.5


def test_a_face_is_wanted_as_by_every_engine(styles: Styles, draw: Draw) -> None:
    with pytest.raises(NoFace):
        draw(styles["blue"], pixels=np.full((200, 200, 3), 120, np.uint8))


def test_progress_is_reported_forward_to_the_end(engine: StyleNetEngine, styles: Styles) -> None:
    from generation.photo import Photo

    said: list[float] = []
    engine.render(Job("1", styles["blue"], (b"",), 1.0, 0), (Photo(small()),), said.append)
    assert said == sorted(said)
    assert said[-1] == 1


@pytest.mark.parametrize(
    "name",
    ["transfer/predictor.onnx", "transfer/transformer.onnx", "generators/echo.onnx", "transfer/pictures/blue.png"],
)
@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "missing"])
def test_a_damaged_file_is_named_and_costs_only_its_own_jobs(
    nets: Path, models: Path, engine: StyleNetEngine, tmp_path: Path, name: str, damage: str
) -> None:
    folder = tmp_path / "painted"
    shutil.copytree(nets, folder)
    styles = {style.name: style for style in read_nets(folder)}
    whole = (folder / name).read_bytes()
    broken = {"garbage": bytes(range(256)) * 4, "cut": whole[: len(whole) // 2], "empty": b""}
    if damage == "missing":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(broken[damage])
    style = styles["echo" if "echo" in name else "blue"]
    with pytest.raises(ValueError, match=Path(name).name if damage != "missing" else Path(name).stem[:6]):
        engine.check(style)
    if damage == "garbage" and name.startswith("generators"):
        worker = Worker("cpu", models)
        assert isinstance(worker.answer(Job("1", style, (PHOTO,), 1.0, 1)), RenderFailed)
        assert isinstance(worker.answer(Job("2", styles["negative"], (PHOTO,), 1.0, 1)), Picture)


@pytest.mark.parametrize(
    "other", [b"", bytes(range(256)) * 8, "selfie_segmentation.tflite", "hand_landmark_full.tflite"]
)
def test_a_predictor_of_litert_that_is_none_is_named(
    nets: Path, models: Path, engine: StyleNetEngine, tmp_path: Path, other: bytes | str
) -> None:
    folder = tmp_path / "transfer"
    shutil.copytree(nets / "transfer", folder)
    (folder / "predictor.onnx").unlink()
    (folder / "predictor.tflite").write_bytes(other if isinstance(other, bytes) else (models / other).read_bytes())
    params = {"net": str(folder), "picture": str(folder / "pictures" / "blue.png")}
    style = Style("mine", "painted", "Mine", "A test.", "🧪", 1.0, "stylenet", (step("arbitrary", **params),))
    with pytest.raises(ValueError, match=r"predictor\.tflite is no LiteRT net|transformer\.onnx does not run"):
        engine.check(style)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "file must be given"),
        ({"file": "x.onnx", "colour": "red"}, "no parameter colour; there are: architecture, file"),
        ({"file": "x.onnx", "layout": "whcn"}, "layout is one of auto, nhwc, nchw"),
        ({"file": "x.onnx", "range": "0..2"}, "range is one of"),
        ({"file": "x.onnx", "tone": 2.0}, "tone must be a number from 0 to 1"),
        ({"file": "x.onnx", "side_px": 5}, "side_px must be a number from 128 to 2048"),
        ({"file": "/nowhere/x.onnx"}, "x.onnx cannot be read: No such file"),
    ],
)
def test_a_style_that_cannot_be_drawn_says_why(engine: StyleNetEngine, params: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        engine.check(net_style(**params))
    with pytest.raises(ValueError, match=r"\[mine\] it takes exactly one step, arbitrary or generator"):
        engine.check(Style("mine", "p", "Mine", "A test.", "🧪", engine="stylenet", steps=(step("lipstick"),)))


def test_a_graph_that_is_no_picture_to_picture_says_so(engine: StyleNetEngine, tmp_path: Path) -> None:
    file = tmp_path / "odd.onnx"
    for shape, said in [
        ((1, "n"), "must take one picture"),
        ((1, "c", "h", "w"), "does not say the order of its axes"),
    ]:
        write_generator(file, 1, 0, shape)
        with pytest.raises(ValueError, match=said):
            StyleNetEngine(engine.finder, threads=1).check(net_style(file=str(file)))
    write_generator(file, float("nan"), 0)
    with pytest.raises(ValueError, match="no number"):
        StyleNetEngine(engine.finder, threads=1).check(net_style(file=str(file)))


def test_every_style_can_be_checked(engine: StyleNetEngine, styles: Styles, finder: FaceFinder) -> None:
    for style in styles.values():
        engine.check(style)
