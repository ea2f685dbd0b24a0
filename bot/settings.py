"""The only reader of the environment: one frozen Settings."""

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
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
    private: bool = Field(
        default=True, description="Only who asks with /ask sees the answer, unless they choose otherwise."
    )
    questions_per_minute: int = Field(
        default=10, ge=1, description="Questions one person may ask in a minute."
    )
    channel_questions_per_minute: int = Field(
        default=30, ge=1, description="Questions answered in a minute where a whole channel reads them."
    )
    log_level: str = Field(default="WARNING", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field(default="text", description="Log lines as text or as JSON.")
    health_host: str = Field(default="127.0.0.1", description="Address on which health and metrics are told.")
    health_port: int = Field(default=8090, ge=0, le=65_535, description="Their port; 0: none.")
    api_base: str = Field(
        default="https://discord.com/api/v10",
        description="Discord's REST address; large bots put a REST proxy there.",
    )
    gateway: str | None = Field(
        default=None, description="The gateway's address; without it: what the REST address names."
    )
    proxy: SecretStr | None = Field(
        default=None, description="HTTP proxy for both, as http://user:password@host:port."
    )
    shard_count: int | None = Field(
        default=None, ge=1, description="Shards of all processes together; without it: as Discord advises."
    )
    shard_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Shards of this process, such as 0,1; needs the count."
    )
    grace: float = Field(
        default=10.0, ge=0.0, le=600.0, description="Seconds that started answers get when told to stop."
    )
    admins: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="User ids of people who may run the knowledge base from Discord."
    )
    admin_roles: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Role ids whose holders may do so too."
    )
    home_guild: int | None = Field(
        default=None,
        ge=1,
        description="The server that alone has /knowledge; who manages it may use it there.",
    )
    publish_alone: bool = Field(
        default=False, description="Small changes that lose no answer are published by themselves."
    )
    blocked_by: Literal["none", "error", "warning"] = Field(
        default="none", description="Complaints that keep changes from being published: none, error, warning."
    )
    upload_limit: int = Field(default=5_000_000, ge=1_000, description="Largest uploaded file, in bytes.")
    page_limit: int = Field(default=500, ge=1, description="Most pages of an uploaded PDF.")
    convert_seconds: float = Field(
        default=30.0, gt=0.0, le=3600.0, description="Seconds that converting one upload may take."
    )
    convert_memory: int = Field(
        default=512, ge=64, description="Megabytes that converting one upload may take."
    )
    digest_channel: int | None = Field(
        default=None, ge=1, description="The channel that gets a weekly digest; without it: none."
    )
    stale_days: int = Field(default=365, ge=1, description="Days after which a document counts as stale.")
    keep_declined: bool = Field(
        default=True, description="Keep declined questions for admins, hidden until three people asked."
    )

    @field_validator("sources", mode="before")
    @classmethod
    def _split_folders(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(Path(part.strip()).expanduser() for part in value.split(os.pathsep) if part.strip())
        return value

    @field_validator("shard_ids", "admins", "admin_roles", mode="before")
    @classmethod
    def _split_numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError("must be numbers separated by commas, such as 0,1")
        return tuple(int(part) for part in parts)

    @field_validator("shard_ids")
    @classmethod
    def _fitting_shards(cls, value: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        count = info.data.get("shard_count")
        if not value:
            return value
        if count is None:
            raise ValueError("needs ADVISOR_SHARD_COUNT")
        if max(value) >= count or len(set(value)) < len(value):
            raise ValueError(f"must be different numbers below ADVISOR_SHARD_COUNT, which is {count}")
        return value

    @field_validator("api_base")
    @classmethod
    def _rest_address(cls, value: str) -> str:
        base = value.rstrip("/")
        # Whoever names only a host means the version that the library speaks.
        return base if _address(base, "http", "https").path else f"{base}/api/v10"

    @field_validator("gateway")
    @classmethod
    def _gateway_address(cls, value: str | None) -> str | None:
        if value is not None:
            _address(value, "ws", "wss")
        return value

    @field_validator("proxy")
    @classmethod
    def _proxy_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _address(value.get_secret_value(), "http", "https")
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

    @field_validator("blocked_by", mode="before")
    @classmethod
    def _known_severity(cls, value: object) -> object:
        severity = str(value).lower()
        if severity not in {"none", "error", "warning"}:
            raise ValueError("must be none, error or warning")
        return severity

    @field_validator("log_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        if value.lower() not in {"text", "json"}:
            raise ValueError("must be text or json")
        return value.lower()


def _address(value: str, *schemes: str) -> SplitResult:
    """The parts of an address. Its errors never repeat it: it may hold a password."""
    wrong = f"must be an address that begins with {schemes[0]}:// or {schemes[1]}://"
    try:
        parts = urlsplit(value)
        known = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError(wrong) from None
    if not known or any(letter.isspace() for letter in value):
        raise ValueError(wrong)
    if parts.query or parts.fragment:
        raise ValueError("must be an address without ? and #")
    return parts


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
