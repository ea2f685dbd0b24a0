"""Names of files in any script, and names that mean harm."""

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents.naming import safe_name, shown_name, split_name
from tests.knowledge.adding import Desk


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Pay Guide.md", "pay-guide"),
        ("日本語.md", "日本語"),
        ("ملف.txt", "ملف"),
        ("हिन्दी.md", "हिन्दी"),
        ("Öl & Gas.md", "öl-gas"),
        ("O\u0308l.md", "öl"),
        ("🎉 party.md", "🎉-party"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.md", "system"),
        ("a\0b.md", "ab"),
        ("invoice\u202etxt.md", "invoicetxt"),
        ("zero\u200bwidth.md", "zerowidth"),
        (".hidden.md", "hidden"),
        ("__init__.md", "init"),
        ("CON.md", "file-con"),
        ("nul.tar.md", "file-nul.tar"),
        ("guide~2.md", "guide-2"),
        ("a#b@c.md", "a-b-c"),
        ("....md", "document"),
        ("", "document"),
        ("///", "document"),
        ("v1.2.md", "v1.2"),
        ("Onboarding – Backend (Leila’s “copy”).md", "onboarding-backend-leila-s-copy"),
    ],
)
def test_a_name_becomes_safe_and_keeps_its_letters(name: str, safe: str) -> None:
    assert safe_name(split_name(name)[0]) == safe


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_name_is_safe_on_every_disk(name: str) -> None:
    safe = safe_name(split_name(name)[0])
    assert 0 < len(safe.encode()) <= 90
    assert len(PurePosixPath(safe).parts) == len(PureWindowsPath(safe).parts) == 1
    assert safe[0] not in ".-_ "
    assert safe[-1] not in ". "
    assert safe.isprintable()
    assert not set(safe) & set('<>:"/\\|?*#~@')
    assert unicodedata.is_normalized("NFC", safe)
    assert safe_name(safe) == safe
    shown = shown_name(name)
    assert shown
    assert shown.isprintable()


@pytest.mark.parametrize("name", ["日本語.md", "ملف.md", "🎉🎉.md", "Ж" * 300 + ".md", "v1.2.md", "con.md"])
def test_a_file_of_any_name_can_be_added_read_removed_and_restored(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path / "data")
    (document,) = desk.add(name, "# Title\n\nText.")
    assert desk.texts() == {document: "Text."}
    desk.own.remove(document)
    assert desk.texts() == {}
    desk.own.restore(document)
    assert desk.texts() == {document: "Text."}
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
