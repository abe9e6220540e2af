"""The parts of the style sheet hold no fault that unit/styles.py looks for, and it finds each of them."""

import pytest

from unit.styles import LONGEST_FILE, PARTS, faults

SOUND = "/* A part. */\n.button { color: var(--text); }\n"
TOKENS = "/* Tokens. */\n:root { --text: #123; }\n"


def words_of(text: str) -> list[str]:
    """Return the faults of a part, with tokens that have no fault."""
    return [fault.words for fault in faults({"tokens.css": TOKENS, "part.css": text})]


def test_the_parts_hold_no_fault() -> None:
    assert faults({part.name: part.read_text(encoding="utf-8") for part in PARTS}) == []


def test_a_sound_part_has_no_fault() -> None:
    assert words_of(SOUND) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (".card { }", ".card declares nothing"),
        (".card { color red; }", "Stop token reached"),
        (".card { gap: 0; } }", "EOF reached"),
        (".card { gap: 0; } }\n.badge { gap: 0; }", "Unmatched }"),
        (".card { .badge { margin: 0; } }", "a rule within a rule"),
        (".card { margin: 0; gap: 1rem; margin: 0; }", "margin is declared 2 times"),
        (".card { color: #123; }", "#123 is a colour without a token"),
        (".card { border: 1px solid red; }", "red is a colour without a token"),
        (".card { box-shadow: 0 0 light-dark(#fff, black); }", "black is a colour without a token"),
        (".card { color: rgb(0 0 0 / 50%); }", "rgb(0 0 0 / 50%) is a colour without a token"),
        (".card { font-size: .8rem; }", "font-size: .8rem is a size without a token"),
        (".card { border-radius: 0 5px; }", "border-radius: 5px is a size without a token"),
        (".card { font-weight: bold; }", "font-weight: bold is a size without a token"),
        (".card { color: var(--txt); }", "--txt is not defined"),
        (".card { --unread: 0; }", "--unread is not used"),
        (".card { gap: 0; }\n.card { margin: 0; }", ".card has several rules"),
        (".crad { gap: 0; }", "crad is on no page"),
        (".card:not(.crad) { gap: 0; }", "crad is on no page"),
        ("@media (max-width: 41em) { .card { gap: 0; } }", "a condition that no other rule has"),
        ("@media (max-width: 40em) { .card { color: #123; } }", "#123 is a colour without a token"),
        ("\n" * LONGEST_FILE, "too long"),
    ],
)
def test_a_fault_in_a_part_is_found(fault: str, words: str) -> None:
    found = words_of(f"{SOUND}{fault}\n")
    assert found
    assert words in found[-1]


def test_a_part_without_a_comment_on_top_is_found() -> None:
    assert words_of(SOUND.partition("\n")[2]) == ["say in a comment what it is for"]


@pytest.mark.parametrize(
    "declaration",
    ["border: 1px solid transparent", "background: currentColor", "font-size: 0", "border-radius: 50%"],
)
def test_value_that_needs_no_token_is_accepted(declaration: str) -> None:
    assert words_of(f"{SOUND}.card {{ {declaration}; }}\n") == []


def test_the_same_selector_may_stand_in_several_conditions() -> None:
    assert words_of(f"{SOUND}@media (max-width: 40em) {{ .button {{ gap: 0; }} }}\n") == []


def test_fault_is_reported_with_file_and_line() -> None:
    (fault,) = faults({"tokens.css": TOKENS, "part.css": f"{SOUND}\n.card {{ color: #123; }}\n"})
    assert (fault.file, fault.line) == ("part.css", 4)
