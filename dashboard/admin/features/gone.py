"""The page for a form whose record no longer exists."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from dashboard.admin.features.merged_fields import Version, in_words
from dashboard.admin.kit.forms import STATE_FIELD, RecordForm, plain
from dashboard.admin.kit.screen import Screen
from dashboard.web.forms import TOKEN, YOURS_PREFIX, sent_fields


def gone(screen: Screen, form: RecordForm) -> ResponseReturnValue:
    """The page with the text typed into the form of a record that no longer exists, for copying."""
    names = [field.name for field in form if field.name not in (TOKEN, STATE_FIELD)]
    sent = sent_fields()
    texts = {name: sent.get(name, sent.get(YOURS_PREFIX + name)) for name in names}
    typed = [
        Version(_full_label(form[name]), text, in_words(form[name], plain(text)))
        for name, text in texts.items()
        if text or (text is not None and not hasattr(form[name], "is_of_row"))
    ]
    if not typed:
        screen.missing()
    places = (feature.address_of_missing() for feature in screen.features)
    return screen.page(
        "admin/model/gone.html",
        title=f"This {screen.singular} is no longer available",
        typed=typed,
        trash_url=next(filter(None, places), None),
    ), 404


def _full_label(field: Any) -> str:
    return str(getattr(field, "full_label", field.label.text))
