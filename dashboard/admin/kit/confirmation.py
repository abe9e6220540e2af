"""Questions that are asked before a change is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.admin.kit.forms import ConsoleForm


@dataclass(frozen=True)
class Confirmation:
    """A question with its consequence and the verb of its button; ``fields`` are sent with the answer.

    ``form`` asks for more: for a name to be typed where the action cannot be undone.
    """

    title: str
    consequence: str
    verb: str
    tone: str = "neutral"
    names: Sequence[str] = ()
    more: int = 0
    fields: Sequence[tuple[str, str]] = field(default_factory=list)
    form: ConsoleForm | None = None
    takes_reason: bool = False
    """Whether a reason may be given for what it changes; where one is demanded, it is asked for anyway."""
