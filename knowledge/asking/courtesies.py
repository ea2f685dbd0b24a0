"""What people say to a bot that is no question, and what it says back in its own voice. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Courtesy:
    """A kind of small talk. `offers` tells whether the reply is followed by questions one could ask."""

    said: re.Pattern[str]
    reply: str
    offers: bool = False


def _said(*phrases: str) -> re.Pattern[str]:
    """The whole message, give or take an opening, an address and punctuation."""
    opening = r"(?:(?:ok|okay|oh|well|so|hi+|hey+|hello|yo|wow|lol|haha|cool|great|nice|that helped)\W+)*"
    friend = (
        r"(?:there|bot|all|everyone|everybody|folks|guys|mate|man|bro|friend|buddy|again|you|u|"
        r"so much|very much|a lot|please|thanks|thank you|that helped)"
    )
    return re.compile(rf"\W*{opening}(?:{'|'.join(phrases)})(?:[ ,.!]+{friend})*\W*", re.IGNORECASE)


_INSULT = r"(?:stupid|dumb|useless|idiot(?:ic)?|moron|trash|garbage|crap|worthless|pathetic|lame|bad)"
_BEING = r"(?:bot|robot|human|person|real|ai|chatgpt|gpt|llm|machine|program)"

LONGEST = 80
"""Characters of a message that may be nothing but small talk."""

COURTESIES = (
    Courtesy(
        _said(
            "hi+",
            "hello+",
            "hey+",
            "heya",
            "hiya",
            "yo+",
            "howdy",
            "sup",
            "greetings",
            "hola",
            "hallo",
            "bonjour",
            "salut",
            "ciao",
            "namaste",
            "good (?:morning|day|afternoon|evening)",
            "what'?s up",
            "wassup",
        ),
        "Hello. Ask me something; I look it up in my documents and quote what they say.",
        offers=True,
    ),
    Courtesy(
        _said("how are you(?: doing)?(?: today)?", "how'?s it going", "how do you do", "you good"),
        "All well here, thank you. What would you like to know?",
        offers=True,
    ),
    Courtesy(
        _said(
            "thanks?(?: you)?",
            "thank u",
            "thx+",
            "ty+",
            "tysm",
            "cheers",
            "much appreciated",
            "great(?: answer)?",
            "nice(?: one)?",
            "cool",
            "awesome",
            "perfect",
            "good bot",
            "that helped?",
            "gracias",
            "danke",
            "merci",
        ),
        "You're welcome.",
    ),
    Courtesy(
        _said(
            "bye+",
            "bye bye",
            "goodbye",
            "good ?night",
            "see (?:you|ya|u)(?: later)?",
            "cya",
            "later",
            "take care",
        ),
        "Goodbye, and good luck.",
    ),
    Courtesy(
        _said(
            "who (?:are|r) (?:you|u)",
            "what (?:are|r) (?:you|u)",
            "who (?:made|built|created|wrote) (?:you|u)",
            rf"(?:are|r) (?:you|u) (?:an? )?{_BEING}(?: or (?:an? )?{_BEING})*",
            "what'?s your name",
            "introduce yourself",
        ),
        "I am a bot that answers from a small set of documents, in their own words and with their source. "
        "I write nothing myself; where they say nothing, I say so.",
        offers=True,
    ),
    Courtesy(
        _said(
            "help(?: me)?(?: please)?",
            "what can (?:you|u|i) (?:do|ask|say)(?: here)?",
            "how (?:do (?:you|u)|does (?:this|the) bot) work",
            "what do (?:you|u) (?:do|know)",
            "how (?:do|can) i use (?:you|this)",
            "what (?:should|can) i ask(?: you)?",
            "commands?",
            "menu",
        ),
        "Ask me a question in your own words: I find the passages that answer it, quote them and name their "
        "source. I also understand follow-ups and several questions at once.",
        offers=True,
    ),
    Courtesy(
        _said(
            r"(?:you(?:'?re| are)?|u(?: r)?|ur|this|that(?:'?s)?|what a|such a)"
            rf"(?: (?:a|an|so|really|is|was|such))* {_INSULT}(?: (?:bot|machine|thing|answer|robot|idiot))*",
            rf"{_INSULT} (?:bot|machine|robot|answer)",
            "(?:you|u) suck",
            "shut up",
            "f\\*?u?c?k (?:you|off)",
            "i hate you",
        ),
        "I'm sorry that I wasn't of more help. Tell me what you would like to know, and I'll look again.",
    ),
)


_TO_THE_BOT = r"(?=[^,.!?;:]*\b(?:you|u|ur|your|bot)\b)"
_ABUSE_WORD = rf"(?:{_INSULT}|junk|rubbish|shit(?:ty)?|fuck(?:ing|er)?|suck|sucks|hate you)"
_ABUSE = re.compile(
    rf"^\W*{_TO_THE_BOT}[^,.!?;:]{{0,60}}\b{_ABUSE_WORD}\b[^,.!?;:]{{0,60}}[,.!?;:]+\s*(?=\w+\W+\w+\W+\w)",
    re.IGNORECASE,
)


def without_abuse(text: str) -> str:
    """A message without the insult it opens with: "you useless bot, which databases?" asks which."""
    return _ABUSE.sub("", text, count=1)


def courtesy(text: str) -> Courtesy | None:
    """The small talk a whole message consists of; None where there is anything else in it."""
    if len(text) > LONGEST:
        return None
    return next((kind for kind in COURTESIES if kind.said.fullmatch(text.replace("’", "'").strip())), None)
