"""The header of a letter is metadata, its frame is left out, its words stay on their lines."""

import pytest

from knowledge.formats.letters import read_letter

MAIL = "From: Ann Other <ann@x.example>\nTo: all\nSubject: Re: AW: Queues\n"
MAIL += "Date: Tue, 5 Mar 2024 09:14:00 +0100\n\n"


@pytest.mark.parametrize(
    ("header", "stated"),
    [
        (MAIL, {"author": "Ann Other", "title": "Queues", "date": "2024-03-05"}),
        ("Title: Queues\nAuthor: Ann Other\n", {"title": "Queues", "author": "Ann Other"}),
        (
            "From: ann@x.example\nSubject: Queues\n and more\n",
            {"author": "ann@x.example", "title": "Queues and more"},
        ),
        ("Title: Queues\nDate: 3 May 2022\nTags: a, b\n", {"title": "Queues", "date": "2022-05-03"}),
        ("Title: Queues\nDate: soon\n", {"title": "Queues"}),
    ],
)
def test_header_states_title_author_and_date(header: str, stated: dict[str, str]) -> None:
    letter = read_letter(f"{header}\nWords.")
    assert letter.stated == stated
    assert letter.text.strip() == "Words."
    assert letter.text.count("\n") == header.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "Title: only one field\n\nWords.",
        "Redis: a cache\nKafka: a log\n\nWords.",
        "Status: open\nDate: 2024-01-01\n\nWords.",
        "Subject: x\nnot a field\n\nWords.",
        "Hi all,\n\nwords.\n\nBest regards,\nAnn",
        "",
    ],
)
def test_text_without_a_header_is_left_alone(text: str) -> None:
    letter = read_letter(text)
    assert (letter.text, letter.stated, letter.left_out) == (text, {}, [])


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("Hi all,\n\nwords.", "words."),
        ("words.\n\nBest regards,\nAnn\nWorks Ltd", "words."),
        ("words.\n\n-- \nAnn\n" + "address\n" * 20, "words."),
        ("words.\n\n-----Original Message-----\nFrom: Bob\n\nMore words.", "words."),
        ("On Mon, 4 Mar 2024, Bob wrote:\n> his words\n\nwords.", "words."),
        ("> How is it done?\n\nSo.", "How is it done?\n\nSo."),
        ("Thanks\n" + "a line of words.\n" * 9, "Thanks\n" + "a line of words.\n" * 9),
        (
            "We say hi to all.\n\nDear colleagues do so too.",
            "We say hi to all.\n\nDear colleagues do so too.",
        ),
    ],
)
def test_words_of_the_writer_stay_and_the_rest_is_reported(body: str, left: str) -> None:
    letter = read_letter(MAIL + body)
    assert letter.text.strip() == left.strip()
    reported = {line for _, line in letter.left_out}
    assert reported | set(letter.text.split("\n")) >= {line.strip() for line in body.split("\n")}


def test_lines_left_out_are_numbered_as_in_the_file() -> None:
    assert read_letter(MAIL + "Hello,\nwords.", first_line=3).left_out == [(8, "Hello,")]


def test_other_text_with_a_header_keeps_its_greeting() -> None:
    assert read_letter("Title: Mails\nAuthor: Ann\n\nHi all,\n\nis how they begin.").left_out == []
