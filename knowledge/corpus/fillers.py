"""What stands in a section until somebody writes it: "TBD", "More soon", "Not yet described."."""

import re

_LONGEST = 200
_MATTER = (
    r"(?:(?:more|further|new|additional|detailed|this) )*"
    r"(?:content|details?|documentation|examples?|info(?:rmation)?|text|updates?|more|it|section|page|chapter)"
)
_MADE = (
    r"(?:added|announced|available|completed|confirmed|continued|covered|decided|defined|described|determined"
    r"|documented|done|filled(?: in)?|finished|known|listed|provided|published|ready|specified|supplied"
    r"|updated|written)"
)
_LATER = r"(?: (?:soon|shortly|later|here|in due course|in (?:a|the) (?:future|later|next) \w+))?"
_STATE = (
    r"(?:under construction|(?:a )?work in progress|wip|(?:a )?stub|incomplete|in (?:preparation|progress))"
)
_FORMS = (
    r"tb[acd]|n/?a|none yet|placeholder|soon|[-–—.…?]+|x{3,}",
    r"(?:to ?do|fixme)(?:\s*[:–-].*)?",
    rf"(?:(?:this|the) \w+ is )?(?:(?:still|currently|yet) )*(?:{_STATE}|being {_MADE}|empty)",
    rf"(?:{_MATTER} )?(?:is |are )?coming(?: very)? soon",
    rf"(?:(?:still|yet|is|are) )*to be {_MADE}{_LATER}",
    rf"(?:{_MATTER} )?(?:will be {_MADE}|(?:will|to) (?:follow|come)){_LATER}",
    rf"{_MATTER} soon|(?:please )?(?:check|come) back (?:later|soon|again\b.*)|watch this space|stay tuned",
    rf"(?:{_MATTER} (?:is|are|has|have) )?(?:not yet|not been|yet to be|hasn['’]t been|has yet to be)"
    rf"(?: been)? {_MADE}(?: yet)?",
    r"(?:this page )?(?:is )?(?:intentionally )?left (?:blank|empty)(?: intentionally)?",
    r"(?:there (?:is|are) )?(?:no|nothing) (?:[\w/-]+ ){0,4}"
    r"(?:listed|added|provided|entered|written|available|here) (?:yet|so far|at this time)",
    r"nothing (?:here )?yet|(?:insert|add|your) (?:\w+ ){0,3}(?:text|content|description)(?: goes)? here",
)
_FILLER = re.compile("|".join(_FORMS), re.IGNORECASE)
_LOREM = re.compile(r"lorem ipsum\b", re.IGNORECASE)


def is_filler(text: str) -> bool:
    """True for a text that says nothing but that something will be said."""
    if _LOREM.match(text):
        return True
    if len(text) > _LONGEST:
        return False
    sentences = (
        [text]
        if text.casefold().startswith(("todo", "to do", "fixme"))
        else re.split(r"(?<=[.!…)\]])\s+", text)
    )
    return all(_says_nothing(sentence) for sentence in sentences)


def _says_nothing(sentence: str) -> bool:
    bare = sentence.strip("()[]<>{} ")
    return _FILLER.fullmatch(bare.rstrip(".!…:") or bare) is not None
