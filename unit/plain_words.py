"""Words and shapes of sentences that the project does not use; `python -m unit.plain_words` lists them.

It reads the comments, docstrings, texts and names of Python, templates and scripts, the comments of styles
and the documentation. Paths limit it to what is under them. docs/glossary.md says which words to use instead.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from unit.documents import FENCED, INLINE, ROOT

INSTEAD = {
    "somebody": "a user, or who it is",
    "anybody": "anyone",
    "everybody": "everyone",
    "meanwhile": "since, or while ...",
    "by now": "now, already",
    "as before": "restored, unchanged",
    "at hand": "available, known, loaded",
    "anew": "again",
    "for good": "permanently",
    "e-mail": "email",
    "sign in": "log in",
    "signed in": "logged in",
    "signs in": "logs in",
    "signing in": "logging in",
    "sign out": "log out",
    "signed out": "logged out",
    "signs out": "logs out",
    "signing out": "logging out",
    "bring back": "restore",
    "brings back": "restores",
    "brought back": "restored",
    "bringing back": "restoring",
    "take back": "revert, undo",
    "takes back": "reverts",
    "taken back": "reverted",
    "taking back": "reverting",
    "took back": "reverted",
}
"""Each word that is not used, with what is said instead."""

IN_NAMES = {word for word in INSTEAD if word != "e-mail"}
# From Python 3.12 on, the texts of an f-string are tokens of their own.
STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
LONGEST_TEST = 70
CHANGES = "CHANGELOG.md"
THIS = {"unit/plain_words.py", "unit/test_plain_words.py"}
WORDS = re.compile(rf"\b(?:{'|'.join(INSTEAD)})\b".replace(" ", r"\s+"), re.I)
# "What is sent" as a subject or a title; a question may begin like this.
CLAUSE = re.compile(r"(?:^|(?<=[.:!?] )|(?<=[.:!?]\n))(?:What|Whoever|Whatever)\s[^.?!]*(?:[.!]|$)")
NOUN_NONE = re.compile(r"(?<!there is )(?<!: )(?<!there are )(?<![\w'\"`=-])none(?! of\b)(?![\w'\"`:;-])")
JINJA_NONE = re.compile(r"\bis (?:not )?none\b")
COMMENT = re.compile(r"/\*(.*?)\*/", re.S)
QUOTES = re.compile(r"^[rbfRBF]*(\"\"\"|'''|\"|')|(\"\"\"|'''|\"|')$")


class Found(NamedTuple):
    """Something to be said in other words: where, the text, and what is wrong with it."""

    path: str
    line: int
    text: str
    fault: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text!r}: {self.fault}"


class Passage(NamedTuple):
    """A piece of text of a file, the line that it begins on, and whether it is prose or a name."""

    line: int
    text: str
    is_prose: bool = True


def found_in(path: str) -> Iterator[Found]:
    """Everything in the file at `path`, relative to the root, that is to be said in other words."""
    for passage in passages(path, ROOT.joinpath(path).read_text(encoding="utf-8")):
        faults = prose_faults(passage.text) if passage.is_prose else name_faults(passage.text)
        for offset, text, fault in faults:
            yield Found(path, passage.line + passage.text.count("\n", 0, offset), text, fault)


def passages(path: str, source: str) -> Iterator[Passage]:
    """The pieces of text of a file, by what kind of file it is."""
    match Path(path).suffix:
        case ".py":
            yield from _of_python(source)
        case ".html" | ".js":
            yield Passage(1, JINJA_NONE.sub("", source))
        case ".css":
            for each in COMMENT.finditer(source):
                yield Passage(source.count("\n", 0, each.start()) + 1, each[1].strip())
        case ".md":
            blank = FENCED.sub(lambda cut: "\n" * cut[0].count("\n"), source)
            yield Passage(1, INLINE.sub("``", blank))


def _of_python(source: str) -> Iterator[Passage]:
    comment: list[str] = []
    begun = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            begun = begun or token.start[0]
            comment.append(token.string.lstrip("# "))
            continue
        if comment and token.type not in {tokenize.NL, tokenize.NEWLINE}:
            yield Passage(begun, "\n".join(comment))
            comment, begun = [], 0
        if token.type in STRINGS and " " in token.string:
            yield Passage(
                token.start[0],
                QUOTES.sub("", token.string),
            )
        elif token.type == tokenize.NAME:
            yield Passage(token.start[0], token.string, is_prose=False)


def prose_faults(text: str) -> Iterator[tuple[int, str, str]]:
    """The offset, the text and the fault of each word and sentence of `text` that is to be said otherwise."""
    for word in WORDS.finditer(text):
        yield word.start(), word[0], f"say {INSTEAD[' '.join(word[0].lower().split())]!r}"
    for clause in CLAUSE.finditer(text):
        yield clause.start(), clause[0][:60], "begin with a noun"
    for none in NOUN_NONE.finditer(text):
        yield none.start(), text[max(0, none.start() - 20) : none.end()], "say 'no' with a noun"


def name_faults(name: str) -> Iterator[tuple[int, str, str]]:
    """The same of a name in code, whose words are parted by underscores or capitals."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").strip().lower()
    for word in IN_NAMES:
        if re.search(rf"\b{word}\b", words):
            yield 0, name, f"say {INSTEAD[word]!r}"
    if name.startswith("test_") and len(name) > LONGEST_TEST:
        yield 0, name, f"at most {LONGEST_TEST} characters"


def files() -> list[str]:
    """The files that are read."""
    listed = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).split("\n")
    kinds = (".py", ".html", ".js", ".css", ".md")
    return [path for path in listed if path.endswith(kinds) and path not in THIS and path != CHANGES]


def main(asked: Iterable[str]) -> int:
    """Print every find under the paths in `asked`, all where there are none; 1 where there is any."""
    under = tuple(asked) or ("",)
    finds = [find for path in files() if path.startswith(under) for find in found_in(path)]
    print(*finds, f"{len(finds)} found", sep="\n")
    return bool(finds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
