"""Settings: what they accept, what they refuse, and that every place that lists them agrees."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import BadSettings, Settings, read_settings

ROOT = Path(__file__).parents[2]


def variable(name: str) -> str:
    return str(Settings.model_fields[name].validation_alias or f"ADVISOR_{name}".upper())


VARIABLES = {variable(name): field.default for name, field in Settings.model_fields.items()}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def written(default: Any) -> str:
    """A default as people write it."""
    if default is None or default == ():
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_readme_lists_every_setting_with_its_default() -> None:
    text = (ROOT / "README.md").read_text("utf-8").partition("## Settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| .+ \|$", text, re.MULTILINE)
    listed = {name: default.strip("`").replace("–", "") for name, default in rows}
    assert listed == {name: written(default) for name, default in VARIABLES.items()}


def test_example_file_lists_every_setting_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    listed = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert listed == {name: written(default) for name, default in VARIABLES.items()}


def test_every_setting_explains_itself() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_environment_wins_over_the_file_and_empty_means_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("ADVISOR_THREADS=2\nADVISOR_KEEP_GENERATIONS=5\nADVISOR_UNKNOWN=1\n")
    monkeypatch.setenv("ADVISOR_THREADS", "3")
    monkeypatch.setenv("ADVISOR_FILE_LIMIT", "")
    settings = read_settings()
    assert (settings.threads, settings.keep_generations, settings.file_limit) == (3, 5, 5_000_000)


@pytest.mark.parametrize(
    ("name", "value", "field", "read"),
    [
        ("ADVISOR_SOURCES", os.pathsep.join(["a b", "", " c "]), "sources", (Path("a b"), Path("c"))),
        ("ADVISOR_SOURCES", "~", "sources", (Path.home(),)),
        ("ADVISOR_DATA_DIR", "~/advisor", "data_dir", Path.home() / "advisor"),
        ("ADVISOR_LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("ADVISOR_LOG_FORMAT", "JSON", "log_format", "json"),
        ("ADVISOR_HEALTH_PORT", "0", "health_port", 0),
        ("ADVISOR_SHIPPED_ARTICLES", "no", "shipped_articles", False),
        ("DISCORD_TOKEN", " secret\n", "discord_token", SecretStr("secret")),
        ("DISCORD_TOKEN", "  ", "discord_token", None),
        ("ADVISOR_API_BASE", "http://localhost:8080/", "api_base", "http://localhost:8080/api/v10"),
        ("ADVISOR_API_BASE", "http://localhost/discord/v10/", "api_base", "http://localhost/discord/v10"),
        ("ADVISOR_GATEWAY", "ws://localhost:7878", "gateway", "ws://localhost:7878"),
        ("ADVISOR_PROXY", "http://u:p@localhost:3128", "proxy", SecretStr("http://u:p@localhost:3128")),
        ("ADVISOR_SHARD_COUNT", "4", "shard_count", 4),
        ("ADVISOR_GRACE", "0", "grace", 0.0),
        ("ADVISOR_ADMINS", "123, 456,", "admins", (123, 456)),
        ("ADVISOR_ADMIN_ROLES", "789", "admin_roles", (789,)),
        ("ADVISOR_HOME_GUILD", "42", "home_guild", 42),
        ("ADVISOR_BLOCKED_BY", "Warning", "blocked_by", "warning"),
        ("ADVISOR_CONVERT_SECONDS", "5", "convert_seconds", 5.0),
        ("ADVISOR_KEEP_DECLINED", "no", "keep_declined", False),
    ],
)
def test_value_is_read_as_it_is_meant(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, read: object
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(read_settings(), field) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADVISOR_THREADS", "0"),
        ("ADVISOR_THREADS", "65"),
        ("ADVISOR_FILE_LIMIT", "big"),
        ("ADVISOR_KEEP_GENERATIONS", "0"),
        ("ADVISOR_ALLOW_HUB", "perhaps"),
        ("ADVISOR_LOG_LEVEL", "LOUD"),
        ("ADVISOR_LOG_FORMAT", "xml"),
        ("ADVISOR_HEALTH_PORT", "70000"),
        ("ADVISOR_DATA_DIR", __file__),
        ("ADVISOR_API_BASE", "localhost:8080"),
        ("ADVISOR_API_BASE", "ftp://localhost"),
        ("ADVISOR_API_BASE", "http://localhost/api?v=10"),
        ("ADVISOR_API_BASE", "http://localhost:port"),
        ("ADVISOR_GATEWAY", "http://localhost"),
        ("ADVISOR_GATEWAY", "ws://[half"),
        ("ADVISOR_PROXY", "hunter2@localhost"),
        ("ADVISOR_PROXY", "http://user:hunter2@local host"),
        ("ADVISOR_PROXY", "http://user:hunter2@"),
        ("ADVISOR_SHARD_COUNT", "0"),
        ("ADVISOR_SHARD_IDS", "0,1"),
        ("ADVISOR_SHARD_IDS", "first"),
        ("ADVISOR_GRACE", "-1"),
        ("ADVISOR_ADMINS", "ada"),
        ("ADVISOR_ADMIN_ROLES", "<@&12>"),
        ("ADVISOR_HOME_GUILD", "home"),
        ("ADVISOR_BLOCKED_BY", "everything"),
        ("ADVISOR_UPLOAD_LIMIT", "0"),
        ("ADVISOR_CONVERT_SECONDS", "0"),
        ("ADVISOR_CONVERT_MEMORY", "1"),
        ("ADVISOR_DIGEST_CHANNEL", "#news"),
        ("ADVISOR_STALE_DAYS", "0"),
    ],
)
def test_value_that_cannot_be_used_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=rf"\A{name} cannot be used: .+\.\Z") as refused:
        read_settings()
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("ids", "read"), [("0, 3", (0, 3)), ("1", (1,)), ("", ()), ("4", None), ("0,0", None), ("-1", None)]
)
def test_shards_of_this_process_are_different_ones_below_the_count(
    monkeypatch: pytest.MonkeyPatch, ids: str, read: tuple[int, ...] | None
) -> None:
    monkeypatch.setenv("ADVISOR_SHARD_COUNT", "4")
    monkeypatch.setenv("ADVISOR_SHARD_IDS", ids)
    if read is not None:
        assert read_settings().shard_ids == read
        return
    with pytest.raises(BadSettings, match="ADVISOR_SHARD_IDS"):
        read_settings()


def test_file_of_settings_that_is_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ADVISOR_THREADS=\xff\n")
    with pytest.raises(BadSettings, match=r"\.env"):
        read_settings()


def test_overrides_win() -> None:
    assert read_settings(threads=7).threads == 7


def test_settings_are_frozen_and_hide_token_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    monkeypatch.setenv("ADVISOR_PROXY", "http://user:very-secret@localhost")
    settings = read_settings()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "very-secret"
    for told in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.discord_token}"):
        assert "very-secret" not in told
    with pytest.raises(ValidationError, match="frozen"):
        settings.threads = 2
