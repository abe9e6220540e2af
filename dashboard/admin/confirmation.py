"""Questions before something happens that matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

NAMES_SHOWN = 20


@dataclass(frozen=True)
class Confirmation:
    """A question: what will happen to what, and the verb that does it. ``fields`` are sent along with it."""

    title: str
    consequence: str
    verb: str
    tone: str = "neutral"
    names: Sequence[str] = ()
    more: int = 0
    fields: Sequence[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Bulk:
    """A bulk action that waits for its confirmation."""

    name: str
    label: str
    singular: str
    records: Sequence[Any]
    tone: str

    def confirmation(self) -> Confirmation:
        """Ask, naming the first of the records and counting the rest."""
        names = [str(record) for record in self.records]
        what = counted(len(names), self.singular)
        fields = [("action", self.name), ("confirm", "1"), *(("rowid", str(r.id)) for r in self.records)]
        destroys = self.tone == "bad"
        return Confirmation(
            title=f"{self.label}: {what}?",
            consequence="This cannot be undone." if destroys else f"This changes {what}.",
            verb=f"{self.label} {what}" if destroys else f"{self.label}: {what}",
            tone=self.tone,
            names=names[:NAMES_SHOWN],
            more=max(0, len(names) - NAMES_SHOWN),
            fields=fields,
        )


def counted(number: int, singular: str) -> str:
    """A number with its noun: ``1 product``, ``3 products``, ``2 categories``."""
    plural = singular[:-1] + "ies" if singular.endswith("y") else singular + "s"
    return f"{number:,} {singular if number == 1 else plural}"
