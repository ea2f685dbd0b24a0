"""Boilerplate goes; sentences that share its words stay."""

import pytest

from knowledge.corpus.boilerplate import remove_boilerplate
from knowledge.formats.markdown import read_markdown
from knowledge.formats.plain import read_plain

PROSE = "Backend engineers write services.\n\nThey test them."


def cleaned(text: str) -> tuple[str, list[str]]:
    result = remove_boilerplate(read_plain(f"{PROSE}\n\n{text}\n\n{PROSE}"), flat=True)
    texts = [piece.text for piece in result.pieces]
    return "\n".join(texts[2:-2]), [finding.rule for finding in result.findings]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("reading-time", "Estimated Reading Time: __READING_TIME__ minutes"),
        ("reading-time", "Reading time: 5 min"),
        ("reading-time", "Read time – {{ minutes }} mins read"),
        ("reading-time", "3 min read"),
        ("reading-time", "About 5-7 minutes to read"),
        ("reading-time", "10-minute read"),
        ("caption", "espresso - backend engineer"),
        ("caption", "Photo by Somebody on Somewhere"),
        ("caption", "Photo: The water mill in spring"),
        ("caption", "Figure 3: The pump in winter"),
        ("caption", "Fig. 2 The pump, seen from the road"),
        ("tag-list", "Tag list:\n- what does a backend engineer do\n- life of an engineer"),
        ("tag-list", "Tags\n\n  • #backend\n  • career"),
        ("tag-list", "Tags: backend, career advice, sql"),
        ("tag-list", "#backend #career, #sql"),
        ("related-pointer", "Related: Client-Server Architecture Made Easy (With Examples)"),
        ("related-pointer", "Read next: Ten Ways to Cache"),
        ("related-pointer", "You might also like\n\n- Ten Ways to Cache\n- Why SQL"),
        ("call-to-action", "Subscribe to our newsletter and never miss out."),
        ("call-to-action", "Subscribe to the Marlpit newsletter and never miss a frost warning!"),
        ("call-to-action", "Sign up for our weekly newsletter."),
        ("call-to-action", "Subscribe to our news by mail."),
        ("call-to-action", "Follow us!"),
        ("call-to-action", "Share on: mail"),
        ("call-to-action", "Don't forget to subscribe to the newsletter!"),
        ("call-to-action", "Sign up now for weekly tips."),
        ("call-to-action", "Let me know in the comments."),
        ("call-to-action", "Please leave a comment below!"),
        ("call-to-action", "Did you find this article valuable?"),
        ("call-to-action", "If you enjoyed this post, clap."),
        ("call-to-action", "Support Maddy by becoming a sponsor."),
        ("call-to-action", "Any amount is appreciated!"),
        ("call-to-action", "Share this article with your friends."),
        ("call-to-action", "Follow me on the social network of your choice."),
        ("sign-off", "Until next time! 👋"),
        ("sign-off", "Thanks for reading!"),
        ("sign-off", "Happy coding!"),
        ("page-furniture", "© 2024 Some Company. All rights reserved."),
        ("page-furniture", "We use cookies to improve your visit."),
        ("page-furniture", "Jump to navigation Jump to search"),
        ("page-furniture", "Back to top ↑"),
        ("page-furniture", "This page was last edited on 3 March 2024, at 10:12 by the team"),
        ("page-furniture", "Categories: Messaging | Middleware"),
        ("related-pointer", "Next page: Fishing permits"),
        ("related-pointer", "← Older post"),
        ("template-placeholder", "Last change: __LAST_CHANGE__"),
        ("template-placeholder", "{{ author_box }}"),
        ("byline", "Published on 3 March 2024"),
    ],
)
def test_boilerplate_line_is_left_out_under_its_rule(rule: str, line: str) -> None:
    result = remove_boilerplate(read_plain(f"{line}\n\n{PROSE}"), flat=True)
    assert [piece.text for piece in result.pieces] == PROSE.split("\n\n")
    assert {finding.rule for finding in result.findings} == {rule}
    assert result.findings[0].line == 1


@pytest.mark.parametrize(
    "text",
    [
        "Subscribe to events with webhooks.",
        "Clients subscribe to our topics and join the channel of their tenant.",
        "A consumer signs up for the newsletter topic.",
        "Sign up flows need rate limits.",
        "Follow our logging rules in every service.",
        "Support for HTTP/2 came by becoming a member of the working group.",
        "Share the database only between services of one team.",
        "Comments in the code let maintainers know why.",
        "Do you enjoy logic, data and systems?",
        "By 2025, most teams will use queues.",
        "By default, connections are pooled.",
        "Related services share a network.",
        "Reading time series from a database is fast.",
        "The job takes 3 min to read the table.",
        "Tags: v1.0, V2.0-RC",
        "Keywords: SELECT, FROM, WHERE",
        "Helm templates contain {{ .Values.image }} and similar.",
        "__FILE__ names the source file.",
        "Use redis - the in-memory cache - for sessions.",
        "redis - cache\n\nkafka - event log",
        "Copyright protects code.",
        "Photo: 3 MB at most.",
        "Image: layers of a container\n\nVolume: what outlives it\n\nImage: what it starts from",
        "Categories: relational, document and graph databases.",
        "Subscribe to the payment channel with a durable consumer.",
        "Accept: the header names a type.",
        "Made with flour and water.",
        "Next: roll out the release.",
        "Get the newsletter table and join it with the users.",
        "Thanks to caching, reading is cheap.",
        "Happy users stay.",
        "You can follow me around the office, said the mentor.",
    ],
)
def test_content_that_shares_words_with_boilerplate_stays(text: str) -> None:
    assert cleaned(text) == (text.replace("\n\n", "\n"), [])


@pytest.mark.parametrize(
    ("text", "left", "rules"),
    [
        (
            "It scales well. Are you an engineer? Do you agree? Let me know in the comments.",
            "It scales well.",
            ["call-to-action"] * 3,
        ),
        ("What is a queue? Subscribe to our newsletter!", "What is a queue?", ["call-to-action"]),
        ("That was all. Until next time! 👋", "That was all.", ["sign-off", "sign-off"]),
        (
            "Dear {{ first_name }}, an API is a contract.",
            "Dear, an API is a contract.",
            ["template-placeholder"],
        ),
        ("- Queues\n- Follow me on the fediverse.", "Queues", ["call-to-action"]),
    ],
)
def test_plea_inside_prose_goes_and_the_rest_stays(text: str, left: str, rules: list[str]) -> None:
    assert cleaned(text) == (left, rules)


def test_chapter_called_subscribe_stays_and_an_empty_one_goes() -> None:
    chapters = "# API\n\n## Subscribe\n\nConsumers read here.\n\n## Tags\n\n- Tags mark releases.\n\n"
    result = remove_boilerplate(read_markdown(chapters + "## Share\n\n## Newsletter\n"))
    assert [piece.text for piece in result.pieces] == [
        "API",
        "Subscribe",
        "Consumers read here.",
        "Tags",
        "Tags mark releases.",
    ]


def test_code_and_tables_are_never_cleaned() -> None:
    markdown = "```\nSubscribe to our newsletter.\n{{ x }}\n```\n\n|Tags: a|\n|-|\n|3 min read|"
    result = remove_boilerplate(read_markdown(markdown))
    assert [piece.text for piece in result.pieces] == [
        "Subscribe to our newsletter.\n{{ x }}",
        "Tags: a\n3 min read",
    ]


def test_markdown_heading_is_no_byline_and_no_caption() -> None:
    result = remove_boilerplate(read_markdown("# By Hand\n\n## queue - broker\n\nText."))
    assert [piece.text for piece in result.pieces] == ["By Hand", "queue - broker", "Text."]


def test_overlong_sentence_and_line_are_not_searched() -> None:
    long = "Subscribe to our " + "very " * 100 + "long newsletter"
    assert cleaned(long + ".")[1] == []


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("By huyennt, at: April 14, 2025, 10:08 a.m.", {"author": "huyennt", "date": "2025-04-14"}),
        ("By Jane van Doe on 3rd March 2024", {"author": "Jane van Doe", "date": "2024-03-03"}),
        ("By Jane Doe", {"author": "Jane Doe"}),
        ("Last updated: 2024-05-06", {"date": "2024-05-06"}),
    ],
)
def test_byline_at_the_edge_becomes_metadata(line: str, stated: dict[str, str]) -> None:
    assert remove_boilerplate(read_plain(f"{line}\n\n{PROSE}"), flat=True).stated == stated
    assert remove_boilerplate(read_plain(f"{PROSE}\n\nMore.\n\n{line}"), flat=True).stated == stated


def test_byline_in_the_middle_is_content() -> None:
    result = remove_boilerplate(read_plain(f"{PROSE}\n\nBy Jane Doe\n\n{PROSE}"), flat=True)
    assert result.stated == {}
    assert "By Jane Doe" in [piece.text for piece in result.pieces]
