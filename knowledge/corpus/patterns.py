"""The forms boilerplate takes.

Every rule asks for a whole line, or for a sentence that speaks about the page to its reader ("subscribe to
our newsletter"). A sentence that only shares words with one ("consumers subscribe to a topic") is content.
"""

import re

Rules = tuple[tuple[str, re.Pattern[str]], ...]


def _compiled(rules: dict[str, tuple[str, ...]]) -> Rules:
    return tuple((rule, re.compile("|".join(forms), re.IGNORECASE)) for rule, forms in rules.items())


_TEMPLATE = r"__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__|\{\{\s*[\w.|-]+(?: [\w.|-]+)*\s*\}\}|%%[A-Z_]+%%"
_MINUTES = r"\d{1,3}(?: ?[-–] ?\d{1,3})?[ -]?min(?:ute)?s?\.?"
_SKIP = r"(?:skip|jump) to (?:(?:main )?content|(?:main )?navigation|search)"
_PICTURE = r"(?:photo|image|picture|illustration|foto|bild|fig(?:ure)?\.?|abb(?:ildung)?\.?)"
_FIGURE = r"\d{1,3}(?:[.-]\d{1,3})?[a-z]?"

LINES: Rules = _compiled(
    {
        "reading-time": (
            rf"(?:estimated |average )?read(?:ing)? time\s*[:–-]?\s*(?:about |~ ?)?"
            rf"(?:{_TEMPLATE}|\w+_\w+|\d[\d –-]*)?\s*(?:min(?:ute)?s?\b\W*(?:read)?)?",
            rf"(?:about |approx\.? |~ ?)?{_MINUTES}[ -](?:to )?read(?:ing)?(?: time)?",
        ),
        "caption": (
            r"\(?(?:photo|image|picture|illustration|foto)s? (?:by|credits?|source|courtesy)\b.{0,80}",
            rf"{_PICTURE}(?: {_FIGURE})?\s*:\s+\S.{{0,100}}(?<![.!?:])",
            rf"{_PICTURE} {_FIGURE}\s*(?:[.–—-]\s+|\s)\S.{{0,100}}(?<![.!?:])",
        ),
        "related-pointer": (
            r"(?:related(?: (?:articles?|posts?|reading|stories|links?))?|also read|read also|read next"
            r"|read more|you (?:may|might) also (?:like|enjoy)|more (?:from|like this)"
            r"|(?:next|previous) (?:page|article|post|chapter))"
            r"\s*:\s*\S.{0,140}(?<![.!])",
            r"[←‹]\s*\S.{0,80}|[^«]{1,80}\s[»→]",
        ),
        "page-furniture": (
            r"(?:©|\(c\)|copyright\b).{0,80}\b\d{4}\b.{0,80}|© ?[\w’' .,&-]{1,60}",
            rf"all rights reserved\.?|{_SKIP}(?:\W*{_SKIP})*|\W*(?:back|return) to (?:the )?top\W*",
            r"accept (?:all )?cookies|(?:accept|reject|decline) all(?: cookies)?(?:\W.{0,40})?",
            r"(?:this (?:site|website|page)|we(?: and our partners)?) uses? cookies\b.{0,200}",
            r"(?:this page was |page )?last (?:modified|edited|changed|updated)(?: on| by| at|:)\s"
            r"(?!.*[.!?]\s+\w+ \w+ \w).{1,80}",
            r"retrieved from\s.{0,160}|from \w+, the free encyclopedia\W*|page \d{1,4}(?: of \d{1,4})?",
            r"(?:hidden )?categories\s*:\s*[^.|]{1,60}(?:\|[^.|]{1,60})+",
            r"(?:posted|filed) in\s*:?\s.{1,80}(?<![.!?])|(?:proudly )?powered by \S+(?: \S+)?",
            r"was this (?:page|article) (?:helpful|useful)\b.{0,40}|\d{1,5} comments?",
        ),
        "call-to-action": (
            r"(?:subscribe|sign up|follow (?:us|me)|share|share (?:this|on \w+)|leave a (?:comment|reply)"
            r"|newsletter)(?: now| today)?[!.]?",
            r"(?:log|sign) in(?: or (?:register|sign up))?|read more\W*|register",
            r"(?:print|e-?mail|edit|bookmark) this (?:page|article)(?: on \w+)?\W*",
            r"share (?:this (?:page|article|post)|on|via|with friends)\s*:\s*.{0,120}",
        ),
    }
)
"""For a whole line."""

_POLITE = (
    r"(?:please |also |and |so |(?:don['’]t|do not) forget to |(?:make sure|be sure|remember) to |you can )*"
)
_ARTICLE = r"(?:article|post|story|blog|guide|page)"

SENTENCES: Rules = _compiled(
    {
        "call-to-action": (
            rf"{_POLITE}(?:subscribe to|sign up (?:for|to)|join|follow) (?:our|my) .*"
            r"\b(?:newsletter|mailing list|blog|channel|podcast|e-?mails?|updates|page|community)\b.*",
            rf"{_POLITE}(?:subscribe to|sign up (?:for|to)) (?:the|this|our|my) (?:[\w'’-]+ ){{0,3}}"
            r"(?:newsletter|mailing list|news(?:letter)? by e?-?mail)\b.*",
            rf"{_POLITE}(?:subscribe to|sign up (?:for|to)) (?:our|my) (?:news|posts|feed)\b.*",
            rf"{_POLITE}(?:subscribe|sign up) (?:now|today|here|below|for (?:free|more|updates)"
            r"|(?:so|and) (?:you )?never miss)\b.*",
            rf"{_POLITE}subscribe to (?:the|this) (?:newsletter|blog|channel|podcast)\b.*",
            rf"{_POLITE}(?:support|sponsor) (?!for\b|of\b).*"
            r"\bby becoming an? (?:sponsor|patron|member|supporter)\b.*",
            rf"{_POLITE}(?:become a (?:sponsor|patron)|buy me a coffee|support (?:me|us) on)\b.*",
            r"any (?:amount|contribution|donation|support)\b.*\bappreciated\W*",
            r".*\b(?:let (?:me|us) know|tell (?:me|us)|share your (?:thoughts|opinions?|experiences?))\b"
            r".*\bcomments?\b.*",
            rf"{_POLITE}(?:leave|drop|write) (?:me |us )?an? (?:comment|reply) (?:below|here)\b.*",
            rf"{_POLITE}comment below\b.*",
            rf"(?:did|do) you (?:find|like|enjoy) (?:reading )?this {_ARTICLE}\b.*\?",
            rf"if you (?:found|liked?|enjoyed?|loved?) (?:reading )?this {_ARTICLE}\b.*",
            rf"{_POLITE}share (?:this|the) {_ARTICLE}\b.*",
            rf"{_POLITE}follow (?:me|us)(?: (?:on|for)\b.*)?[!.]*",
            r"(?:share|pin|tweet)(?: this(?: page| post)?)? (?:on|via)\s*:?(?:\s+[\w-]+[,.]?){1,5}",
        ),
        "sign-off": (
            r"(?:until|till|see you) (?:next time|soon|later|in the next (?:one|article|post|part))\W*",
            r"(?:thanks|thank you)(?: so much| very much)? for reading\b.{0,60}",
            r"happy (?:coding|learning|hacking|reading)\W*",
            r"stay tuned\b.{0,60}|that['’]s (?:it|all) for (?:today|now)\W*",
        ),
    }
)
"""For one sentence, alone or in prose."""

MAY_PLEAD = re.compile(
    r"\b(?:subscribe|sign up|join|pin|tweet|follow|support|sponsor|become|coffee|appreciated|comments?"
    r"|reply|this|share|until|till|see you|thanks?|happy|tuned|that['’]s)\b",
    re.IGNORECASE,
)
"""A word that every one of SENTENCES needs: other texts need not be split into sentences."""

COMMENT = re.compile(r"\bcomments?\b", re.IGNORECASE)
QUESTION_TO_READER = re.compile(r".*\byou\b.*\?\W*", re.IGNORECASE)

TEMPLATE = re.compile(_TEMPLATE)
NO_TEMPLATE = re.compile(
    r"__(?:FILE|LINE|DATE|TIME|FUNCTION|COUNTER|VA_ARGS)__|\b(?:templat\w+|jinja|helm|handlebars|mustache"
    r"|liquid|placeholders?|macros?|variables?|interpolat\w+)\b",
    re.IGNORECASE,
)
"""C fills these in itself; and a text on templates shows some."""

LABELLED = re.compile(r"\w[\w -]{0,30}:\s")
"""A line of a glossary."""

CONTENTS = re.compile(
    r"(?:table of )?contents|(?:on|in) this (?:page|article)|toc|jump to(?: section)?",
    re.IGNORECASE,
)
"""Heads a list of the headings below it."""

CAPTION = re.compile(r"(?=\w)(?!.* [-–—|] .* [-–—|] )[^A-Z.!?:;]{1,40} [-–—|] [^A-Z.!?:;]{1,40}")
TAGS = re.compile(r"(?:tag list|tags?|tagged(?: with)?|keywords?|filed under|hashtags?)\s*:?", re.IGNORECASE)
TAGS_AND_LIST = re.compile(
    r"(?:tag list|tags|tagged(?: with)?|keywords|filed under|hashtags)\s*:\s*\S.*", re.IGNORECASE
)
HASHTAGS = re.compile(r"#\w+(?:[\s,]+#\w+)+")

RELATED = re.compile(
    r"(?:related (?:articles?|posts?|stories|reads?|content)|you (?:may|might) also (?:like|enjoy)|read next"
    r"|more from .*)\W*",
    re.IGNORECASE,
)
"""Heads a list of other articles."""

PLEA = re.compile(
    r"subscribe(?: now| today| to .*)?|(?:our |join our )?newsletter|stay in touch"
    r"|follow (?:us|me)(?: on .*)?|support (?:us|me|my work)|share(?: this.*)?"
    r"|read more|(?:print|e-?mail|edit) this page",
    re.IGNORECASE,
)
"""A heading that is a plea where nothing stands under it, and a chapter's where something does."""
