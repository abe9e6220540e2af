"""A trial of a store, for those who set it up."""

from __future__ import annotations

import secrets

from dashboard.files.store import Store
from dashboard.refusal import Refusal

CAUSE_LENGTH = 300
FOLDER = "trial"
OTHER_CONTENT = "it does not return what was stored in it"


def store_fault(store: Store) -> str | None:
    """Write, list, read and delete a small file; say what does not work, None where all of it does."""
    name, content = f"{FOLDER}/{secrets.token_hex(16)}", secrets.token_bytes(32)
    try:
        store.put(name, content)
        found = [each.size for each in store.names() if each.name == name]
        read = b"".join(store.read(name))
        store.delete([name])
    except Refusal as refusal:
        return cause_of(refusal)
    return None if (found, read) == ([len(content)], content) else OTHER_CONTENT


def cause_of(refusal: Refusal) -> str:
    """The first words of what made a store fail, for whoever runs the console."""
    return str(refusal.__cause__ or refusal).partition("\n")[0][:CAUSE_LENGTH]
