"""Fits the weights of `knowledge.declining`, prints them and their error.

`python -m tests.measure.calibrate`

A logistic regression over `Evidence`, fitted on the recorded questions that are not kept aside (and, in the
error printed first, cross-validated on them), then applied to those that are.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.settings import read_settings
from bot.wiring import Application
from knowledge.background import read_background
from knowledge.conversation import understand
from knowledge.finding import find
from knowledge.suite import Case, load

NAMES = ("meaning", "body", "lead", "covered", "unknown")
SKIPPED = {"several", "language"}


def main() -> None:
    """Print weights, bias and error."""
    import tempfile

    with tempfile.TemporaryDirectory() as data:
        application = Application(read_settings(data_dir=Path(data)))
        application.ready(who="calibration")
        cases = [case for case in load() if case.kind not in SKIPPED]
        features = np.array([_features(application, case) for case in cases])
    due = np.array([case.decline for case in cases])
    aside = np.array([case.kept_aside for case in cases])
    model = LogisticRegression(C=30.0, class_weight={True: 1.0, False: 1.0})
    tuned = cross_val_predict(model, features[~aside], ~due[~aside], cv=10, method="predict_proba")[:, 1]
    _show("cross-validated", tuned, due[~aside])
    model.fit(features[~aside], ~due[~aside])
    _show("kept aside", model.predict_proba(features[aside])[:, 1], due[aside])
    weights = {name: round(float(w), 2) for name, w in zip(NAMES, model.coef_[0], strict=True)}
    print(f"WEIGHTS = {weights}\nBIAS = {round(float(model.intercept_[0]), 2)}")


def _features(application: Application, case: Case) -> list[float]:
    snapshot = application.library.current()
    assert snapshot is not None
    background = read_background(snapshot, application.embedder)
    (asked, *_) = understand(case.question)
    evidence = find(snapshot, application.transformer, asked, background).evidence
    return [getattr(evidence, name) for name in NAMES]


def _show(part: str, odds: NDArray[np.float64], due: NDArray[np.bool_]) -> None:
    for floor in (0.4, 0.5, 0.6, 0.7):
        declined = odds < floor
        print(
            f"{part:16} floor {floor}: due refusals made {declined[due].mean():.2f}, "
            f"refusals right {due[declined].mean():.2f}, wrongly declined {declined[~due].mean():.2f}"
        )


if __name__ == "__main__":
    main()
