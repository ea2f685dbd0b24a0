"""What stands around an article and is not the article: found by its form, taken out, and reported."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sentencex import segment

from knowledge.corpus import patterns
from knowledge.corpus.bylines import read_byline
from knowledge.corpus.complaints import Finding
from knowledge.formats.pieces import Code, Heading, Item, Listing, Paragraph, Piece, Table
from knowledge.formats.shapes import ends_sentence

_MOST_LABEL_WORDS = 8
# "Last updated: 14 February 2026. For everybody who …"
_DATED = re.compile(r"(.{5,80}?)\.\s+(?=[A-Z])")
_MOST_TAG_WORDS = 8
_LONGEST_LINE = 300
_LONGEST_SENTENCE = 400


@dataclass(slots=True)
class Cleaned:
    """What is left of a source's pieces, what it states about itself, and what was taken out."""

    pieces: list[Piece] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def remove_boilerplate(pieces: Sequence[Piece], *, flat: bool = False) -> Cleaned:
    """The pieces without bylines, tags, captions, pleas and greetings.

    Where headings are known by their looks only (`flat`), one of them may be a byline.
    """
    cleaned = Cleaned()
    _take_bylines(pieces, cleaned, (Heading, Paragraph) if flat else (Paragraph,))
    pieces, cleaned.pieces = cleaned.pieces, []
    _take_groups(pieces, cleaned)
    pieces, cleaned.pieces = cleaned.pieces, []
    _take_lines(pieces, cleaned, flat=flat)
    cleaned.pieces = list(_without_emptied_pleas(cleaned))
    cleaned.findings.sort(key=lambda finding: finding.line or 0)
    return cleaned


def _take_bylines(
    pieces: Sequence[Piece], cleaned: Cleaned, kinds: tuple[type[Heading] | type[Paragraph], ...]
) -> None:
    """Bylines stand before the second piece of prose, or at the very end."""
    prose = 0
    for place, piece in enumerate(pieces):
        near_edge = prose < 2 or place == len(pieces) - 1
        lines, rest = _bylines(piece, kinds) if near_edge else ((), piece)
        for line, text in lines:
            for key, value in zip(("author", "date"), read_byline(text) or (), strict=False):
                if value:
                    cleaned.stated.setdefault(key, value)
            cleaned.findings.append(Finding("byline", line, text))
        if rest is not None:
            cleaned.pieces.append(rest)
            prose += not isinstance(rest, Heading)


def _bylines(
    piece: Piece, kinds: tuple[type[Heading] | type[Paragraph], ...]
) -> tuple[Sequence[tuple[int, str]], Piece | None]:
    """The lines of a piece that say who wrote it or when, with their numbers, and what is left of it."""
    if isinstance(piece, Listing):
        lines = [(item.line, item.text) for item in piece.items]
        return (lines, None) if all(read_byline(text) for _, text in lines) else ((), piece)
    if not isinstance(piece, kinds):
        return (), piece
    if read_byline(piece.text):
        return [(piece.line, piece.text)], None
    first = _DATED.match(piece.text) if isinstance(piece, Paragraph) else None
    if first and (byline := read_byline(first[1])) and byline[1]:
        return [(piece.line, first[1])], replace(piece, text=piece.text[first.end() :])
    return (), piece


def _take_groups(pieces: Sequence[Piece], cleaned: Cleaned) -> None:
    """Tag lists and lists of related articles: a label and the list under it."""
    place = 0
    names = {_key(piece.text) for piece in pieces if isinstance(piece, Heading)}
    while place < len(pieces):
        piece = pieces[place]
        below = pieces[place + 1] if place + 1 < len(pieces) else None
        rule = _group_rule(piece, below, names)
        if rule or _is_contents(piece, names):
            cleaned.findings.append(Finding(rule or "page-furniture", piece.line, piece.text))
            place += 2 if rule else 1
            continue
        cleaned.pieces.append(piece)
        place += 1


def _group_rule(label: Piece, below: Piece | None, names: Set[str]) -> str | None:
    if not isinstance(label, Heading | Paragraph) or not isinstance(below, Listing):
        return None
    if patterns.CONTENTS.fullmatch(label.text.rstrip(":")) and _are_names(below.items, names):
        return "page-furniture"
    if patterns.TAGS.fullmatch(label.text) and _are_tags([item.text for item in below.items]):
        return "tag-list"
    pointers = not any(ends_sentence(item.text) for item in below.items)
    return "related-pointer" if patterns.RELATED.fullmatch(label.text) and pointers else None


def _is_contents(piece: Piece, names: Set[str]) -> bool:
    """True for a table of contents whose first item is its own heading."""
    items = piece.items if isinstance(piece, Listing) else ()
    return (
        len(items) > 1 and bool(patterns.CONTENTS.fullmatch(items[0].text)) and _are_names(items[1:], names)
    )


def _are_names(items: Sequence[Item], names: Set[str]) -> bool:
    """True where most items are headings of the same text, with or without their numbers."""
    return 2 * sum(_key(item.text) in names for item in items) > len(items)


def _key(text: str) -> str:
    """The words of a heading without the numbers of chapters and pages around them."""
    bare = re.sub(r"^\d[\d.]*\s+|[\s.…]+\d+$", "", text)
    return " ".join(re.findall(r"\w+", bare.casefold()))


def _are_tags(texts: list[str]) -> bool:
    return all(
        len(text.split()) <= _MOST_TAG_WORDS
        and not ends_sentence(text)
        and (text.islower() or text[0] == "#")
        for text in texts
    )


def _take_lines(pieces: Sequence[Piece], cleaned: Cleaned, *, flat: bool) -> None:
    for place, piece in enumerate(pieces):
        neighbours = (*pieces[max(0, place - 1) : place], *pieces[place + 1 : place + 2])
        kept = _kept(piece, neighbours, cleaned, flat=flat)
        if kept is not None:
            cleaned.pieces.append(kept)


def _kept(piece: Piece, neighbours: Sequence[Piece], cleaned: Cleaned, *, flat: bool) -> Piece | None:
    if isinstance(piece, Code | Table):
        return piece
    if isinstance(piece, Listing):
        items = [kept for item in piece.items if isinstance(kept := _kept_words(item, cleaned), Item)]
        return replace(piece, items=tuple(items)) if items else None
    rule = _line_rule(piece, neighbours, flat=flat)
    if rule:
        cleaned.findings.append(Finding(rule, piece.line, piece.text))
        return None
    return _kept_words(piece, cleaned)


def _line_rule(piece: Heading | Paragraph, neighbours: Sequence[Piece], *, flat: bool) -> str | None:
    """The rule a whole line breaks."""
    text = piece.text
    if len(text) > _LONGEST_LINE:
        return None
    if isinstance(piece, Paragraph) and _is_caption(piece, neighbours):
        return "caption"
    if patterns.HASHTAGS.fullmatch(text) or (
        patterns.TAGS_AND_LIST.fullmatch(text) and _are_tags(_after_colon(text))
    ):
        return "tag-list"
    for rule, pattern in patterns.LINES:
        # A heading such as "Subscribe" may head a chapter; see _without_emptied_pleas.
        if pattern.fullmatch(text) and not _may_head(rule, piece, neighbours, flat=flat):
            return rule
    whole = next((rule for rule, pattern in patterns.SENTENCES if pattern.fullmatch(text)), None)
    return whole if isinstance(piece, Heading) else None


def _may_head(rule: str, piece: Heading | Paragraph, neighbours: Sequence[Piece], *, flat: bool) -> bool:
    """True where a line could head a chapter, or belong to a glossary, in spite of its form."""
    if rule == "caption":
        row = any(patterns.LABELLED.match(near.text) for near in neighbours)
        return row or (isinstance(piece, Heading) and not flat)
    return rule == "call-to-action" and isinstance(piece, Heading)


def _is_caption(piece: Paragraph, neighbours: Sequence[Piece]) -> bool:
    # Several such lines in a row are a glossary.
    return bool(patterns.CAPTION.fullmatch(piece.text)) and not any(
        patterns.CAPTION.fullmatch(near.text) for near in neighbours
    )


def _after_colon(text: str) -> list[str]:
    return [tag.strip() for tag in re.split(r"[,;|·]", text.partition(":")[2]) if tag.strip()]


_Worded = TypeVar("_Worded", bound=Heading | Paragraph | Item)


def _kept_words(piece: _Worded, cleaned: Cleaned) -> _Worded | None:
    """The piece without unfilled templates and without sentences that are pleas; None if nothing is left."""
    text = _without_templates(piece.text, piece.line, cleaned)
    if not isinstance(piece, Heading):
        text = _without_pleas(text, piece.line, cleaned)
    return replace(piece, text=text) if text else None


def _without_templates(text: str, line: int, cleaned: Cleaned) -> str:
    if not patterns.TEMPLATE.search(text) or patterns.NO_TEMPLATE.search(text):
        return text
    cleaned.findings.append(Finding("template-placeholder", line, text))
    left = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(patterns.TEMPLATE.sub(" ", text).split()))
    is_label = len(left.split()) <= _MOST_LABEL_WORDS and not ends_sentence(left.rstrip(":"))
    return "" if is_label else left


def _without_pleas(text: str, line: int, cleaned: Cleaned) -> str:
    if not patterns.MAY_PLEAD.search(text):
        return text
    sentences = [sentence.strip() for sentence in segment("en", text)]
    rules = [_sentence_rule(sentence) for sentence in sentences]
    _widen(sentences, rules)
    for sentence, rule in zip(sentences, rules, strict=True):
        if rule:
            cleaned.findings.append(Finding(rule, line, sentence))
    if not any(rules):
        return text
    return " ".join(sentence for sentence, rule in zip(sentences, rules, strict=True) if not rule)


def _sentence_rule(sentence: str) -> str | None:
    if len(sentence) > _LONGEST_SENTENCE:
        return None
    spoken = re.sub(r"[^\w.!?)\"'’”]+$", "", sentence)  # an emoji after the full stop
    return next((rule for rule, pattern in patterns.SENTENCES if pattern.fullmatch(spoken)), None)


def _widen(sentences: Sequence[str], rules: list[str | None]) -> None:
    """Let questions that ask for a comment, and emoji behind a plea, go with it."""
    begging = False
    for place in range(len(rules) - 1, -1, -1):
        if begging and not rules[place] and patterns.QUESTION_TO_READER.fullmatch(sentences[place]):
            rules[place] = "call-to-action"
        begging = bool(rules[place]) and (begging or bool(patterns.COMMENT.search(sentences[place])))
    for place in range(1, len(rules)):
        if rules[place - 1] and not any(map(str.isalnum, sentences[place])):
            rules[place] = rules[place - 1]


def _without_emptied_pleas(cleaned: Cleaned) -> Iterator[Piece]:
    """Leave out headings such as "Subscribe" with nothing under them; with something they are chapters."""
    for place, piece in enumerate(cleaned.pieces):
        below = cleaned.pieces[place + 1] if place + 1 < len(cleaned.pieces) else None
        says_nothing = below is None or isinstance(below, Heading)
        if isinstance(piece, Heading) and says_nothing and patterns.PLEA.fullmatch(piece.text):
            cleaned.findings.append(Finding("call-to-action", piece.line, piece.text))
        else:
            yield piece
