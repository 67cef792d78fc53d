"""What the doctor says of a painter on machines of every kind: each is a torch and a driver's tool of a few lines."""

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import constants

from bot import painter_doctor
from bot.findings import Finding, Verdict
from bot.painter_doctor import examine_painter
from bot.settings import Settings
from generation.styles import read_catalogue
from generation.weights import read_registry
from generation.weights.places import Manifest, cached
from tests.fakes.weights import klein_files, safetensors

KLEIN = "black-forest-labs/FLUX.2-klein-4B"

TORCH = """
class _Card:
    name, major, minor = {name!r}, {major}, {minor}

class version:
    cuda, hip = {cuda!r}, None

class cuda:
    device_count = staticmethod(lambda: {count})
    get_device_properties = staticmethod(lambda number: _Card)
    mem_get_info = staticmethod(lambda number: ({gb} * 10**9 - 10**8, {gb} * 10**9))

__version__ = "2.99"
"""

Machine = Callable[..., None]


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "packages"))
    monkeypatch.syspath_prepend(tmp_path / "packages")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Makes this one of a card that torch can use; or one with a card that only the driver sees."""

    def build(gb: int = 24, major: int = 8, *, built_for: str = "13.0", usable: bool = True) -> None:
        torch = tmp_path / "packages" / "torch.py"
        torch.parent.mkdir()
        torch.write_text(TORCH.format(name="Test Card", major=major, minor=6, cuda=built_for, count=int(usable), gb=gb))
        tool = tmp_path / "bin" / "nvidia-smi"
        tool.parent.mkdir()
        tool.write_text(f"#!/bin/sh\necho 'Test Card, {gb * 954}, {gb * 950}, {major}.6'\n")
        tool.chmod(0o755)

    return build


@pytest.fixture
def klein(tmp_path: Path) -> str:
    """A whole folder of what passes for klein."""
    for path, data in klein_files().items():
        (tmp_path / "klein" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "klein" / path).write_bytes(data)
    Manifest(KLEIN, "main", "apache-2.0", {}).write(tmp_path / "klein")
    for part in ("scheduler", "text_encoder", "tokenizer"):
        (tmp_path / "klein" / part).mkdir()
        (tmp_path / "klein" / part / "config.json").write_text("{}")
    return str(tmp_path / "klein")


async def findings(**settings: object) -> dict[str, Finding]:
    """The worst finding of each subject, or its last."""
    found: dict[str, Finding] = {}
    for finding in await examine_painter(Settings(**settings)):  # type: ignore[arg-type]
        if finding.subject not in found or found[finding.subject].verdict is not Verdict.BROKEN:
            found[finding.subject] = finding
    return found


async def test_without_a_painter_a_missing_card_is_only_a_note(machine: Machine) -> None:
    machine(built_for="", usable=False)
    found = await findings()
    assert set(found) == {"gpu"}
    assert found["gpu"].verdict is Verdict.NOTE


async def test_a_machine_with_everything_is_fine(machine: Machine, klein: str) -> None:
    machine(24)
    found = await findings(engine="flux2-klein", model=klein)
    notes = {subject for subject, finding in found.items() if finding.verdict is not Verdict.FINE}
    assert notes == {"prompts"}, "only the prompts wait to be read"
    assert "23.9 of 24.0 GB free, compute capability 8.6" in found["gpu"].what
    assert "computed" in found["memory"].what


async def test_a_card_that_is_too_small_is_told_with_what_it_would_do(machine: Machine, klein: str) -> None:
    machine(8)
    memory = (await findings(engine="flux2-klein", model=klein))["memory"]
    assert memory.verdict is Verdict.NOTE
    assert "DTYPE=fp8" in memory.remedy


async def test_a_torch_without_cuda_beside_a_card_is_found_out(machine: Machine, klein: str) -> None:
    machine(built_for="", usable=False)
    gpu = (await findings(engine="flux2-klein", model=klein))["gpu"]
    assert gpu.verdict is Verdict.BROKEN
    assert "built for processors alone" in gpu.what


async def test_a_card_that_this_torch_cannot_use_is_found_out(machine: Machine, klein: str) -> None:
    machine(built_for="13.0", usable=False)
    gpu = (await findings(engine="flux2-klein", model=klein))["gpu"]
    assert gpu.verdict is Verdict.BROKEN
    assert "driver" in gpu.remedy


async def test_an_old_card_is_said_to_be_slow(machine: Machine) -> None:
    machine(11, major=7)
    assert "no bf16" in (await findings())["gpu"].what


async def test_a_painter_without_a_device_is_broken_unless_the_processor_is_its_device(
    tmp_path: Path, klein: str
) -> None:
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "torch.py").write_text(TORCH.format(name="", major=0, minor=0, cuda="", count=0, gb=0))
    assert (await findings(engine="flux2-klein", model=klein))["gpu"].verdict is Verdict.BROKEN
    told = await findings(engine="flux2-klein", model=klein, painter_devices="cpu")
    assert told["gpu"].verdict is Verdict.NOTE


async def test_missing_packages_are_named(machine: Machine, klein: str, monkeypatch: pytest.MonkeyPatch) -> None:
    machine()
    monkeypatch.setattr(painter_doctor, "PACKAGES", ("torch", "nobody_has_this"))
    painter = (await findings(engine="flux2-klein", model=klein))["painter"]
    assert painter.verdict is Verdict.BROKEN
    assert "nobody_has_this" in painter.what
    assert "selfiebot[diffusion]" in painter.remedy


async def test_weights_that_are_not_here_are_told_to_be_got(machine: Machine) -> None:
    machine()
    weights = (await findings(engine="flux2-klein", model=KLEIN))["weights"]
    assert weights.verdict is Verdict.BROKEN
    assert f"selfiebot models get {KLEIN}" in weights.remedy


async def test_weights_that_are_here_at_another_revision_are_told_which(machine: Machine, tmp_path: Path) -> None:
    machine()
    known = next(weights for weights in read_registry().weights if weights.id == KLEIN)
    (cached(KLEIN, tmp_path / "cache") / "snapshots" / known.revision).mkdir(parents=True)
    weights = (await findings(engine="flux2-klein", model=KLEIN, revision="v2"))["weights"]
    assert weights.remedy == f"Set REVISION={known.revision}."


async def test_sdxl_is_asked_for_its_adapter_and_its_lora(machine: Machine) -> None:
    machine()
    told = await examine_painter(Settings(engine="sdxl-ip", model="stabilityai/stable-diffusion-xl-base-1.0"))
    missing = [finding.what for finding in told if finding.subject == "weights"]
    assert [what.split()[0] for what in missing] == [
        "stabilityai/stable-diffusion-xl-base-1.0",
        "h94/IP-Adapter",
        "latent-consistency/lcm-lora-sdxl",
    ]


async def test_a_model_of_another_engine_is_found_out(machine: Machine, klein: str) -> None:
    machine()
    weights = (await findings(engine="sdxl-ip", model=klein))["weights"]
    assert weights.verdict is Verdict.BROKEN
    assert "ENGINE=flux2-klein" in weights.remedy


async def test_in_a_folder_of_sdxl_adapter_and_lora_are_looked_for_below_it(machine: Machine, tmp_path: Path) -> None:
    machine()
    (tmp_path / "sdxl" / "ip").mkdir(parents=True)
    (tmp_path / "sdxl" / "ip" / "adapter.safetensors").write_bytes(safetensors(10))
    told = [
        each for each in await examine_painter(Settings(engine="sdxl-ip", model="sdxl")) if each.subject == "weights"
    ]
    assert [each.what for each in told if each.verdict is Verdict.FINE] == ["sdxl/ip, whole, in sdxl/ip"]
    assert "Run: selfiebot models get lcm-lora --to sdxl/lcm" in [each.remedy for each in told]


async def test_only_cards_that_the_painter_uses_are_measured(machine: Machine, klein: str) -> None:
    machine()
    assert "memory" in await findings(engine="flux2-klein", model=klein, painter_devices="cuda:0")
    assert "memory" not in await findings(engine="flux2-klein", model=klein, painter_devices="cuda:1,cpu")


async def test_a_licence_that_forbids_commercial_use_breaks_the_painter(machine: Machine, klein: str) -> None:
    machine()
    Manifest("black-forest-labs/FLUX.2-klein-9B", "main", "", {}).write(Path(klein))
    assert (await findings(engine="flux2-klein", model=klein))["licence"].verdict is Verdict.BROKEN
    accepted = await findings(engine="flux2-klein", model=klein, accept_noncommercial=True)
    assert accepted["licence"].verdict is Verdict.NOTE


async def test_prompts_that_nobody_would_read_are_told(machine: Machine, klein: str, tmp_path: Path) -> None:
    machine()
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "ours.toml").write_text(
        '[keeper]\ntitle = "Keeper"\nline = "Keeps."\nemoji = "📷"\nprompt = "A lighthouse keeper."\n'
    )
    settings = {"engine": "flux2-klein", "model": klein, "styles_dir": tmp_path / "packs"}
    assert (await findings(**settings))["prompts"].verdict is Verdict.NOTE
    prompts = (await findings(**settings, text_device="none"))["prompts"]
    assert prompts.verdict is Verdict.BROKEN
    assert "selfiebot models embed" in prompts.remedy


async def test_an_engine_that_words_a_style_in_one_way_keeps_one_prompt_of_each(
    machine: Machine, klein: str, tmp_path: Path
) -> None:
    machine()
    kept = tmp_path / "data" / "embeddings"
    kept.mkdir(parents=True)
    for number in range(sum(bool(style.prompt) for style in read_catalogue())):
        (kept / f"{number}.safetensors").touch()
    assert (await findings(engine="sdxl-ip", model=klein))["prompts"].verdict is Verdict.FINE
    assert (await findings(engine="flux2-klein", model=klein))["prompts"].verdict is Verdict.NOTE
