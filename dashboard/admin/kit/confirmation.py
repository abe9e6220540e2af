"""Questions before something happens that matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Confirmation:
    """A question: what will happen to what, and the verb that does it. ``fields`` are sent along with it.

    Where ``to_type`` is set, it has to be typed, for what cannot be taken back; ``typed`` is what was.
    """

    title: str
    consequence: str
    verb: str
    tone: str = "neutral"
    names: Sequence[str] = ()
    more: int = 0
    fields: Sequence[tuple[str, str]] = field(default_factory=list)
    to_type: str = ""
    typed: str | None = None
