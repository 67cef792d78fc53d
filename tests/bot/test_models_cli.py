"""selfiebot models: what it lists, fetches and checks, with the hub's real client and a hub of our own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from huggingface_hub import constants

from bot import models_cli
from bot.cli import _parser, main
from bot.settings import Settings
from generation.styles import read_catalogue
from generation.weights import Weights, read_registry
from generation.weights.places import MANIFEST
from tests.fakes.hub import FakeHub, Repository
from tests.fakes.weights import klein_files, safetensors

ROOT = Path(__file__).parents[2]
KLEIN = "black-forest-labs/FLUX.2-klein-4B"


class Said(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    repositories = {
        "someone/their-klein": Repository(klein_files(), {"license": "apache-2.0"}),
        "someone/nc-klein": Repository(
            klein_files(), {"license": "other", "license_name": "flux-non-commercial-license"}
        ),
        "someone/gated-klein": Repository(klein_files(), {"license": "mit"}, gated=True),
        "latent-consistency/lcm-lora-sdxl": Repository({"pytorch_lora_weights.safetensors": safetensors(3000)}),
    }
    with FakeHub(repositories).open() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _machine(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder and an empty cache; none of our settings; our hub where the client looks for the hub."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.url + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Gives the exit status of `selfiebot models …`, what it printed, and what it complained of."""

    def command(*arguments: str) -> Said:
        status = main(["models", *arguments])
        told = capsys.readouterr()
        return Said(status, told.out, told.err)

    return command


def test_the_list_shows_everything_recommended_and_everything_refused(run: Run) -> None:
    listed = run("list")
    assert listed.status == 0
    registry = read_registry()
    for known in (*registry.weights, *registry.refused):
        assert known.id in listed.out
    assert all(net.where in listed.out for net in registry.nets)
    assert "apache-2.0" in listed.out
    assert "not here" in listed.out


def test_the_list_says_what_fits_the_card(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho 'NVIDIA Test Card, 8188, 7900, 8.9'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    listed = run("list").out
    assert "NVIDIA Test Card, 9 GB" in listed
    assert "Fits the NVIDIA Test Card with DTYPE=fp8 TEXT_DEVICE=cpu" in listed


def test_get_fetches_what_an_engine_reads_and_nothing_else(
    run: Run, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TQDM_POSITION", "-1")  # the client draws its bar for terminals only, else
    done = run("get", "someone/their-klein")
    assert done.status == 0, done.err
    assert {path for path, _ in hub.fetched()} == set(klein_files()) - {"whole-model.safetensors", "old.ckpt"}
    assert "Apache" in done.out or "apache-2.0" in done.out
    assert "ENGINE=flux2-klein\nMODEL=someone/their-klein" in done.out
    assert "100%" in done.err, "a progress bar for whoever waits"
    snapshot = tmp_path / "cache" / "models--someone--their-klein" / "snapshots"
    assert (next(snapshot.iterdir()) / "vae" / "diffusion_pytorch_model.safetensors").read_bytes() == safetensors(4000)
    hub.asked.clear()
    assert run("get", "someone/their-klein").status == 0
    assert hub.fetched() == [], "what is here is not fetched again"
    checked = run("check", "someone/their-klein")
    assert checked.status == 0, checked.out
    assert "6 files as published" in checked.out


def test_get_into_a_folder_leaves_a_manifest_by_which_it_is_checked(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    assert run("get", "someone/their-klein", "--to", str(folder)).status == 0
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest["id"] == "someone/their-klein"
    assert all(len(digest) == 64 for _, digest in manifest["files"].values())
    checked = run("check", str(folder))
    assert checked.status == 0, checked.out
    assert "all there, for ENGINE=flux2-klein" in checked.out
    assert "✓ licence" in checked.out


def test_an_interrupted_download_goes_on_where_it_was(
    hub: FakeHub, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = safetensors(25_000_000)
    hub.repositories["someone/large"] = Repository({"large.safetensors": weights}, {"license": "mit"})
    hub.stalls_after = 22_000_000
    for name, value in (("HF_ENDPOINT", hub.url), ("HF_HUB_OFFLINE", "0"), ("PYTHONPATH", str(ROOT))):
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "bot.cli", "models", "get", "someone/large", "--to", "large"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert hub.stalled.wait(30)
        while not any(part.stat().st_size for part in (tmp_path / "large").glob("*.part")):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "run the same again" in said
    begun = next((tmp_path / "large").glob("*.part")).stat().st_size
    assert begun >= 10_000_000
    hub.stalls_after = None
    hub.asked.clear()
    assert run("get", "someone/large", "--to", "large").status == 0
    assert hub.fetched() == [("large.safetensors", f"bytes={begun}-")]
    assert (tmp_path / "large" / "large.safetensors").read_bytes() == weights


def test_a_file_that_comes_damaged_is_not_kept(hub: FakeHub, run: Run, tmp_path: Path) -> None:
    hub.spoils.add("transformer/diffusion_pytorch_model.safetensors")
    done = run("get", "someone/their-klein", "--to", "weights")
    assert done.status == 1
    assert "came damaged" in done.err
    assert not (tmp_path / "weights" / "transformer" / "diffusion_pytorch_model.safetensors").exists()


@pytest.mark.parametrize("into", [(), ("--to", "weights")], ids=["cache", "folder"])
def test_check_finds_a_damaged_file_and_get_mends_it(run: Run, tmp_path: Path, into: tuple[str, ...]) -> None:
    assert run("get", "someone/their-klein", *into).status == 0
    place = tmp_path / "weights" if into else tmp_path / "cache"
    file = next(place.rglob("vae/diffusion_pytorch_model.safetensors")).resolve()
    data = file.read_bytes()
    file.write_bytes(data[:-1] + b"\xff")
    subject = into[1] if into else "someone/their-klein"
    checked = run("check", subject)
    assert checked.status == 1
    assert "vae/diffusion_pytorch_model.safetensors: its checksum is not the published one" in checked.out
    assert f"Run: selfiebot models get someone/their-klein{' --to weights' if into else ''}" in checked.out
    assert run("get", "someone/their-klein", *into).status == 0
    assert run("check", subject).status == 0


def test_check_names_every_part_that_is_cut_off_or_missing(run: Run, tmp_path: Path) -> None:
    for path, data in klein_files().items():
        (tmp_path / "copied" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copied" / path).write_bytes(data)
    assert run("check", "copied").status == 0
    (tmp_path / "copied" / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(safetensors(4000)[:900])
    (tmp_path / "copied" / "transformer" / "diffusion_pytorch_model.safetensors").unlink()
    checked = run("check", "copied")
    assert checked.status == 1
    assert "vae/diffusion_pytorch_model.safetensors: 900 bytes" in checked.out
    assert "transformer: no .safetensors files" in checked.out
    assert "Copy the folder here again" in checked.out


def test_what_our_settings_name_is_checked_without_being_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No weights of ours are here" in run("check").err
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("ENGINE", "flux2-klein")
    monkeypatch.setenv("MODEL", "empty")
    checked = run("check")
    assert checked.status == 1
    assert "there are no .safetensors files" in checked.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("get", "klein-9b"), "forbids commercial use"),
        (("get", "black-forest-labs/flux.2-KLEIN-9b"), "--accept-noncommercial"),
        (("get", "someone/nc-klein"), "flux-non-commercial-license"),
        (("get", "klein4b"), "Nearest: klein-4b"),
        (("get", "magenta"), "bring it from github.com/"),
        (("get", "black-forest-labs/FLUX.2-klein-4"), "Nearest: black-forest-labs/FLUX.2-klein-4B"),
        (("get", "someone/gated-klein"), "accepted first"),
        (("get", "someone/their-klein", "--revision", "v9"), 'no revision "v9"'),
        (("check", "klein-4b"), "Run: selfiebot models get klein-4b"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert done.status == 1
    assert words in done.err
    assert done.err.count("\n") == 1


def test_what_is_refused_is_fetched_for_whoever_says_yes(run: Run) -> None:
    assert run("get", "someone/nc-klein", "--accept-noncommercial").status == 0


def test_without_a_network_one_is_told_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert "I can't reach the hub" in run("get", "klein-4b").err
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE is set" in run("get", "klein-4b").err


def test_without_the_extra_one_is_told_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("huggingface_hub", "generation.weights.fetching", "generation.weights.hub"):
        monkeypatch.setitem(sys.modules, name, None)
    assert "pip install 'selfiebot[diffusion]'" in run("get", "klein-4b").err


def test_a_recommended_name_brings_that_models_files(run: Run, hub: FakeHub) -> None:
    lora = read_registry().find("lcm-lora")
    assert isinstance(lora, Weights)
    assert run("get", "lcm-lora").status == 0
    assert [path for path, _ in hub.fetched()] == ["pytorch_lora_weights.safetensors"]
    assert re.search(r"^lcm-lora .* openrail\+\+ +here ", run("list").out, re.M)


def test_what_get_fetched_is_painted_with_by_its_id_and_without_a_network(
    run: Run, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.engines.tiny_models import save_tiny_klein

    tiny = save_tiny_klein(tmp_path / "tiny")
    files = {file.relative_to(tiny).as_posix(): file.read_bytes() for file in tiny.rglob("*") if file.is_file()}
    hub.repositories["someone/tiny-klein"] = Repository(files, {"license": "apache-2.0"})
    got = run("get", "someone/tiny-klein")
    assert got.status == 0, got.err
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "Set ENGINE and MODEL" in run("embed").err
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "ours.toml").write_text(
        '[keeper]\ntitle = "Keeper"\nline = "Keeps."\nemoji = "📷"\nprompt = "A lighthouse keeper."\n'
    )
    monkeypatch.setenv("STYLES_DIR", str(tmp_path / "packs"))
    ours = [style for style in read_catalogue(tmp_path / "packs") if style.pack == "ours"]
    monkeypatch.setattr(models_cli, "read_styles", lambda settings: ours)  # the whole takes minutes
    for line in re.findall(r"^[A-Z]+=.*$", got.out, re.M):
        monkeypatch.setenv(*line.split("=", 1))
    assert run("check").status == 0
    first = run("embed")
    assert first.status == 0, first.err
    kept = len(list((tmp_path / "data" / "embeddings").iterdir()))
    assert kept >= 1
    assert f"{kept} prompts read" in first.out
    assert "0 prompts read" in run("embed").out


def test_embed_refuses_what_cannot_be_loaded_in_a_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("ENGINE", "flux2-klein")
    monkeypatch.setenv("MODEL", str(tmp_path / "empty"))
    assert "ACCEPT_NONCOMMERCIAL=true" in run("embed").err


def test_the_page_for_operators_names_all_weights_and_only_commands_and_settings_that_exist() -> None:
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    registry = read_registry()
    names = {known.name for known in registry.weights}
    for known in (*registry.weights, *registry.refused):
        assert known.id.split("/")[1] in page
    assert all(net.where.split(" at ")[0] in page for net in registry.nets)
    for command in re.findall(r"selfiebot models (\w+[^`\n|#]*)", page):
        arguments = _parser().parse_args(["models", *command.split()])
        if getattr(arguments, "name", None) and "/" not in arguments.name and arguments.name not in ("NAME", "FOLDER"):
            assert arguments.name in names
    for setting in re.findall(r"`([A-Z_]{4,})[`=]", page):
        assert setting.lower() in Settings.model_fields or setting.startswith(("HF_", "HTTPS_")), setting
