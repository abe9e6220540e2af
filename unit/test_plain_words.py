"""The check of words and sentences: each fault is found at its line, and good English is left alone."""

import pytest

from unit.plain_words import files, found_in, name_faults, passages, prose_faults


def faults(path: str, source: str) -> list[tuple[int, str]]:
    """The line and the text of each fault in a file of that name."""
    found = []
    for passage in passages(path, source):
        for offset, text, _ in (prose_faults if passage.is_prose else name_faults)(passage.text):
            found.append((passage.line + passage.text.count("\n", 0, offset), text))
    return found


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("a.py", '"""One.\n\nSomebody saved it."""\n', [(3, "Somebody")]),
        ("a.py", "x = 1  # kept at hand\n", [(1, "at hand")]),
        ("a.py", "# It is kept at\n# hand.\n", [(1, "at\nhand")]),
        ("a.py", "def test_somebody_saves() -> None: ...\n", [(1, "test_somebody_saves")]),
        ("a.py", "class SignedOut: ...\n", [(1, "SignedOut")]),
        ("a.py", 'SAID = "Changed meanwhile"\n', [(1, "meanwhile")]),
        ("a.html", "<p>\n<b>You</b> sign\nin</p>", [(2, "sign\nin")]),
        ("a.html", '<a\ntitle="Gone for good">{% if it is none %}', [(2, "for good")]),
        ("a.js", "/* It is\n * gone */ // for good\n", [(2, "for good")]),
        ("a.css", "/* by\nnow */\n.a { color: red }\n", [(1, "by\nnow")]),
        ("a.md", "```\nsomebody\n```\n\nIt is `anew`, for everybody.\n", [(5, "everybody")]),
    ],
)  # fmt: skip
def test_fault_is_found_at_its_line(path: str, source: str, found: list[tuple[int, str]]) -> None:
    assert faults(path, source) == found


@pytest.mark.parametrize(
    "text",
    [
        "What a form sends.",
        "It is sent. What comes back is kept.",
        "One or none.",
        "Who: Whoever asks for it.",
    ],
)
def test_sentence_that_has_no_noun_is_found(text: str) -> None:
    assert len(list(prose_faults(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "What did you change?",
        "Ask what it is.",
        "None of them.",
        "Returns None.",
        "none of these",
        "where there is none",
    ],
)
def test_good_english_is_left_alone(text: str) -> None:
    assert not list(prose_faults(text))


@pytest.mark.parametrize("path", files())
def test_file_is_in_plain_words(path: str) -> None:
    assert [str(find) for find in found_in(path)] == []
