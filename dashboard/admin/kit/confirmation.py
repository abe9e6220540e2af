"""Questions before something happens that matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.admin.kit.typed_name import TypedNameForm


@dataclass(frozen=True)
class Confirmation:
    """A question: what will happen to what, and the verb that does it. ``fields`` are sent along with it.

    ``form`` asks for a name to be typed, where the action cannot be undone.
    """

    title: str
    consequence: str
    verb: str
    tone: str = "neutral"
    names: Sequence[str] = ()
    more: int = 0
    fields: Sequence[tuple[str, str]] = field(default_factory=list)
    form: TypedNameForm | None = None
