"""Writes to a journal until it is done or killed; prints the key of each reply once it is kept."""

import sys
from pathlib import Path

from knowledge.journal.entries import Tally
from knowledge.journal.journal import Journal
from tests.knowledge.journals import a_reply, begin, decline, tell


def main() -> None:
    path, person, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    journal = Journal(path)
    for number in range(count):
        key = journal.keep(a_reply("", number, *(f"{person}:{each}" for each in range(40))))
        journal.rate(person=person, key=key, helpful=True)
        tell(journal, person, f"Question {number}?")
        decline(journal, person, f"Question {number}?")
        journal.count([Tally("2026-03-01", 7, "slash", asked=1, declined=1)])
        begin(journal, f"{person}-{number}")
        print(key, flush=True)
        journal.end(f"{person}-{number}")
    journal.close()


if __name__ == "__main__":
    main()
