"""The forms whose drafts are tested, the text typed into each, and checks of pages and stored drafts."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.accounts.drafts import FormDraft
from dashboard.extensions import db
from unit.admin.reading import value

Enter = Callable[..., TestResponse]
Late = Callable[[str], FlaskClient]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEW = "/admin/products/new/"
TYPED = {"name": "Folding Stool", "sku": "FST-1", "description": "Beech & <b>oak</b>", "status": "active"}
BULK = {"action": "edit", "stage": "preview", "rowid": "{product}", "number": "1", "rounding": "0.10"}
FORMS = {
    "product": ("/admin/products/edit/?id={product}", {**TYPED, "price": "12", "category": "{category}"}),
    "new product": (NEW, {**TYPED, "price": "1x", "currency": "CHF", "stock": "7"}),
    "category": ("/admin/categories/edit/?id={category}", {"name": "Chairs"}),
    "new category": ("/admin/categories/new/", {"name": "Chairs"}),
    "user": ("/admin/users/edit/?id={user}", {"name": "Kim", "role": "editor"}),
    "new user": ("/admin/users/new/", {"email": "kim@example.test", "name": "Kim", "role": "admin"}),
    "view": ("/admin/products/views/new/?next=/admin/products/?q=oak", {"name": "Oak", "audience": "editor"}),
    "profile": ("/profile", {"name": "Kim", "mode": "dark"}),
    "several products": ("/admin/products/action/", {**BULK, "price_how": "set", "price_by": "1x"}),
}
each_form = pytest.mark.parametrize("form", FORMS)


def of(form: str, stored: dict[str, int]) -> tuple[str, dict[str, str]]:
    """Return the address of a form and the fields typed into it."""
    address, typed = FORMS[form]
    return address.format(**stored), {name: text.format(**stored) for name, text in typed.items()}


def expect_typed(page: str, typed: dict[str, str]) -> None:
    """Check that every field shows its typed text."""
    for name, text in typed.items():
        if name in ("action", "stage", "number"):
            continue
        if name in ("status", "role", "audience", "category", "price_how", "rounding"):
            assert re.search(rf'<option selected value="{text}">', page), (name, text)
        elif name == "mode":
            assert re.search(rf'<input checked[^>]*name="mode"[^>]*value="{text}"', page)
        else:
            assert value(page, name) == text


def drafts(app: Flask) -> int:
    """Return how many drafts are stored."""
    with app.app_context():
        return db.session.scalar(select(func.count(FormDraft.id))) or 0


def logged_in_again(app: Flask, enter: Enter) -> FlaskClient:
    """Return another browser, logged in as the owner."""
    client = app.test_client()
    enter(client, "/login")
    return client
