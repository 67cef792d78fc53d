"""The command line: what it makes, and that every refusal is a sentence and not a traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from bot.cli import main
from bot.settings import Settings
from generation.face.models import MODELS, default_folder, fetch_models
from generation.styles import read_catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    fetch_models(default_folder())


@pytest.fixture
def selfie(tmp_path: Path) -> Path:
    file = tmp_path / "selfie.png"
    Image.fromarray(data.astronaut()).crop((60, 0, 400, 400)).save(file)
    return file


def test_styles_lists_the_whole_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["styles"]) == 0
    listed = capsys.readouterr().out
    assert all(style.name in listed and style.line in listed for style in read_catalogue())


def test_try_draws_a_labelled_picture_of_the_same_size(selfie: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", str(selfie), "--style", "glam", "-o", "out.jpg"]) == 0
    with Image.open("out.jpg") as picture:
        assert picture.size == (340, 400)
        assert b"algorithmicallyEnhanced" in picture.info["xmp"]
    assert "out.jpg" in capsys.readouterr().out


def test_try_names_the_picture_after_the_photo_and_the_style(selfie: Path) -> None:
    assert main(["try", str(selfie), "--style", "natural", "--strength", "40"]) == 0
    assert Path("selfie-natural.jpg").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["try", "selfie.png", "--style", "gotj"], "Nearest: goth"),
        (["try", "nowhere.png", "--style", "goth"], "can't read nowhere.png"),
        (["try", "text.txt", "--style", "goth"], "can't read that file as a picture"),
        (["try", "empty.png", "--style", "goth"], "empty"),
        (["try", "wall.png", "--style", "goth"], "can't find a face"),
        (["try", "selfie.png", "--style", "goth", "-o", "no/such/folder.jpg"], "can't write"),
        (["styles", "--sheet", "wall.png"], "can't find a face"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    selfie: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("text.txt").write_text("not a picture at all")
    Path("empty.png").write_bytes(b"")
    Image.new("RGB", (400, 500), (120, 130, 140)).save("wall.png")
    assert main(arguments) == 1
    assert words in capsys.readouterr().err


def test_a_sheet_shows_every_style_and_is_labelled(selfie: Path) -> None:
    assert main(["styles", "--sheet", str(selfie), "-o", "sheet.jpg"]) == 0
    with Image.open("sheet.jpg") as sheet:
        assert sheet.width > 1000
        assert b"algorithmicallyEnhanced" in sheet.info["xmp"]


def test_a_folder_of_portraits_gives_a_sheet_for_each_style(selfie: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("faces").mkdir()
    for number in range(2):
        Path(f"faces/face{number}.png").write_bytes(selfie.read_bytes())
    Image.new("RGB", (400, 500), (120, 130, 140)).save("faces/wall.png")
    Path("faces/readme.txt").write_text("Faces.")
    assert main(["styles", "--sheet", "faces", "--only", "red-lips,round-glasses+noir", "-o", "out"]) == 0
    assert sorted(file.name for file in Path("out").iterdir()) == ["red-lips.jpg", "round-glasses+noir.jpg"]
    with Image.open("out/red-lips.jpg") as sheet:
        assert sheet.width > 700
        assert b"algorithmicallyEnhanced" in sheet.info["xmp"]
    told = capsys.readouterr()
    assert "2 styles on 2 photos" in told.out
    assert "wall: I can't find a face" in told.err
    assert "readme: I can't read that file as a picture" in told.err


def test_a_folder_without_a_usable_portrait_is_refused(selfie: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("faces").mkdir()
    assert main(["styles", "--sheet", "faces", "--only", "goth"]) == 1
    assert "There is no photo in faces" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ('{ effect = "lipstik" }', 'ours.toml: [mine] lipstik: There is no effect "lipstik". Nearest: lipstick'),
        ('{ effect = "lipstick", shine = 1 }', 'there is no parameter "shine"'),
        ('{ effect = "lipstick", gloss = "much" }', "gloss must be a number"),
    ],
)
def test_a_pack_is_checked_to_its_last_parameter(
    tmp_path: Path, steps: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head = '[mine]\ntitle = "Mine"\nline = "Mine."\nemoji = "📷"\n'
    (tmp_path / "ours.toml").write_text(f"{head}steps = [ {steps} ]\n")
    assert main(["styles", "--pack", str(tmp_path)]) == 1
    assert words in capsys.readouterr().err
    (tmp_path / "ours.toml").write_text(f'{head}steps = [ {{ effect = "lipstick", gloss = 0.5 }} ]\n')
    assert main(["styles", "--pack", str(tmp_path), "--only", "mine"]) == 0
    assert "Mine." in capsys.readouterr().out


def test_a_pack_of_the_operators_own_is_drawn(selfie: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "ours.toml").write_text(
        '[old-photo]\ntitle = "Old photo"\nline = "Grey"\nemoji = "📷"\nsteps = [ { effect = "noir" } ]\n'
    )
    monkeypatch.setenv("STYLES_DIR", str(tmp_path / "packs"))
    assert main(["try", str(selfie), "--style", "old photo", "-o", "out.jpg"]) == 0


def test_a_broken_pack_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ours.toml").write_text('[old-photo]\ntitle = "Old photo"\n')
    monkeypatch.setenv("STYLES_DIR", str(tmp_path))
    assert main(["styles"]) == 1
    assert "ours.toml" in capsys.readouterr().err


def test_the_doctor_finds_a_healthy_machine_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    found = capsys.readouterr().out
    for subject in ("python", "packages", "models", "styles", "database", "disk", "web chat", "tokens", "gpu"):
        assert re.search(rf"^[✓·] {subject}", found, re.M), subject
    assert not Path("data").exists(), "the doctor changes nothing"


def test_the_doctor_names_a_style_that_cannot_be_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ours.toml").write_text(
        '[old-photo]\ntitle = "Old photo"\nline = "Grey."\nemoji = "📷"\nsteps = [ { effect = "noire" } ]\n'
    )
    monkeypatch.setenv("STYLES_DIR", str(tmp_path))
    assert main(["doctor"]) == 1
    found = capsys.readouterr().out
    assert "✗ styles" in found
    assert "old-photo" in found
    assert "noire" in found


def test_the_doctor_says_what_is_wrong_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "models"
    damaged.mkdir()
    for name in MODELS:
        (damaged / name).write_bytes(b"damaged")
    monkeypatch.setenv("MODELS_DIR", str(damaged))
    monkeypatch.setenv("PLATFORMS", "web,pigeon")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://someone:secret@127.0.0.1:1/none")
    assert main(["doctor"]) == 1
    found = capsys.readouterr().out
    assert "✗ models" in found
    assert "✗ database" in found
    assert "pigeon" in found
    assert "secret" not in found
    assert "selfiebot setup" in found


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "postgresql+asyncpg://someone:secret@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_used_is_told_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["db", "upgrade"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "secret" not in said


def test_the_database_can_be_made_and_brought_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "upgrade"]) == 0
    assert main(["doctor"]) == 0
    newest = max(file.stem[1:5] for file in (ROOT / "migrations" / "versions").glob("m*.py"))
    assert f"schema {newest}" in capsys.readouterr().out


def test_from_a_shell_a_refusal_has_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "try", "nowhere.jpg", "--style", "goth"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_whoever_has_read_enough_sees_no_traceback() -> None:
    nobody, out = os.pipe()
    os.close(nobody)
    command = [sys.executable, "-m", "bot.cli", "styles"]
    done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    os.close(out)
    assert (done.returncode, done.stderr) == (141, "")
