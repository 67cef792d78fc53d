"""The settings, read once at the start from the environment or a file .env. Nothing else reads the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from generation.painter import Dtype, Painter, PainterName


class Settings(BaseSettings):
    """Every setting has a default that works on a bare machine; `.env.example` explains each for operators."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    platforms: Annotated[tuple[str, ...], NoDecode] = ("web",)
    data_dir: Path = Path("data")
    database_url: str = ""
    models_dir: Path | None = None
    styles_dir: Path | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8765, ge=0, le=65535)
    web_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    telegram_token: SecretStr = SecretStr("")
    telegram_webhook_url: str = ""
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_webhook_port: int = Field(default=8443, ge=1, le=65535)
    telegram_api_url: str = ""
    telegram_local_mode: bool = False
    telegram_proxy: str = ""
    discord_token: SecretStr = SecretStr("")
    workers: int = Field(default=1, ge=1, le=64)
    job_timeout_s: float = Field(default=60, gt=0)
    worker_memory_mb: int = Field(default=1500, ge=300)
    style_model_dir: Path | None = None
    engine: PainterName | None = None
    model: str = ""
    revision: str = ""
    adapter: str = ""
    lora: str = ""
    dtype: Dtype = Dtype.BF16
    steps: int = Field(default=4, ge=1, le=50)
    size: int = Field(default=1024, ge=64, le=2048)
    ref_side: int = Field(default=768, ge=64, le=1024)
    max_refs: int = Field(default=4, ge=1, le=4)
    max_batch: int = Field(default=4, ge=1, le=32)
    compile: bool = False
    text_device: str = "cpu"
    accept_noncommercial: bool = False
    painter_devices: Annotated[tuple[str, ...], NoDecode] = ()
    painter_memory_mb: int = Field(default=48_000, ge=500)
    painter_timeout_s: float = Field(default=180, gt=0)
    painter_queue: int = Field(default=40, ge=1)
    keep_photos_h: float = Field(default=24, gt=0)
    keep_pictures_days: float = Field(default=7, gt=0)
    queue_per_person: int = Field(default=5, ge=1)
    log_level: str = "INFO"

    @field_validator("platforms", "web_hosts", "painter_devices", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("models_dir", "styles_dir", "style_model_dir", "engine", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        levels = ("DEBUG", "INFO", "WARNING", "ERROR")
        if value.upper() not in levels:
            raise ValueError(f"LOG_LEVEL is one of {', '.join(levels)}")
        return value.upper()

    @field_validator("text_device")
    @classmethod
    def _known_text_device(cls, value: str) -> str:
        if value not in ("cpu", "cuda", "none"):
            raise ValueError("TEXT_DEVICE is one of cpu, cuda, none")
        return value

    @model_validator(mode="after")
    def _painter_has_a_model(self) -> "Settings":
        if self.engine is not None and not self.model:
            raise ValueError(f"ENGINE={self.engine} needs MODEL, a hub id or a folder; see docs/models.md")
        return self

    @property
    def painter(self) -> Painter | None:
        """What paints from words, if anything does."""
        if self.engine is None:
            return None
        return Painter(
            name=self.engine,
            model=self.model,
            revision=self.revision,
            adapter=self.adapter,
            lora=self.lora,
            dtype=self.dtype,
            steps=self.steps,
            size_px=self.size,
            ref_side_px=self.ref_side,
            max_refs=self.max_refs,
            max_batch=self.max_batch,
            compiled=self.compile,
            text_cache=(self.data_dir / "embeddings").absolute(),
            text_device=self.text_device,
            accepts_noncommercial=self.accept_noncommercial,
        )

    @property
    def database(self) -> str:
        """The database's URL: the operator's, or a SQLite file in the data folder."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'selfiebot.db').as_posix()}"
