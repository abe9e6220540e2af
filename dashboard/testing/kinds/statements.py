"""How many statements a page takes, and whether that grows with the number of records."""

from __future__ import annotations

from collections.abc import Iterator

from flask.testing import FlaskClient

from dashboard.testing.kinds.kind import Kind, path_of
from dashboard.testing.statements import counted

MORE_RECORDS, GROWTH = 8, 3


def statement_faults(kind: Kind, key: str, most: int) -> Iterator[str]:
    """The pages that take more than `most` statements, and a list that takes more for more records."""
    client = kind.client()
    few = {address: _statements(client, address) for address in kind.page_addresses(key)}
    for address, statements in few.items():
        if len(statements) > most:
            yield f"{path_of(address)} takes {len(statements)} statements, expected: at most {most}"
    if not kind.has("create_view"):
        return
    for _ in range(MORE_RECORDS):
        kind.create(client)
    client.get(kind.address)  # shows the messages
    less, more = few[kind.address], _statements(client, kind.address)
    if len(more) > len(less) + GROWTH:
        yield (
            f"{kind.address} takes {len(less)} statements for few records and {len(more)} "
            f"for {MORE_RECORDS} more; the last is: {more[-1]}"
        )


def _statements(client: FlaskClient, address: str) -> list[str]:
    client.get(address)  # the first request fills caches
    with counted() as statements:
        client.get(address)
    return statements
