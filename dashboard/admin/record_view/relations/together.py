"""Reads the records that the fields of one form refer to at once, where each would ask for its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.admin.record_view.relations.key_texts import key_in_text
from dashboard.admin.record_view.relations.targets import LONGEST, Target, learn, learn_keys, list_first

FEW = 100
"""Records that are listed to choose from."""
DRAWN, SENT = "_references_drawn", "_references_sent"
"""The attributes of a form that say that its references were read: to be drawn, and as they were sent."""


class InForm:
    """A field that refers to other records, and knows the others of its form."""

    name: str
    target: Target
    is_listed = False
    """Whether it is a list of the records where there are few of them."""
    form: Any = None
    sent: Any = None

    @property
    def texts(self) -> Iterable[str]:
        """The texts of the keys that it has."""
        return ()

    @property
    def beside(self) -> list[InForm]:
        """The fields of its form that refer to others, and itself."""
        return [each for each in self.form or () if isinstance(each, InForm)] or [self]

    def learn_to_draw(self) -> None:
        """Read what the fields of the form show, once."""
        if _is_first(self.form, DRAWN):
            _learn_shown(self.beside)

    def learn_sent(self) -> None:
        """Read what was sent to the fields of the form, once."""
        if self.sent is not None and _is_first(self.form, SENT):
            wanted = defaultdict[type[Any], list[str]](list)
            for field in self.beside:
                sent = self.sent.getlist(field.name)
                wanted[field.target.model] += filter(may_be_called, [*sent, *map(key_in_text, sent)])
            learn(_targets(wanted))


def _is_first(form: Any, moment: str) -> bool:
    is_first = not getattr(form, moment, False)
    if form is not None:
        setattr(form, moment, True)
    return is_first


def _learn_shown(fields: Iterable[InForm]) -> None:
    list_first([field.target for field in fields if field.is_listed], FEW + 1)
    shown, named = defaultdict[type[Any], list[str]](list), defaultdict[type[Any], list[str]](list)
    for field in fields:
        texts = [text for text in field.texts if may_be_called(text)]
        shown[field.target.model] += texts
        if not (field.is_listed and len(field.target.first(FEW + 1)) <= FEW):
            named[field.target.model] += texts
    learn_keys(_targets(shown))
    learn(_targets(named))


def may_be_called(text: str) -> bool:
    """Whether a record may have this text as its name or key: one that its field refuses is not asked for."""
    return 0 < len(text) <= LONGEST and "\0" not in text


def _targets(wanted: Mapping[type[Any], list[str]]) -> Mapping[Target, list[str]]:
    return {Target(model): texts for model, texts in wanted.items() if texts}
