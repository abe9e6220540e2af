"""The documentation as tests read it: its pages, sections, tables, links and code."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "e2e/README.md", *sorted(
    path.relative_to(ROOT).as_posix() for path in ROOT.joinpath("docs").glob("*.md")
)]  # fmt: skip
HEADING = re.compile(r"^#+ (.+)$", re.M)
LINK = re.compile(r"(?<!\\)\[(?:[^]\[]|!\[[^]]*\]\([^)]*\))*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
INLINE = re.compile(r"`([^`\n]+)`")


def text(page: str) -> str:
    """A page as it stands."""
    return ROOT.joinpath(page).read_text(encoding="utf-8")


def prose(page: str) -> str:
    """A page without its code."""
    return INLINE.sub("``", FENCED.sub("", text(page)))


def section(page: str, title: str) -> str:
    """The text under a heading of the second level, up to the next."""
    found = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", text(page), re.M | re.S)
    assert found, f"{page} has no section {title!r}"
    return found[1]


def rows(markdown: str) -> list[list[str]]:
    """The rows of the first table of a text, without its head; a ``\\|`` is no border."""
    table = re.search(r"(?:^\|.*$\n?)+", markdown, re.M)
    lines = table[0].splitlines()[2:] if table else []
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def table(page: str, title: str) -> list[list[str]]:
    """The rows of the first table of a section."""
    return rows(section(page, title))


def code(page: str, language: str) -> list[str]:
    """The fenced code of a page in a language."""
    return [body for name, body in FENCED.findall(text(page)) if name == language]


def inline(page: str) -> list[str]:
    """Return the inline code of a page."""
    return INLINE.findall(FENCED.sub("", text(page)))


def links(page: str) -> list[str]:
    """Return the targets of the links and pictures of a page, without those on other sites."""
    return [target for target in LINK.findall(prose(page)) if "://" not in target]


def anchors(page: str) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    titles = HEADING.findall(FENCED.sub("", text(page)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
