"""A folder of style nets becomes styles, or the operator hears what is wrong with it."""

import pickle
from pathlib import Path

import pytest

from generation.errors import TwoMedia
from generation.styles.catalogue import BadPack
from generation.styles.mixing import mix
from generation.styles.nets import read_nets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole one, its nets empty files: nobody here looks into them."""
    folder = tmp_path / "Painted things"
    (folder / "transfer" / "pictures").mkdir(parents=True)
    (folder / "generators").mkdir()
    for name in (
        "transfer/style_predict_quantized_256.tflite",
        "transfer/style_transfer_fp32_dynamic.onnx",
        "transfer/LICENSE",
        "transfer/pictures/starry_swirls.jpg",
        "transfer/pictures/Wood Cut.png",
        "transfer/pictures/.DS_Store",
        "generators/paprika.onnx",
        "generators/hayao.safetensors",
        "generators/README.md",
    ):
        (folder / name).write_bytes(b"")
    return folder


def test_every_picture_and_every_generator_is_a_style(folder: Path) -> None:
    styles = {style.name: style for style in read_nets(folder)}
    assert list(styles) == ["wood-cut", "starry-swirls", "hayao", "paprika"]
    assert {style.pack for style in styles.values()} == {"painted-things"}
    assert {style.engine for style in styles.values()} == {"stylenet"}
    swirls = styles["starry-swirls"]
    (step,) = swirls.steps
    assert (swirls.title, step.effect) == ("Starry swirls", "arbitrary")
    assert step.params["picture"] == str(folder / "transfer/pictures/starry_swirls.jpg")
    assert step.params["net"] == str(folder / "transfer")
    assert styles["paprika"].steps[0].params == {"file": str(folder / "generators/paprika.onnx")}


def test_a_table_beside_a_file_says_how_it_is_called_and_drawn(folder: Path) -> None:
    (folder / "transfer/pictures/Wood Cut.toml").write_text(
        'title = "Woodcut"\nline = "Cut into pear wood"\nemoji = "🪵"\nstrength = 0.6\naliases = ["xylography"]\n'
        'licence = "cc0-1.0"\ntone = 0.3\nkeep = 0.5\nside_px = 800\n'
    )
    (folder / "generators/paprika.toml").write_text('layout = "nhwc"\nrange = "-1..1"\ntone = 1\n')
    styles = {style.name: style for style in read_nets(folder)}
    cut, paprika = styles["wood-cut"], styles["paprika"]
    assert (cut.title, cut.line, cut.emoji, cut.strength) == ("Woodcut", "Cut into pear wood", "🪵", 0.6)
    assert cut.aliases == ("xylography",)
    assert {key: cut.steps[0].params[key] for key in ("tone", "keep", "side_px")} == {
        "tone": 0.3,
        "keep": 0.5,
        "side_px": 800,
    }
    assert paprika.steps[0].params["layout"] == "nhwc"


def test_a_style_of_a_net_crosses_to_a_worker(folder: Path) -> None:
    for style in read_nets(folder):
        assert pickle.loads(pickle.dumps(style)) == style


def test_a_picture_has_room_for_one_net(folder: Path) -> None:
    styles = read_nets(folder)
    with pytest.raises(TwoMedia, match="both draw the whole picture anew"):
        mix([styles[0], styles[1]])
    with pytest.raises(TwoMedia):
        mix([styles[0], styles[-1]])


def test_one_of_the_two_folders_is_enough(folder: Path) -> None:
    (folder / "generators").rename(folder / "elsewhere")
    assert [style.name for style in read_nets(folder)] == ["wood-cut", "starry-swirls"]


@pytest.mark.parametrize("licence", ["cc-by-nc-4.0", "research only", "non-commercial"])
def test_what_may_not_be_used_commercially_is_refused_unless_the_operator_says_yes(folder: Path, licence: str) -> None:
    (folder / "generators/hayao.toml").write_text(f'licence = "{licence}"')
    with pytest.raises(BadPack, match=r"hayao\.safetensors is under .*ACCEPT_NONCOMMERCIAL"):
        read_nets(folder)
    assert len(read_nets(folder, accepts_noncommercial=True)) == 4


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("generators/papirka.toml", "", r"papirka\.toml belongs to nothing"),
        ("generators/paprika.toml", "title = ", r"paprika\.toml is not valid TOML"),
        ("generators/paprika.toml", "colour = 1", r"unknown keys: colour\. Known: aliases, architecture"),
        ("generators/paprika.toml", "title = 1", "title is a text in quotes"),
        ("generators/paprika.toml", "strength = 0.1", r"strength is a number from 0\.2 to 1"),
        ("generators/paprika.toml", 'aliases = "hot"', "aliases is a list"),
        ("generators/paprika.toml", 'tone = "much"', "tone is a number"),
        ("generators/paprika.toml", "layout = 3", "layout is a text"),
        ("transfer/pictures/starry_swirls.toml", 'layout = "nhwc"', "unknown keys: layout"),
        ("transfer/pictures/paprika.png", "", "another style named paprika"),
        ("transfer/another_predictor.onnx", "", "2 files with 'predict' in the name"),
        ("transfer/pictures/---.png", "", "no name for a style"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(folder: Path, file: str, text: str, said: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(BadPack, match=said):
        read_nets(folder)


def test_a_folder_that_lacks_something_says_what(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="needs a folder 'transfer' or a folder 'generators'"):
        read_nets(tmp_path / "nowhere")
    for picture in (folder / "transfer/pictures").iterdir():
        picture.unlink()
    with pytest.raises(BadPack, match="holds no picture"):
        read_nets(folder)
    (folder / "transfer/style_transfer_fp32_dynamic.onnx").unlink()
    with pytest.raises(BadPack, match=r"no file with 'transf' in the name and ending in \.onnx"):
        read_nets(folder)
