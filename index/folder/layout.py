"""Where things lie below the data folder, and which generation its files say is current.

    CURRENT                      one line: the number of the generation that answers
    FORMAT                       which version of this layout wrote the folder
    generations/000001/          catalogue.db, vectors.faiss, manifest.json, and "published"
    generations/staged/          the same without "published": waits for somebody's decision
    generations/.building-…      being written, or left by a killed process
    generations/.removing-…      being removed, or left by a killed process

A numbered folder is published if it holds the "published" mark or CURRENT names it. The mark is written
after CURRENT, or by the next writer before it changes anything. So a folder that got its number from a
process killed before it wrote CURRENT has neither: it never answers, is not listed, and is swept away.
"""

import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from index.folder.files import read_sealed, sync, write_sealed, write_whole
from index.library import NewerFormat

FORMAT = 1
MANIFEST = "manifest.json"
_MARK = "published"
_NUMBER = re.compile(r"[0-9]{1,18}")
_HIDDEN = (".building-", ".removing-")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one data folder."""

    root: Path

    @property
    def generations(self) -> Path:
        """The folder of all generations."""
        return self.root / "generations"

    @property
    def staged(self) -> Path:
        """Where a generation lies that waits for a decision."""
        return self.generations / "staged"

    def folder(self, number: int) -> Path:
        """Where a generation lies."""
        return self.generations / f"{number:06d}"

    def pointer(self) -> str | None:
        """What CURRENT says, unchecked; None where there is no such file."""
        try:
            return (self.root / "CURRENT").read_text("ascii", "replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            return f"unreadable: {error.strerror}"

    def current(self) -> int | None:
        """The number in CURRENT, or None where it has none."""
        line = (self.pointer() or "").strip()
        return int(line) if _NUMBER.fullmatch(line) else None

    def published(self) -> list[int]:
        """The numbers of all published generations, newest first."""
        current = self.current()
        kept = [n for n in self._numbered() if n == current or (self.folder(n) / _MARK).exists()]
        return sorted(kept, reverse=True)

    def next_number(self) -> int:
        """A number above all that were ever used."""
        # A file that happens to be called 000007 takes that number too: a folder cannot be renamed onto it.
        taken = [int(path.name) for path in self._entries() if _NUMBER.fullmatch(path.name)]
        return max([*taken, self.current() or 0, 0]) + 1

    def hidden(self) -> Path:
        """Make an empty hidden folder to build in."""
        path = self.generations / f".building-{os.getpid()}-{secrets.token_hex(4)}"
        path.mkdir()
        return path

    def point_to(self, number: int) -> None:
        """Make a generation the current one; this is the moment of publishing."""
        write_whole(self.root / "CURRENT", f"{number}\n")

    def mark(self, number: int) -> None:
        """Record that a generation has been published."""
        mark = self.folder(number) / _MARK
        if not mark.exists():
            mark.touch()
            sync(mark.parent)

    def remove(self, number: int) -> None:
        """Remove a generation so that no moment shows half of it."""
        self._remove(self.folder(number))

    def stage(self, folder: Path) -> None:
        """Have a hidden folder wait for a decision, in place of what waited before."""
        self.unstage()
        folder.rename(self.staged)
        sync(self.generations)

    def unstage(self) -> None:
        """Remove what waits for a decision, if anything does."""
        if self.staged.exists():
            self._remove(self.staged)

    def _remove(self, folder: Path) -> None:
        hidden = self.generations / f".removing-{folder.name}-{secrets.token_hex(4)}"
        folder.rename(hidden)
        sync(self.generations)
        shutil.rmtree(hidden)

    def prepare(self) -> None:
        """Make the folder fit for writing, and finish or undo what a killed process left. Under the lock."""
        self.check_format()
        self.generations.mkdir(parents=True, exist_ok=True)
        current = self.current()
        if current is not None and self.folder(current).is_dir():
            self.mark(current)
        for path in self._entries():
            if path.name.startswith(_HIDDEN):
                shutil.rmtree(path)
        for number in set(self._numbered()).difference(self.published()):
            self.remove(number)
        if self._format() != FORMAT:
            write_sealed(self.root / "FORMAT", FORMAT)

    def check_format(self) -> None:
        """Raise NewerFormat where a newer version of the program wrote the folder."""
        if self._format() > FORMAT:
            raise NewerFormat(
                f"The index in {self.root} has format {self._format()}, written by a newer version of this "
                f"program, which reads up to format {FORMAT}; update it or use another data folder."
            )

    def _format(self) -> int:
        try:
            return int(read_sealed(self.root / "FORMAT"))
        except (OSError, ValueError, TypeError):
            return 0  # absent or altered: each manifest still states its own

    def _entries(self) -> list[Path]:
        return sorted(self.generations.iterdir()) if self.generations.is_dir() else []

    def _numbered(self) -> list[int]:
        """Numbers of folders that are ours: others may lie here, and are left alone."""
        return [
            int(path.name)
            for path in self._entries()
            if _NUMBER.fullmatch(path.name)
            and path == self.folder(int(path.name))
            and (path / MANIFEST).exists()
        ]
