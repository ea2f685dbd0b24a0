"""Settings become objects."""

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import Application
from index.transformer import NotAModel, packaged_model
from knowledge.corpus.folders import UnreadableFolder
from knowledge.corpus.reading import packaged_articles
from tests.bot.terminal import Terminal


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", sources=(tmp_path / "articles",))


def test_folders_are_the_shipped_the_writable_the_configured_and_the_named(settings: Settings) -> None:
    application = Application(settings)
    named = Path("named")
    assert application.folders([named]) == [packaged_articles(), *settings.sources, named]
    own = settings.data_dir / "documents"
    own.mkdir(parents=True)
    assert application.folders() == [packaged_articles(), own, *settings.sources]
    assert application.folders([named], only=True) == [named]
    bare = Application(settings.model_copy(update={"shipped_articles": False}))
    assert bare.folders() == [own, *settings.sources]


def test_making_the_application_touches_nothing(settings: Settings) -> None:
    application = Application(settings)
    assert application.transformer.fingerprint
    assert application.library.current() is None
    assert not settings.data_dir.exists()


def test_configured_folder_is_the_model(settings: Settings) -> None:
    packaged = Application(settings).transformer
    same = Application(settings.model_copy(update={"model": str(packaged_model())})).transformer
    assert (same.fingerprint, same.dimension) == (packaged.fingerprint, packaged.dimension)


@pytest.mark.parametrize("model", ["no-such-model", "no/such/model/at/all", "."])
def test_model_that_is_none_is_refused(settings: Settings, model: str) -> None:
    with pytest.raises(NotAModel):
        Application(settings.model_copy(update={"model": model})).transformer.fingerprint  # noqa: B018  # reading it checks the files


def test_ready_builds_once_and_again_only_where_nothing_fits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    terminal = Terminal(monkeypatch, tmp_path)
    settings = Settings(data_dir=terminal.data, sources=(terminal.articles,), shipped_articles=False)
    first = Application(settings).ready(who="a test")
    assert first is not None
    assert first.published
    terminal.write("third.md", "# Third\n\nSomething new is told here.\n")
    assert Application(settings).ready(who="a test") is None


def test_ready_without_an_index_tells_what_folder_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    terminal = Terminal(monkeypatch, tmp_path)
    settings = Settings(data_dir=terminal.data, sources=(tmp_path / "gone",))
    with pytest.raises(UnreadableFolder, match="gone"):
        Application(settings).ready(who="a test")
    assert not (terminal.data / "generations").exists() or not any((terminal.data / "generations").iterdir())


def test_parts_are_made_once(settings: Settings) -> None:
    application = Application(settings)
    assert application.advisor is application.advisor
    assert application.skills is application.skills
    assert application.reindexer is application.reindexer
