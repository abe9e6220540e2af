"""Whether two names look the same to people, whatever characters they consist of."""

from __future__ import annotations

from unicodedata import normalize

from dashboard.search.text import BLANKS, SIGNS
from dashboard.text.characters import EMPTY, visible

# Unicode, UTS 39, confusables.txt: the letters of other alphabets that have the shape of a Latin one, in the
# case in which they are written: only the capital of `н` is an `H`.
LATIN = str.maketrans(
    "АВЕЅІЈКМНОРСТУХҮԚԜаеѕіјорсухүһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυՕՏՍօսհո",
    "ABESIJKMHOPCTYXYQWaesijopcyxyhdqwABEZHIKMNOPTYXaivopuOSUouhn",
)


def looks(name: str) -> tuple[str, str]:
    """Return the looks of `name`: without regard to case, in Latin letters where they exist."""
    seen = normalize("NFKC", visible(name.translate(BLANKS))).translate(EMPTY)
    plain = " ".join(seen.translate(SIGNS).split())
    return normalize("NFKC", plain.casefold()), normalize("NFKC", plain.translate(LATIN).casefold())
