"""Texts and queries, both reduced to the same plain letters."""

# ruff: noqa: RUF001 - letters that look alike are what this is about

from __future__ import annotations

from unicodedata import combining, normalize

from dashboard.text.characters import TURNING, visible

MOST_WORDS = 8  # of a query; each costs a look into the index
WORD_LENGTH = 200  # characters of a word that are searched for
TRIGRAM = 3  # characters: the least that an index can look up
CODE_LENGTH = 9  # characters: a word so long that ends in a number is a code
CODE_END = 6  # digits, by which a code differs from its neighbours
GAP = "  "  # before every word, so that one letter with its gap is a trigram that begins a word

CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
SURROGATES = range(0xD800, 0xE000)  # halves of characters, which no database stores
BLANKS: dict[int, str] = dict.fromkeys([*CONTROLS, *SURROGATES], " ")
UNASKED: dict[int, str | None] = {**BLANKS, **dict.fromkeys(TURNING)}

# Signs for which people type a simpler one, and letters that Unicode does not take apart.
SIGNS = str.maketrans(
    {
        "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"',
        "‐": "-", "–": "-", "—": "-", "−": "-", "⁄": "/",
    }
)  # fmt: skip
TWINS = SIGNS | str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i",
        "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """`text` without case, accents and invisible characters; control characters become blanks."""
    if not text.isprintable():  # as no text is that has one of these characters
        text = text.translate(BLANKS)
    if text.isascii():
        return text.lower()
    # Folding the case of a letter can bring forth marks of its own: İ.
    return _bare(_bare(text).casefold()).translate(TWINS)


def _bare(text: str) -> str:
    return "".join(c for c in visible(normalize("NFKD", text)) if c.isascii() or not combining(c))


def asked(text: str, longest: int) -> str:
    """A search as people may ask it, up to `longest` characters; empty where it shows nothing.

    Only what `fold` takes away on both sides is taken away here.
    """
    query = text.translate(UNASKED).strip()[:longest].rstrip()
    return query if fold(query).strip() else ""


def searchable(*parts: str) -> str:
    """Return the indexed text: the folded words of all `parts`, each after two blanks, and two at the end."""
    words = " ".join(map(fold, parts)).split()
    return f"{GAP}{GAP.join(words)}{GAP}" if words else ""


def search_terms(query: str) -> tuple[str, ...]:
    """Return the pieces that text matching `query` contains: up to 8, of 3 characters or more.

    A word of one or two letters is asked for at the beginning of a word, a longer one anywhere in it.
    """
    return words(fold(query), padded_to=TRIGRAM)


def selective_parts(word: str) -> tuple[str, ...]:
    """The parts of a word by which to look it up: of a long code that ends in a number, its last six digits.

    What comes before is mostly padding, such as the zeros of ``TEX-00500000``: trigrams that every row has,
    and an index reads all it holds of each. So do the trigrams that overlap two others, and they tell little
    more: the digits are looked up three by three. A row with these parts may still lack the word.
    """
    end = word[-CODE_END:]
    if len(word) < CODE_LENGTH or not end.isdigit():
        return (word,)
    return tuple(end[place : place + TRIGRAM] for place in range(0, CODE_END, TRIGRAM))


def words(query: str, padded_to: int = 0) -> tuple[str, ...]:
    """The first 8 different words of `query`, with blanks before those that are too short."""
    found = dict.fromkeys(query.translate(BLANKS).split())
    return tuple(word[:WORD_LENGTH].rjust(padded_to) for word in [*found][:MOST_WORDS])
