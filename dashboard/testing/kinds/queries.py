"""Query strings of every kind: each page answers."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from urllib.parse import quote

from flask.testing import FlaskClient

from dashboard.testing.kinds.kind import Kind

SEED, RANDOM = 7, 12
RAW = (
    "%ff", "q=%ff&id=1", "%", "%zz=%", "&&&===", "=1", "q=%00&id=1", "a" * 3000, "id=" + "9" * 5000,
    "page=" + "9" * 5000, "page=-1", "page=x", "size=0", "sort=nothing", "sort=-", "after=x&before=x",
    "column=nothing", "view=9&view=x", "next=//evil.test", "q=" + quote("' OR 1=1 --"),
)  # fmt: skip
VALUES = (
    "", "0", "-1", "9" * 30, "1e999", "NaN", "²", "yes", "true", "none", "%", "_", "\\", "'", '"', "\0", "‮",
    "0001-01-01", "9999-12-31", "2026-02-30", "25:61", "{{7}}", "<b>", "a " * 100,
)  # fmt: skip
NAMES = ("q", "sort", "page", "size", "view", "column", "after", "before", "id", "next", "rowid", "field")


def query_faults(kind: Kind, key: str) -> Iterator[str]:
    """The pages that fail, each with the query string."""
    client = kind.client()
    for path in sorted(rule.rule for rule in kind.rules() if "GET" in (rule.methods or ())):
        for query in (*RAW, *_random(kind, key)):
            if (status := _status(client, path, query)) >= 500:
                yield f"{path}?{query[:200]} answers {status}"
                break  # one is enough to begin with


def _random(kind: Kind, key: str) -> Iterator[str]:
    """Some combinations of the parameters that the list knows and values that no one expects."""
    chance = Random(SEED)  # noqa: S311 - the same in every run
    columns = [column.name for column in kind.view.listing.columns]
    names = [*NAMES, *columns, *(f"{name}_{end}" for name in columns for end in ("min", "max", "from", "to"))]
    values = [*VALUES, key, *columns, *(f"-{name}" for name in columns)]
    for _ in range(RANDOM):
        pairs = [(chance.choice(names), chance.choice(values)) for _ in range(chance.randint(1, 5))]
        yield "&".join(f"{name}={quote(value)}" for name, value in pairs)


def _status(client: FlaskClient, path: str, query: str) -> int:
    try:
        return client.get(path, environ_overrides={"QUERY_STRING": query}).status_code
    except Exception:  # an application that lets errors through, as in tests
        return 500
