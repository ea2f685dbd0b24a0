"""What reading needs of a converter: bytes of a format it cannot read become an HTML page."""

from typing import Protocol


class Unconverted(Exception):
    """A file that cannot be converted; `rule` names the complaint, the message is one sentence."""

    def __init__(self, message: str, rule: str = "damaged") -> None:
        super().__init__(message)
        self.rule = rule


class Convert(Protocol):
    """Turns a file into a page."""

    def __call__(self, data: bytes, form: str) -> str:
        """The HTML page that these bytes of a format (".pdf", ".docx") make. Raises Unconverted."""
        ...
