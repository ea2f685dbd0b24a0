"""Fits the weights of `knowledge.declining`, prints them and their error.

`python -m tests.measure.calibrate`

A logistic regression over `Evidence`, fitted on the recorded questions that are not kept aside (and, in
the error printed first, cross-validated on them), then applied to those that are: once over the shipped
articles as they are, once over the same without the questions their sections list.
"""

import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from importlib.resources import as_file
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.settings import read_settings
from bot.wiring import Application
from knowledge.asking.conversation import understand
from knowledge.background import read_background
from knowledge.corpus.reading import packaged_articles
from knowledge.finding import find
from knowledge.suite import Case, load

NAMES = ("meaning", "body", "lead", "covered", "unknown")
SKIPPED = {"several", "language"}


def main() -> None:
    """Print weights, bias and error for both."""
    cases = [case for case in load() if case.kind not in SKIPPED]
    with tempfile.TemporaryDirectory() as scratch, as_file(packaged_articles()) as articles:
        plain = _without_questions(articles, Path(scratch) / "plain")
        for name, folder in (("ASKED_FOR", articles), ("UNASKED", plain)):
            print(f"\n{name}")
            _fit(cases, _evidence(cases, folder, Path(scratch) / name))


def _without_questions(articles: Path, folder: Path) -> Path:
    """A copy of the articles whose registry lists titles only."""
    shutil.copytree(articles, folder)
    registry = tomllib.loads((folder / "sources.toml").read_text("utf-8"))
    entries = (
        f'[[source]]\nfile = "{entry["file"]}"\ntitle = "{entry["title"]}"' for entry in registry["source"]
    )
    (folder / "sources.toml").write_text("\n\n".join(entries), "utf-8")
    return folder


def _evidence(cases: Sequence[Case], folder: Path, data: Path) -> NDArray[np.float64]:
    application = Application(read_settings(data_dir=data))
    application.reindexer.run(application.folders([folder], only=True), who="calibration")
    snapshot = application.library.current()
    if snapshot is None:
        raise SystemExit("There is nothing to calibrate on.")
    background = read_background(snapshot, application.embedder)
    found = [
        find(snapshot, application.transformer, understand(case.question)[0], background).evidence
        for case in cases
    ]
    return np.array([[getattr(evidence, name) for name in NAMES] for evidence in found])


def _fit(cases: Sequence[Case], evidence: NDArray[np.float64]) -> None:
    due = np.array([case.decline for case in cases])
    aside = np.array([case.kept_aside for case in cases])
    model = LogisticRegression(C=30.0)
    tuned = cross_val_predict(model, evidence[~aside], ~due[~aside], cv=10, method="predict_proba")[:, 1]
    _show("cross-validated", tuned, due[~aside])
    model.fit(evidence[~aside], ~due[~aside])
    _show("kept aside", model.predict_proba(evidence[aside])[:, 1], due[aside])
    weights = ", ".join(f"{name}={weight:.2f}" for name, weight in zip(NAMES, model.coef_[0], strict=True))
    print(f"Weights({weights}, bias={model.intercept_[0]:.2f})")


def _show(part: str, odds: NDArray[np.float64], due: NDArray[np.bool_]) -> None:
    for floor in (0.4, 0.45, 0.5, 0.6):
        declined = odds < floor
        print(
            f"{part:16} floor {floor}: due refusals made {declined[due].mean():.2f}, "
            f"refusals right {due[declined].mean():.2f}, wrongly declined {declined[~due].mean():.2f}"
        )


if __name__ == "__main__":
    main()
