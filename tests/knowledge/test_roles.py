import pytest

from knowledge.asking.roles import kinds_of_role, other_role

TITLES = ["Backend Engineer", "Inside the Mind of a Backend Engineer", "A server-side developer's day"]


def test_the_kinds_of_role_are_read_from_titles() -> None:
    kinds = kinds_of_role(TITLES)
    assert other_role("what does a backend engineer do", kinds) is None
    assert other_role("what do backend developers do", kinds) is None
    assert other_role("what does a server-side engineer do", kinds) is None


def test_titles_without_a_role_have_no_kinds() -> None:
    assert kinds_of_role(["Growing tomatoes", ""]) == frozenset()


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("how do I become a devops engineer?", "devops engineer"),
        ("what does a DATA SCIENTIST do", "data scientist"),
        ("frontend developer skills", "frontend developer"),
        ("Is a product manager paid well?", "product manager"),
        ("what do QA testers do all day", "qa testers"),
    ],
)
def test_a_question_about_a_role_no_title_names_is_about_another_role(text: str, role: str) -> None:
    assert other_role(text, kinds_of_role(TITLES)) == role


@pytest.mark.parametrize(
    "text",
    [
        "what does a backend engineer do",
        "backend engineer or frontend engineer, which one",
        "what should a junior engineer know",
        "is a senior developer paid more",
        "how do software engineers work",
        "do they work with data engineers",
        "how is it different from frontend developers",
        "what does a good engineer do",
        "what does an engineer do",
        "which databases are used",
        "engineer",
        "",
    ],
)
def test_a_question_about_the_same_role_or_none_is_about_no_other(text: str) -> None:
    assert other_role(text, kinds_of_role(TITLES)) is None


def test_documents_about_no_role_know_no_other_role() -> None:
    assert other_role("how do I become a devops engineer?", frozenset()) is None
