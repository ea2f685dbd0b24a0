"""What ships beside the code agrees with it: the image's recipe, the lock file, the example settings."""

import json
import re
import shlex
import tomllib
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
Instruction = tuple[str, str]


def stages() -> list[list[Instruction]]:
    """The Dockerfile's instructions as (name, rest), stage by stage."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    found: list[list[Instruction]] = []
    for line in filter(None, text.replace("\\\n", " ").splitlines()):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        found[-1].append((name, rest.strip()))
    return found


def rest_of(name: str, stage: list[Instruction]) -> list[str]:
    return [rest for found, rest in stage if found == name]


def variables(stage: list[Instruction]) -> dict[str, str]:
    pairs = (word.partition("=") for rest in rest_of("ENV", stage) for word in shlex.split(rest))
    return {name: value for name, _, value in pairs}


def copied(stage: list[Instruction]) -> list[str]:
    """What a stage takes from the build context."""
    words = (shlex.split(rest) for rest in rest_of("COPY", stage) if not rest.startswith("--from"))
    return [source for sources in words for source in sources[:-1]]


def test_the_build_stage_installs_locked_dependencies_before_it_sees_our_sources() -> None:
    build, _ = stages()
    first_source = min(build.index(("COPY", f"{name} ./{name}")) for name in ("bot", "knowledge", "index"))
    installs = [place for place, (_, rest) in enumerate(build) if "pip install" in rest]
    before = [build[place][1] for place in installs if place < first_source]
    after = [build[place][1] for place in installs if place > first_source]
    assert all("--constraint constraints.txt" in command for command in before)
    assert any("--requirement" in command for command in before)
    assert after == ["pip install --no-deps ."]


def test_torch_comes_first_and_from_the_index_the_builder_names() -> None:
    build, _ = stages()
    assert "TORCH_INDEX" in rest_of("ARG", build)
    first = next(rest for rest in rest_of("RUN", build) if "pip install" in rest)
    assert re.search(r'--index-url "\$\{TORCH_INDEX:\?.+\}" torch$', first)


def test_the_last_stage_takes_nothing_but_the_environment() -> None:
    _, last = stages()
    assert copied(last) == []
    assert rest_of("COPY", last) == ["--from=build /opt/venv /opt/venv"]


def test_the_image_runs_offline_without_rights_on_one_volume() -> None:
    _, last = stages()
    [user], [volume] = rest_of("USER", last), rest_of("VOLUME", last)
    assert int(user) > 0
    assert variables(last)["ADVISOR_DATA_DIR"] == volume
    assert variables(last)["HF_HUB_OFFLINE"] == "1"
    # Docker would lose what is written below a volume after it is declared.
    assert last.index(("VOLUME", volume)) > max(n for n, (name, _) in enumerate(last) if name == "RUN")


def test_the_image_is_told_to_stop_and_asked_for_its_health_in_ways_that_exist() -> None:
    _, last = stages()
    [entry], [health] = rest_of("ENTRYPOINT", last), rest_of("HEALTHCHECK", last)
    python, option, probe = json.loads(health.partition("CMD ")[2])
    assert json.loads(entry) == ["python", "-m", "bot"] == [python, option, probe.partition(".")[0]]
    assert find_spec(probe) is not None
    assert rest_of("STOPSIGNAL", last) == ["SIGTERM"]


def test_the_build_sees_exactly_what_the_dockerfile_copies() -> None:
    build, _ = stages()
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in ignored if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == set(copied(build))


def test_a_wheel_can_be_built_from_what_the_dockerfile_copies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *project["project"]["license-files"], project["project"]["readme"]}
    build, _ = stages()
    assert needed < set(copied(build))


def needed(lines: list[str], extras: frozenset[str] = frozenset()) -> set[tuple[str, frozenset[str]]]:
    """Names and extras of those requirements that hold on this machine."""
    environments = [{"extra": extra} for extra in extras or {""}]
    return {
        (canonicalize_name(each.name), frozenset(each.extras))
        for each in map(Requirement, lines)
        if each.marker is None or any(map(each.marker.evaluate, environments))
    }


def test_the_lock_file_pins_everything_that_gets_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = needed(project["dependencies"] + project["optional-dependencies"]["dev"])
    seen = set(waiting)
    while waiting:
        name, extras = waiting.pop()
        fresh = needed(requires(name) or [], extras) - seen
        seen |= fresh
        waiting |= fresh
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert all(str(pin.specifier).startswith("==") for pin in pins)
    assert sorted({name for name, _ in seen} - {canonicalize_name(pin.name) for pin in pins}) == []


def test_the_example_settings_show_every_setting_with_its_default_and_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    shown = {number: line[1:] for number, line in enumerate(lines) if re.match(r"#[A-Z_]+=", line)}
    names = [
        str(field.validation_alias or f"ADVISOR_{name}".upper())
        for name, field in Settings.model_fields.items()
    ]
    assert [line.partition("=")[0] for line in shown.values()] == names
    assert all(re.match(r"# \S.+\.$", lines[number - 1]) for number in shown)
    for name in names:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("\n".join(shown.values()), "utf-8")
    assert Settings(_env_file=tmp_path / ".env") == Settings(_env_file=None)  # type: ignore[call-arg]
