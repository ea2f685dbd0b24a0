"""The process that converts: what it may take, what it may do, what is kept of it."""

import json
import sys
import time
from pathlib import Path

import pytest

from knowledge.documents.converter import Converter
from knowledge.documents.limits import Limits
from knowledge.formats.conversion import Unconverted
from tests.knowledge.office import column, docx, paragraph, pdf

HELLO = pdf(column("Hello you"))
STOPPED = "Its conversion broke off; it may take 1 seconds and 128 MB."
SHORT = Limits(seconds=1, memory=128, characters=10_000)


def saying(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", f"import sys, os, time, json\n{code}"]


def test_a_result_is_kept_and_not_made_again(tmp_path: Path) -> None:
    first = Converter(data=tmp_path, limits=Limits())(HELLO, ".pdf")
    assert "<p>Hello you</p>" in first
    never = Converter(data=tmp_path, limits=Limits(), command=["/missing"])
    assert never(HELLO, ".pdf") == first


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff\xfe"])
def test_a_damaged_result_is_made_again(tmp_path: Path, damage: bytes) -> None:
    convert = Converter(data=tmp_path, limits=Limits())
    first = convert(HELLO, ".pdf")
    (path,) = (tmp_path / "converted").iterdir()
    path.write_bytes(damage and path.read_bytes() + damage)
    assert convert(HELLO, ".pdf") == first


def test_results_unused_for_a_month_are_removed(tmp_path: Path) -> None:
    now = time.time()
    Converter(data=tmp_path, limits=Limits(), clock=lambda: now)(HELLO, ".pdf")
    later = Converter(data=tmp_path, limits=Limits(), clock=lambda: now + 40 * 86_400)
    later(pdf(column("Another one")), ".pdf")
    assert len([*(tmp_path / "converted").iterdir()]) == 1


def test_a_folder_that_takes_nothing_stops_no_conversion(tmp_path: Path) -> None:
    (tmp_path / "converted").write_text("")
    assert "Hello you" in Converter(data=tmp_path, limits=Limits())(HELLO, ".pdf")


@pytest.mark.parametrize(
    "code",
    [
        "time.sleep(60)",
        "while True: pass",
        "sys.stdin.buffer.read(); time.sleep(60)",
        "os.kill(os.getpid(), 11)",
        "sys.exit(3)",
        "print('nonsense')",
        "print('[1]')",
        "print(json.dumps({'html': 3}))",
        "print(json.dumps({'refused': 'unheard of'}))",
        "print(json.dumps({'html': 'x' * 10_001}))",
        "while True: print('x' * 1000)",
        "os.fork() or time.sleep(60)",
    ],
)
def test_a_converter_that_hangs_crashes_or_babbles_is_stopped(tmp_path: Path, code: str) -> None:
    convert = Converter(data=tmp_path, limits=SHORT, command=saying(code))
    started = time.monotonic()
    with pytest.raises(Unconverted, match=STOPPED) as caught:
        convert(HELLO, ".pdf")
    assert caught.value.rule == "stopped"
    assert time.monotonic() - started < 10
    assert not (tmp_path / "converted").exists()


def test_what_was_stopped_is_tried_again_only_after_a_while(tmp_path: Path) -> None:
    now = [1_000.0]
    command = saying(f"open({str(tmp_path / 'tries')!r}, 'a').write('x')")
    convert = Converter(data=tmp_path, limits=SHORT, command=command, clock=lambda: now[0])
    for _ in range(3):
        with pytest.raises(Unconverted):
            convert(HELLO, ".pdf")
    assert (tmp_path / "tries").read_text() == "x"
    now[0] += 700
    with pytest.raises(Unconverted):
        convert(HELLO, ".pdf")
    assert (tmp_path / "tries").read_text() == "xx"


def test_a_converter_that_cannot_be_started_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unconverted, match=STOPPED):
        Converter(data=tmp_path, limits=SHORT, command=[str(tmp_path / "missing")])(HELLO, ".pdf")


def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    many = docx(*[paragraph("x")] * 200_000)
    assert len(many) < 1_000_000
    with pytest.raises(Unconverted, match=r"^Its conversion broke off; it may take 60 seconds and 192 MB\.$"):
        Converter(data=tmp_path, limits=Limits(memory=192, seconds=60))(many, ".docx")


def test_a_text_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unconverted, match=r"^Holds more than 50 characters\.$"):
        Converter(data=tmp_path, limits=Limits(characters=50))(HELLO, ".pdf")


def test_no_secret_reaches_the_converter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    command = saying("print(json.dumps({'html': ' '.join(sorted(os.environ))}))")
    found = Converter(data=tmp_path, limits=Limits(), command=command)(HELLO, ".pdf")
    assert set(found.split()) <= {"SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "LC_CTYPE"}


CONFINED = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from knowledge.formats.converting.confined import confine
import os, socket, subprocess, tempfile
confine(memory=512, seconds=5)
try:
    {deed}
except OSError as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize(
    "deed",
    [
        "open('/etc/hostname')",
        "open('out.txt', 'w')",
        "open('out.py', 'w')",
        "os.open('out.py', os.O_WRONLY | os.O_CREAT)",
        "os.fork()",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('example.org', 80)",
        "subprocess.run(['true'])",
        "os.system('true')",
        "os.remove('x')",
    ],
)
def test_a_confined_process_opens_nothing_and_calls_nobody(tmp_path: Path, deed: str) -> None:
    import subprocess

    path = json.dumps([str(Path(place).absolute()) for place in sys.path])
    done = subprocess.run(
        [sys.executable, "-I", "-c", CONFINED.format(deed=deed), path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "Forbidden\n", done.stderr
    assert [*tmp_path.iterdir()] == []


NOISY = """
import json, os, sys
sys.path[:] = json.loads(sys.argv[1])
import knowledge.formats.converting.convert as made
from knowledge.formats.converting.__main__ import main

def convert(*_):
    print("a warning")
    os.write(1, b"another")
    return "the page"

made.convert = convert
main()
"""


def test_what_a_library_prints_stands_in_no_page(tmp_path: Path) -> None:
    path = json.dumps([str(Path(place).absolute()) for place in sys.path])
    command = [sys.executable, "-I", "-c", NOISY, path]
    assert Converter(data=tmp_path, limits=Limits(), command=command)(HELLO, ".pdf") == "the page"


def test_a_linked_picture_is_not_looked_at(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="{office}/image" Target="file://{secret}" TargetMode="External"/>'
        "</Relationships>"
    )
    picture = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:blipFill><a:blip r:link="r9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
    file = docx(paragraph("Hello you"), picture, parts={"word/_rels/document.xml.rels": relations})
    html = Converter(data=tmp_path, limits=Limits())(file, ".docx")
    assert "Hello you" in html
    assert "img" not in html
