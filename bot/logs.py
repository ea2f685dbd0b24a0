"""Where log lines go and what never gets into one: tokens, credentials, what people wrote."""

import logging
import re
import sys
from collections.abc import Iterable
from copy import copy
from typing import Final

from pydantic import SecretStr

OURS: Final = ("bot", "knowledge", "index")
TEXT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
GONE: Final = "[redacted]"
SHORTEST_SECRET: Final = 8
"""A shorter one is a mistake or a trial, and to strike it out would harm ordinary words."""

_QUOTE = r"(?:b?\\?['\"])"
_WORD = r"[^\s'\"\\,;)>}\]]+"

PATTERNS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        # Interactions and webhooks carry their token in the address.
        (r"(/(?:webhooks|interactions)/\d+/)[^\s/?#'\"\\,;)>]+", rf"\1{GONE}"),
        # The same token anywhere else: it is base64 and begins with "interaction:".
        (r"\baW50ZXJhY3Rpb24[\w+/=-]+", GONE),
        # A bot's token: its id, a time and a signature.
        (r"\b[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,}", GONE),
        (
            rf"(authorization(?:{_QUOTE}?\s*[:=]\s*|{_QUOTE},\s*){_QUOTE}?)"
            rf"(?:(?:bot|bearer|basic|digest)\s+)?{_WORD}",
            rf"\1{GONE}",
        ),
        (rf"({_QUOTE}token{_QUOTE}\s*:\s*{_QUOTE})[^'\"\\]+", rf"\1{GONE}"),
        # Whoever logs in to a proxy does so in its address, or with aiohttp's BasicAuth.
        (r"(://)[^\s/'\"<>]+@", rf"\1{GONE}@"),
        (r"BasicAuth\(login=.*?(, encoding=|\))", rf"BasicAuth({GONE}\1"),
    )
)


class Redaction:
    """Strikes secrets out of text, and out of all that a record has to tell."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        long = (secret for secret in secrets if len(secret) >= SHORTEST_SECRET)
        self._secrets = sorted(long, key=len, reverse=True)
        self._formatter = logging.Formatter()

    def cleaned(self, record: logging.LogRecord) -> logging.LogRecord:
        """A copy without secrets in message, traceback, stack and extras; other handlers keep the record."""
        record = copy(record)
        record.msg, record.args = self.redact(_message(record)), None
        if record.exc_info:
            record.exc_text = self._formatter.formatException(record.exc_info)
            # Formatters would write the exception anew if they still had it.
            record.exc_info = None
        if record.exc_text:
            record.exc_text = self.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self.redact(record.stack_info)
        for name in record.__dict__.keys() - _USUAL:
            record.__dict__[name] = self.redact(str(record.__dict__[name]))
        return record

    def redact(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, GONE)
        for pattern, replacement in PATTERNS:
            text = pattern.sub(replacement, text)
        return text


class _StandardError(logging.StreamHandler):  # type: ignore[type-arg]  # generic for the checker alone
    """Writes redacted lines to what standard error is by then, not what it was at the start."""

    def __init__(self, redaction: Redaction) -> None:
        logging.Handler.__init__(self)
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        return super().format(self._redaction.cleaned(record))

    @property
    def stream(self) -> object:
        return sys.stderr


def configure(level: str, form: str = "text", *, secrets: Iterable[SecretStr | None] = ()) -> None:
    """Log to standard error from this level on, as "text" or "json"; a second call replaces the first.

    Only our own modules go below INFO: what discord.py and aiohttp tell at DEBUG holds messages and tokens.
    """
    wanted = logging.getLevelNamesMapping()[level]
    handler = _StandardError(Redaction(secret.get_secret_value() for secret in secrets if secret))
    handler.setFormatter(_formatter(form))
    root = logging.getLogger()
    for former in [each for each in root.handlers if isinstance(each, _StandardError)]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(max(wanted, logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(wanted if wanted < logging.INFO else logging.NOTSET)


def _formatter(form: str) -> logging.Formatter:
    if form != "json":
        return logging.Formatter(TEXT)
    from pythonjsonlogger.json import JsonFormatter

    renamed = {"levelname": "level", "name": "logger", "exc_info": "exception", "stack_info": "stack"}
    return JsonFormatter(["levelname", "name", "message"], rename_fields=renamed, timestamp="time")


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001  # logging would print the arguments as they are, which nobody has looked at
        return f"(does not fit its arguments) {record.msg}"


_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
