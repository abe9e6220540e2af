"""The values of a record at each of its versions, from the ledger."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from dashboard.accounts.flows import change_password
from dashboard.accounts.leases import EditLease
from dashboard.accounts.managing import change_account
from dashboard.accounts.models import User
from dashboard.admin.kit.versions import FORM, sign
from dashboard.admin.screens.products import product_values
from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.extensions import db
from dashboard.history.past import Past, read_past
from dashboard.permissions import Role
from dashboard.registry import registry
from dashboard.testing.accounts import NEW_PASSWORD, a_session, an_account, the_account
from dashboard.testing.catalogue import a_category, a_product
from unit.conftest import ClientAs, Submit
from unit.history.tampering import tamper

VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Oak Lamp", "Ünï 灯", "<b>"]),
        "description": st.sampled_from(["", "Two\nlines", "x" * 300]),
        "price": st.decimals(0, 999, places=4),
        "currency": st.sampled_from(["EUR", "JPY"]),
        "stock": st.integers(0, 9),
        "status": st.sampled_from(ProductStatus),
        "category_id": st.sampled_from([None, 1, 2]),
    },
)
EDITS = st.lists(st.tuples(st.booleans(), VALUES), max_size=8)


def edit(product: Product, by_statement: bool, values: dict[str, Any]) -> None:
    """Make one change, by the flow of the form or as a bulk change."""
    if by_statement:
        change_products([product.id], lambda _: values)
    else:
        update_product(product, values)
    db.session.commit()


def past_of(record: Any, since: int = 1) -> Past:
    return read_past(db.session, record, since)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edits=EDITS)
def test_past_values_equal_the_record_at_each_version(context: Flask, edits: list[Any]) -> None:
    for key in (1, 2):
        if db.session.execute(text("SELECT 1 FROM categories WHERE id = :id"), {"id": key}).first() is None:
            a_category(id=key)
    product = a_product()
    db.session.commit()
    was = {product.version: registry()["products"].values(product)}
    for by_statement, values in edits:
        edit(product, by_statement, values)
        was[product.version] = registry()["products"].values(product)
    for since in was:
        past = past_of(product, since)
        assert {version: past.values(version) for version in was if version >= since} == {
            version: values for version, values in was.items() if version >= since
        }


def test_past_values_have_the_types_of_their_columns(context: Flask) -> None:
    product = a_product("Oak Lamp", price=Decimal("12.50"), category=a_category())
    db.session.commit()
    before = registry()["products"].values(product)
    edit(product, False, {"price": Decimal(1), "status": ProductStatus.DRAFT, "category_id": None})
    assert past_of(product).values(1) == before
    assert isinstance(past_of(product).values(1)["status"], ProductStatus)


def test_last_author_of_each_field_is_known(
    app: Flask, client_as: ClientAs, submit: Submit, make_form: Callable[..., dict[str, str]]
) -> None:
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
    for who, changed in (("editor", {"name": "A", "stock": "1"}), ("admin", {"name": "B"})):
        assert submit(client_as(who), f"/admin/products/edit/?id={key}", **make_form(key, **changed))
    with app.app_context():
        touches = past_of(db.session.get(Product, key)).touches(1)
        assert {name: touch.author_id for name, touch in touches.items()} == {
            "name": the_account("admin").id,
            "stock": the_account("editor").id,
        }
        assert touches["name"].at > touches["stock"].at
        assert set(past_of(db.session.get(Product, key), 2).touches(2)) == {"name"}


@pytest.fixture
def make_form(app: Flask) -> Callable[..., dict[str, str]]:
    """`make_form(id, …)` returns the fields that the form of a product sends, with these changed."""

    def make_form(key: int, **changed: str) -> dict[str, str]:
        with app.app_context():
            product = db.session.get(Product, key)
            version = sign(FORM, product, product.version)
            return {**product_values(product), "version": version, **changed}

    return make_form


def test_change_of_unrecorded_field_leaves_past_unchanged(context: Flask) -> None:
    user = an_account(name="Ada")
    db.session.commit()
    before, since = registry().of(User).values(user), user.version
    change_password(user, NEW_PASSWORD, keep_session=None)
    db.session.commit()
    change_account(the_account("owner"), user, name="Grace", role=Role.EDITOR)
    db.session.commit()
    assert user.version == since + 2
    assert past_of(user, since).values(since) == before
    assert set(past_of(user, since).touches(since)) == {"name", "role"}


def test_login_is_no_change(context: Flask) -> None:
    user = an_account(name="Ada")
    db.session.commit()
    since = user.version
    a_session(user)
    db.session.commit()
    assert past_of(user, since).values(since) == registry().of(User).values(user)


def forget(product: Product) -> int:
    """Give a product an id that the ledger does not have."""
    db.session.commit()
    db.session.execute(text("UPDATE products SET id = 7777 WHERE id = :id"), {"id": product.id})
    db.session.commit()
    return 7777


def test_version_older_than_ledger_is_unknown(context: Flask) -> None:
    product = a_product("Oak Lamp")
    found = db.session.get(Product, forget(product))
    db.session.execute(text("UPDATE products SET name = 'Elm', version = 2"))
    db.session.commit()
    assert past_of(found).values(1) == {}
    assert past_of(found, 2).values(2) == registry()["products"].values(found)


def test_version_is_known_where_ledger_has_all_later_changes(context: Flask) -> None:
    product = a_product("Oak Lamp")
    found = db.session.get(Product, forget(product))
    before = registry()["products"].values(found)
    edit(found, False, {"name": "Elm"})
    assert past_of(found).values(1) == before


def test_field_changed_without_ledger_is_unknown(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()
    edit(product, False, {"name": "Elm", "stock": 1})
    db.session.execute(text("UPDATE products SET name = 'Forged'"))
    db.session.commit()
    values = past_of(product).values(1)
    assert "name" not in values
    assert values["stock"] == 7


def test_future_version_is_unknown(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()
    assert past_of(product, 2).values(2) == {}


def test_versions_before_an_erasure_are_unknown(context: Flask) -> None:
    user = an_account(name="Ada")
    db.session.commit()
    change_account(the_account("owner"), user, name="Grace", role=Role.VIEWER)
    db.session.commit()
    tamper("UPDATE changes SET fields = NULL, salt = NULL WHERE record_kind = 'users'")
    assert past_of(user).values(1) == {}
    assert past_of(user).touches(1) == {}


def test_changes_of_other_kind_with_same_id_are_ignored(context: Flask) -> None:
    category, product = a_category("Lamps"), a_product("Oak Lamp")
    db.session.commit()
    assert category.id == product.id
    edit(product, False, {"name": "Elm"})
    assert past_of(category).changes == []


def test_past_of_unrecorded_model_is_refused(context: Flask) -> None:
    with pytest.raises(TypeError, match="EditLease"):
        read_past(db.session, EditLease(record_kind="products", record_key="1", user_id=1), 1)
