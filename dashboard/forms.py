"""What all forms share: no text is looked at before its length is known to be bounded."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import StopValidation

from dashboard.bounds import PARAMETERS, TRIMMED, excess


class AtMost:
    """Refuse a longer text before any other validator of its field sees it.

    Unlike `wtforms.validators.Length` it sets no ``maxlength``: browsers cut what is pasted without a word.
    """

    def __init__(self, longest: int, written: int = TRIMMED) -> None:
        self.longest, self.written = longest, written

    def __call__(self, _form: Any, field: Field) -> None:
        """Raise StopValidation for a text that is too long."""
        if fault := excess(field.data or "", self.longest, self.written):
            raise StopValidation(fault)


class BoundedForm(FlaskForm):  # type: ignore[misc]
    """A form each of whose texts has a bound, which is looked at first.

    Raises TypeError for a declaration without one. Choices need none: they have to be one of their options.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (each for each in self if isinstance(each, StringField)):
            is_bounded = isinstance(next(iter(field.validators), None), AtMost)
            if not (is_bounded or field.name in PARAMETERS):  # which are bounded before any form reads them
                raise TypeError(f"{type(self).__name__}.{field.name} has to begin with AtMost.")
