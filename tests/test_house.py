"""The rules of the house that a machine can check."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
CODE = [file for folder in ("bot", "db", "generation", "migrations") for file in (ROOT / folder).rglob("*.py")]
HEAVY = ("numpy", "PIL", "cv2", "torch", "diffusers", "ai_edge_litert", "pillow_heif")


@pytest.mark.parametrize("module", ["bot.__main__", "bot.cli", "bot.doctor", "bot.offline"])
def test_the_bots_process_loads_nothing_that_draws(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_file_is_short_enough_to_read_in_one_sitting() -> None:
    assert [file for file in CODE if len(file.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_every_module_says_what_it_is() -> None:
    silent = [file for file in CODE if (text := file.read_text(encoding="utf-8")) and not text.startswith('"""')]
    assert silent == []


def test_exceptions_end_at_two_borders_only() -> None:
    broad = re.compile(r"except\s*(\(?\s*(Base)?Exception\b|:)")
    places = {str(file.relative_to(ROOT)) for file in CODE if broad.search(file.read_text(encoding="utf-8"))}
    assert {place for place in places if not _cleans_up_only(ROOT / place)} == {
        "bot/conversation/__init__.py",
        "generation/worker.py",
    }


def _cleans_up_only(file: Path) -> bool:
    """A broad except that ends in a bare `raise` lets everything through."""
    blocks = re.findall(r"except\s*(?:Base)?Exception\b[^\n]*:[^\n]*\n((?:\s{8,}[^\n]*\n)+)", file.read_text("utf-8"))
    return bool(blocks) and all(re.search(r"^\s+raise\b", block, re.M) for block in blocks)


def test_only_the_settings_read_the_environment() -> None:
    reads = re.compile(r"os\.environ\[?|os\.getenv|environ\.get")
    allowed = {"bot/settings.py", "generation/child.py"}  # the child sets its libraries' thread counts
    places = {str(file.relative_to(ROOT)) for file in CODE if reads.search(file.read_text(encoding="utf-8"))}
    assert places <= allowed


def test_nobody_mocks_and_nothing_is_left_for_later() -> None:
    files = [*CODE, *(ROOT / "tests").rglob("*.py")]
    found = [
        file for file in files if file != Path(__file__) and re.search("unittest.mock|MagicMock", file.read_text())
    ]
    later = [file for file in CODE if re.search(r"\b(TODO|FIXME|XXX)\b|NotImplementedError", file.read_text("utf-8"))]
    assert (found, later) == ([], [])


def test_the_example_explains_every_setting_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.M))
    settings = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert shown.keys() == settings.keys()
    for name, default in settings.items():
        assert shown[name] == _as_written(default), name


def _as_written(default: object) -> str:
    if isinstance(default, tuple):
        return ",".join(default)
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default).removesuffix(".0")


def test_the_readme_names_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", readme, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for command in set(re.findall(r"selfiebot (run|setup|try|styles|doctor|db)\b", readme)):
        help_ = subprocess.run([sys.executable, "-m", "bot.cli", command, "--help"], cwd=ROOT, capture_output=True)
        assert help_.returncode == 0, command
    for name in re.findall(r"`([A-Z_]{5,})`", readme):
        assert name.lower() in Settings.model_fields, name
