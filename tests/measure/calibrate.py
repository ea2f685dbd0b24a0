"""Fits the weights of `knowledge.declining`, prints them and their error.

`python -m tests.measure.calibrate`

A logistic regression over `declining.features`, fitted on recorded questions that are not kept aside (and, in
the error printed first, cross-validated on them), then applied to those that are. Once over the shipped
articles with what they list; once over documents that list nothing: the same articles without it, and the
pages of the two handbooks the tests bring. A corpus weighs as much as its share of all documents' questions.
"""

import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import as_file
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.settings import read_settings
from bot.wiring import Application
from knowledge.asking.conversation import understand
from knowledge.background import read_background
from knowledge.corpus.reading import packaged_articles
from knowledge.declining import features
from knowledge.evidence import Evidence
from knowledge.finding import find
from knowledge.suite import Case, load, parse

DATA = Path(__file__).parents[1] / "data"
HANDBOOKS = ("gardening", "municipal")
SKIPPED = {"several", "language", "hostile"}
FIXED = {"ASKED_FOR": {"crowd"}, "UNASKED": {"near_miss", "outdone"}}
"""Features that never vary in what the weights are fitted on."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question and the evidence for an answer to it."""

    case: Case
    evidence: Evidence


def main() -> None:
    """Print weights, bias and error for both."""
    cases = load()
    with tempfile.TemporaryDirectory() as scratch, as_file(packaged_articles()) as articles:
        data = Path(scratch)
        _fit("ASKED_FOR", [*_examples(cases, articles, data / "listed")])
        plain = [*_examples(cases, _bare(articles, data / "bare"), data / "plain")]
        for name in HANDBOOKS:
            questions = parse((DATA / name / "questions.jsonl").read_text("utf-8"))
            plain += _examples(questions, DATA / name / "sources", data / name)
        _fit("UNASKED", [example for example in plain if not example.evidence.asked_for])


def _bare(articles: Path, folder: Path) -> Path:
    """A copy of the articles whose registry lists titles only, without near misses."""
    shutil.copytree(articles, folder, ignore=shutil.ignore_patterns("near_misses.toml"))
    registry = tomllib.loads((folder / "sources.toml").read_text("utf-8"))
    entries = (
        f'[[source]]\nfile = "{entry["file"]}"\ntitle = "{entry["title"]}"' for entry in registry["source"]
    )
    (folder / "sources.toml").write_text("\n\n".join(entries), "utf-8")
    return folder


def _examples(cases: Sequence[Case], folder: Path, data: Path) -> Iterator[Example]:
    application = Application(read_settings(data_dir=data))
    application.reindexer.run(application.folders([folder], only=True), who="calibration")
    snapshot = application.library.current()
    if snapshot is None:
        raise SystemExit("There is nothing to calibrate on.")
    background = read_background(snapshot, application.embedder, application.catalogue)
    for case in cases:
        if case.kind not in SKIPPED:
            asked = understand(case.question, background.headings)[0]
            found = find(snapshot, application.transformer, asked, background)
            yield Example(case, found.evidence)


def _fit(name: str, examples: Sequence[Example]) -> None:
    names = [feature for feature in features(examples[0].evidence) if feature not in FIXED[name]]
    values = np.array([[features(one.evidence)[feature] for feature in names] for one in examples])
    due = np.array([example.case.decline for example in examples])
    aside = np.array([example.case.kept_aside for example in examples])
    model = LogisticRegression(C=10.0, max_iter=2000)
    print(f"\n{name}, {len(examples)} questions")
    tuned = cross_val_predict(model, values[~aside], ~due[~aside], cv=10, method="predict_proba")[:, 1]
    _show("cross-validated", tuned, due[~aside])
    model.fit(values[~aside], ~due[~aside])
    _show("kept aside", model.predict_proba(values[aside])[:, 1], due[aside])
    weights = ", ".join(
        f"{feature}={weight:.2f}" for feature, weight in zip(names, model.coef_[0], strict=True)
    )
    print(f"Weights({weights}, bias={model.intercept_[0]:.2f})")


def _show(part: str, odds: np.ndarray, due: np.ndarray) -> None:
    for floor in (0.4, 0.45, 0.5, 0.55, 0.6):
        declined = odds < floor
        print(
            f"{part:16} floor {floor}: due refusals made {declined[due].mean():.2f}, "
            f"refusals right {due[declined].mean():.2f}, wrongly declined {declined[~due].mean():.2f}"
        )


if __name__ == "__main__":
    main()
