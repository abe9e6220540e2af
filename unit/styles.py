"""Rules for the parts of the style sheet; `python -m unit.styles` lists what breaks them, by file and line.

PyPI has no maintained linter of current CSS with wheels for every system, so this stands in: tinycss2 parses
the parts, and the rules below are those of the style sheet. Whether a browser knows each
property and value is tested in one, by e2e/screens/test_styles.py.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import tinycss2
from tinycss2.color5 import parse_color

from dashboard.web.assets import STATIC

ROOT = STATIC.parents[1]
PARTS = sorted(STATIC.glob("styles/*.css"))
TOKENS = "tokens.css"
LONGEST_FILE = 200
PHONE, NARROW = "(max-width: 40em)", "(max-width: 53.75em)"
CONDITIONS = {
    PHONE,
    NARROW,
    f"(hover: none), {PHONE}",
    "(hover: hover)",
    "(width > 40em)",
    "(scripting: enabled)",
    "(scripting: none)",
    "(prefers-reduced-motion: reduce)",
    "(forced-colors: active)",
    "print",
}
FROM_TOKENS = {"font-size", "font-weight", "border-radius"}
WITHOUT_TOKEN = {"0", "50%", "inherit"}
WITHOUT_COLOUR = {"transparent", "currentcolor"}
COLOURS = {"rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "color-mix"}
DEFINED, USED = re.compile(r"(--[\w-]+):"), re.compile(r"var\((--[\w-]+)")
NAMED = re.compile(r"[.#]([a-z][\w-]*)")


class Rule(NamedTuple):
    """A rule: its file and line, the condition around it, its selector, and what it declares."""

    file: str
    line: int
    around: str
    selector: str
    declared: tuple[Any, ...]

    @property
    def body(self) -> str:
        """Its declarations, as they are written."""
        return str(tinycss2.serialize(each for each in self.declared if each.type == "declaration"))


class Fault(NamedTuple):
    """A fault and its place."""

    file: str
    line: int
    words: str


def parsed(file: str, text: str) -> Iterator[Rule | Fault]:
    """The rules of a part, and its faults as a whole or wherever it can't be read as rules."""
    if not text.startswith("/* "):
        yield Fault(file, 1, "say in a comment what it is for")
    if text.count("\n") > LONGEST_FILE:
        yield Fault(file, LONGEST_FILE, "too long")
    yield from _rules(file, tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), "")


def _rules(file: str, nodes: Iterable[Any], around: str) -> Iterator[Rule | Fault]:
    for node in nodes:
        broken = [each for each in (node, *getattr(node, "prelude", ())) if each.type == "error"]
        yield from (Fault(file, each.source_line, each.message) for each in broken)
        if not broken:
            yield from _rule(file, node, around)


def _rule(file: str, node: Any, around: str) -> Iterator[Rule | Fault]:
    prelude = tinycss2.serialize(node.prelude).strip()
    contents = tinycss2.parse_blocks_contents(node.content or [], skip_comments=True, skip_whitespace=True)
    if node.type == "qualified-rule":
        yield Rule(file, node.source_line, around, prelude, tuple(contents))
    elif node.lower_at_keyword == "media":
        if prelude not in CONDITIONS:
            yield Fault(file, node.source_line, f"@media {prelude} is a condition that no other rule has")
        yield from _rules(file, contents, prelude)


def in_one_rule(rule: Rule) -> Iterator[Fault]:
    """The faults that a rule shows by itself."""
    if not rule.declared:
        yield Fault(rule.file, rule.line, f"{rule.selector} declares nothing")
    names = Counter(each.name for each in rule.declared if each.type == "declaration")
    for each in rule.declared:
        if each.type != "declaration":
            yield Fault(rule.file, each.source_line, getattr(each, "message", "a rule within a rule"))
        elif names[each.name] > 1:
            yield Fault(rule.file, each.source_line, f"{each.name} is declared {names[each.name]} times")
        elif rule.file != TOKENS:
            yield from _without_token(rule.file, each)


def _without_token(file: str, declaration: Any) -> Iterator[Fault]:
    for token in _leaves(declaration.value):
        if is_colour(token):
            yield Fault(file, token.source_line, f"{tinycss2.serialize([token])} is a colour without a token")
    if declaration.name in FROM_TOKENS:
        for token in declaration.value:
            word = tinycss2.serialize([token]).strip()
            if word and word not in WITHOUT_TOKEN and not word.startswith("var("):
                yield Fault(file, token.source_line, f"{declaration.name}: {word} is a size without a token")


def _leaves(tokens: Iterable[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _leaves(getattr(token, "arguments", ()))


def is_colour(token: Any) -> bool:
    """Whether a token is a colour by itself: a name, digits after #, or a function that makes one."""
    if token.type == "function":
        return token.lower_name in COLOURS
    if token.type == "ident":
        return token.lower_value not in WITHOUT_COLOUR and parse_color(token) is not None
    return bool(token.type == "hash")


def among_rules(rules: list[Rule]) -> Iterator[Fault]:
    """The faults that show in the whole sheet: repeated selectors, unknown and unused names."""
    times = Counter((rule.around, rule.selector) for rule in rules)
    sheet = "".join(rule.body for rule in rules)
    defined, used = set(DEFINED.findall(sheet)), set(USED.findall(sheet))
    for rule in rules:
        wrong = {
            "has several rules": {rule.selector} if times[rule.around, rule.selector] > 1 else set(),
            "is not defined": set(USED.findall(rule.body)) - defined - words_of_pages(),
            "is not used": set(DEFINED.findall(rule.body)) - used,
            "is on no page": set(NAMED.findall(rule.selector)) - words_of_pages(),
        }
        for words, names in wrong.items():
            yield from (Fault(rule.file, rule.line, f"{name} {words}") for name in sorted(names))


@cache
def words_of_pages() -> frozenset[str]:
    """Every word within quotes, where templates, scripts and Python name classes."""
    sources = [*ROOT.glob("templates/**/*.html"), *STATIC.rglob("*.js"), *ROOT.glob("dashboard/**/*.py")]
    quoted = (re.findall(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`", each.read_text("utf-8")) for each in sources)
    return frozenset(word for texts in quoted for text in texts for word in re.findall(r"[\w-]+", text))


def faults(parts: dict[str, str]) -> list[Fault]:
    """Everything that is wrong with these parts, each given by its name and text."""
    found = [each for file, text in parts.items() for each in parsed(file, text)]
    rules = [each for each in found if isinstance(each, Rule)]
    read = [each for each in found if isinstance(each, Fault)]
    return [*read, *(fault for rule in rules for fault in in_one_rule(rule)), *among_rules(rules)]


if __name__ == "__main__":
    told = faults({part.name: part.read_text("utf-8") for part in PARTS})
    lines = [f"dashboard/static/styles/{file}:{line}: {words}" for file, line, words in told]
    sys.exit("\n".join(lines) or None)
