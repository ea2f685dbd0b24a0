"""The only reader of the environment: one frozen Settings."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class BadSettings(Exception):
    """A setting has a value that cannot be used; the message names it in one sentence."""


class Settings(BaseSettings):
    """What can be set by environment or `.env`, prefix ADVISOR_ (DISCORD_TOKEN apart)."""

    model_config = SettingsConfigDict(
        env_prefix="ADVISOR_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    discord_token: SecretStr | None = Field(
        default=None,
        validation_alias="DISCORD_TOKEN",
        description="Logs the bot in; without it: the terminal.",
    )
    data_dir: Path = Field(
        default=Path("data"), description="Everything that changes lives below this folder."
    )
    sources: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), description=f"Folders of documents to add, separated by {os.pathsep!r}."
    )
    shipped_articles: bool = Field(default=True, description="Answer from the four shipped articles too.")
    model: str | None = Field(
        default=None,
        description="Another sentence-transformers model: a folder, or a name in the local cache.",
    )
    allow_hub: bool = Field(default=False, description="Fetch a missing model from the hub.")
    threads: int = Field(default=1, ge=1, le=64, description="Threads the embedder may use.")
    file_limit: int = Field(default=5_000_000, ge=1_000, description="Largest source file read, in bytes.")
    keep_generations: int = Field(default=3, ge=1, description="Generations kept for rollback.")
    log_level: str = Field(default="WARNING", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("sources", mode="before")
    @classmethod
    def _split_folders(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(Path(part.strip()).expanduser() for part in value.split(os.pathsep) if part.strip())
        return value

    @field_validator("discord_token", mode="before")
    @classmethod
    def _bare_token(cls, value: object) -> object:
        # Secrets that come out of files end in a line break, which Discord would refuse.
        return value.strip() or None if isinstance(value, str) else value

    @field_validator("data_dir")
    @classmethod
    def _folder(cls, value: Path) -> Path:
        folder = value.expanduser()
        try:
            taken = folder.exists() and not folder.is_dir()
        except OSError as error:
            raise ValueError(f"{folder}: {error.strerror}") from None
        if taken:
            raise ValueError(f"{folder} is not a folder")
        return folder

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()


def read_settings(**overrides: object) -> Settings:
    """Settings from environment and `.env`; `overrides` win. Raises BadSettings."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # validated by pydantic, whatever the type
    except (OSError, UnicodeDecodeError):
        raise BadSettings("The file .env cannot be read as UTF-8 text.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        name = name if name.startswith(("ADVISOR_", "DISCORD_")) else f"ADVISOR_{name}"
        raise BadSettings(f"{name} cannot be used: {first['msg'].removeprefix('Value error, ')}.") from None
