"""Settings come from the environment, and a bad one is refused with its name."""

from pathlib import Path

import pytest

from bot.cli import Refused, main, read_settings
from bot.settings import Settings


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_any_setting_the_bot_is_a_local_web_chat_on_sqlite() -> None:
    settings = read_settings()
    assert settings.platforms == ("web",)
    assert settings.web_host == "127.0.0.1"
    assert settings.database == "sqlite+aiosqlite:///data/selfiebot.db"


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_HOSTS", "a.example, b.example,")
    assert read_settings().web_hosts == ("a.example", "b.example")


def test_a_file_in_the_folder_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WORKERS=3\nKEEP_PHOTOS_H=2\n")
    monkeypatch.setenv("WORKERS", "4")
    assert (read_settings().workers, read_settings().keep_photos_h) == (4, 2)


@pytest.mark.parametrize(
    ("name", "value"), [("WORKERS", "many"), ("WEB_PORT", "70000"), ("LOG_LEVEL", "loud"), ("KEEP_PHOTOS_H", "0")]
)
def test_a_bad_setting_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match=name):
        read_settings()


def test_a_refused_command_says_so_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKERS", "0")
    assert main(["styles"]) == 1
    assert "WORKERS" in capsys.readouterr().err


def test_a_painter_needs_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().painter is None
    monkeypatch.setenv("ENGINE", "flux2-klein")
    with pytest.raises(Refused, match="MODEL"):
        read_settings()
    monkeypatch.setenv("MODEL", "/models/klein")
    painter = read_settings().painter
    assert painter is not None
    assert (painter.name, painter.model, painter.steps) == ("flux2-klein", "/models/klein", 4)


def test_an_unknown_painter_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE", "crayon")
    with pytest.raises(Refused, match="ENGINE"):
        read_settings()
