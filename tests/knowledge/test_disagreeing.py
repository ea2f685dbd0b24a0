"""Documents disagree where they state another figure, or demand what another leaves open."""

import pytest

from knowledge.disagreeing import disagrees
from knowledge.entities import Answer, Confidence, NoAnswer, Origin, Quote, Refusal, Reply, Source


def reply(*texts: str, same: bool = False) -> Reply:
    """An answer that quotes each of these from a document of its own."""
    quotes = tuple(
        Quote(text, "p", 0, len(text), Source("one" if same else f"{number}", "Title", (), Origin()))
        for number, text in enumerate(texts)
    )
    return Reply((Answer("", quotes, (), Confidence("high", ""), (), 1),), 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It takes 3 years of experience.", "They want five years of experience."),
        ("Experience of 2-3 years is usual.", "Experience: 5+ years"),
        ("A degree is required.", "A degree (optional)"),
        ("Candidates must have a degree.", "A degree is not required."),
        ("About 30% know Redis.", "Redis is known to 55 percent."),
    ],
)
def test_documents_that_state_different_things_disagree(one: str, other: str) -> None:
    assert disagrees(reply(one, other))
    assert disagrees(reply(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It takes 3 years of experience.", "Three years of experience will do."),
        ("It takes 3-5 years of experience.", "Experience of five years is usual."),
        ("It takes 3 years of experience.", "The course lasts 5 years."),
        ("It takes 3 years of experience.", "Experience of 18 months is usual."),
        ("A degree is required.", "Kubernetes is optional."),
        ("A degree is required.", "A degree is required."),
        ("They write code.", "They write code and tests."),
        ("", ""),
    ],
)
def test_documents_that_say_the_same_or_speak_of_other_things_do_not(one: str, other: str) -> None:
    assert not disagrees(reply(one, other))


def test_one_document_does_not_disagree_with_itself() -> None:
    assert not disagrees(reply("A degree is required.", "A degree is optional.", same=True))


def test_a_refusal_disagrees_with_nobody() -> None:
    assert not disagrees(Reply((NoAnswer("", Refusal.NOTHING, "I don't know.", (), 1),), 1))
