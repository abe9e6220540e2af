"""The templates that a view names itself."""

from __future__ import annotations

from typing import Any

from flask import current_app
from jinja2 import TemplateNotFound

NAMES = ("list_template", "details_template", "create_template", "edit_template")


def refuse_missing_templates(view: Any, base: type[Any]) -> None:
    """Raise ValueError for a template that a view of a class below `base` names and that does not exist."""
    for attribute in NAMES:
        template = getattr(view, attribute)
        if template != getattr(base, attribute) and not _exists(template):
            line = f"{type(view).__name__}.{attribute} names {template}, which does not exist."
            raise ValueError(f"{line} Add its folder by console.templates.")


def _exists(template: str) -> bool:
    try:
        current_app.jinja_env.get_template(template)
    except TemplateNotFound:
        return False
    return True
