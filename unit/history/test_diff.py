"""Two texts compared word by word."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.history.diff import MOST_PIECES, UNCHANGED_WORDS, Mark, Piece, condensed, differences_in

ADDED, KEPT, LEFT_OUT, REMOVED = Mark.ADDED, Mark.KEPT, Mark.LEFT_OUT, Mark.REMOVED
LONGEST = 5_000
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(["oak", "lamp", " ", "  ", "\n", ".", ",", "é", "a", "b"]), max_size=40).map(
        "".join
    ),
)


def text_of(pieces: list[Piece], *marks: Mark) -> str:
    return "".join(piece.text for piece in pieces if piece.mark in marks)


@given(old=TEXTS, new=TEXTS)
def test_what_is_kept_and_removed_is_the_old_text_and_what_is_kept_and_added_the_new(
    old: str, new: str
) -> None:
    pieces = differences_in(old, new)
    assert text_of(pieces, KEPT, REMOVED) == old
    assert text_of(pieces, KEPT, ADDED) == new
    assert all(piece.text for piece in pieces)


@given(old=TEXTS, new=TEXTS)
def test_shortening_leaves_every_change_as_it_is(old: str, new: str) -> None:
    pieces = differences_in(old, new)
    short = condensed(pieces, words=4)
    assert [p for p in short if p.mark in (ADDED, REMOVED)] == [
        p for p in pieces if p.mark in (ADDED, REMOVED)
    ]
    assert all(len(p.text.split()) <= 4 for p in short if p.mark is KEPT) or len(pieces) == 1


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("A lamp", "A lamp", [(KEPT, "A lamp")]),
        ("", "A lamp", [(ADDED, "A lamp")]),
        ("A lamp", "", [(REMOVED, "A lamp")]),
        ("A lamp.", "A lamp of oak.", [(KEPT, "A lamp"), (ADDED, " of oak"), (KEPT, ".")]),
        ("An oak lamp", "An elm lamp", [(KEPT, "An "), (REMOVED, "oak"), (ADDED, "elm"), (KEPT, " lamp")]),
        # Only blanks between two changes: one change, to be read in one go.
        ("a b", "c d", [(REMOVED, "a b"), (ADDED, "c d")]),
        ("same old end", "same new end", [(KEPT, "same "), (REMOVED, "old"), (ADDED, "new"), (KEPT, " end")]),
        ("<b>x</b>", "<i>x</b>", [(KEPT, "<"), (REMOVED, "b"), (ADDED, "i"), (KEPT, ">x</b>")]),
    ],
)
def test_words_are_compared(old: str, new: str, pieces: list[tuple[Mark, str]]) -> None:
    assert differences_in(old, new) == pieces


def test_a_word_that_is_changed_amid_a_long_text_is_shown_with_its_neighbours() -> None:
    before = " ".join(f"word{n}" for n in range(40))
    pieces = condensed(differences_in(before, before.replace("word20 ", "other ")))
    assert [piece.mark for piece in pieces] == [LEFT_OUT, KEPT, REMOVED, ADDED, KEPT, LEFT_OUT]
    assert text_of(pieces, KEPT).split() == [f"word{n}" for n in (*range(14, 20), *range(21, 27))]


def test_a_long_stretch_between_two_changes_keeps_both_of_its_ends() -> None:
    middle = " ".join(f"word{n}" for n in range(UNCHANGED_WORDS + 8))
    pieces = condensed(differences_in(f"a {middle} b", f"c {middle} d"))
    assert [piece.mark for piece in pieces] == [REMOVED, ADDED, KEPT, LEFT_OUT, KEPT, REMOVED, ADDED]
    assert [len(p.text.split()) for p in pieces if p.mark is KEPT] == [UNCHANGED_WORDS // 2] * 2


def test_a_text_without_a_change_is_left_whole() -> None:
    pieces = [Piece(KEPT, "word " * 50)]
    assert condensed(pieces) == pieces


def test_a_text_that_was_rewritten_is_told_in_two_pieces() -> None:
    old = " ".join(f"a{n} b" for n in range(150))
    new = " ".join(f"c{n} b" for n in range(150))
    assert [piece.mark for piece in differences_in(old, new)] == [REMOVED, ADDED, KEPT]
    scattered = " ".join(f"{n} x y" for n in range(45)), " ".join(f"{n} x z" for n in range(45))
    assert len(differences_in(*scattered)) <= MOST_PIECES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a ", "b "),
        ("x b ", "x c "),
        ("a b ", "b a "),
        ("word ", "word other "),
        ("é.", "é,"),
        ("a", "b"),
        (" ", "\n"),
    ],
)
@pytest.mark.parametrize("length", [130, 280, 600, LONGEST])
def test_the_longest_texts_take_some_milliseconds(one: str, other: str, length: int) -> None:
    old, new = (one * LONGEST)[:length], (other * LONGEST)[:length]
    started = process_time()
    differences_in(old + "x", new)
    assert process_time() - started < 0.1
