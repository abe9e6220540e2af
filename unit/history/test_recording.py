"""The ledger: every change is recorded in its transaction, or is not made."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.flows import change_password
from dashboard.accounts.managing import delete_accounts
from dashboard.accounts.models import User
from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.flows import delete_categories, update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeKind, Origin
from dashboard.history.recording import change_set_of, describe
from dashboard.registry import registry
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, an_account, email_of
from dashboard.testing.catalogue import a_category, a_product, products
from unit.conftest import ClientAs, Submit
from unit.history.reading import change_sets, last_line, lines, seals

SECRETS = ("password_hash", "token_hash")


def test_new_product_is_recorded_with_all_fields(context: Flask) -> None:
    category = a_category("Lamps")
    product = a_product("Oak Lamp", sku="OL-1", category=category)
    db.session.commit()
    kind, key, action, version, fields = last_line()
    assert (kind, key, action, version) == ("products", product.id, "create", 1)
    kept = {name: after for name, (_, after) in fields.items()}
    assert kept.pop("created_at") == product.created_at.isoformat()
    assert kept == {
        "name": "Oak Lamp",
        "sku": "OL-1",
        "description": "",
        "price": "12.5000",
        "currency": "EUR",
        "stock": 7,
        "status": "active",
        "category_id": category.id,
    }
    assert all(before is None for before, _ in fields.values())


def test_change_records_only_changed_fields_before_and_after(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()
    update_product(product, {"price": Decimal("13"), "stock": 7, "name": "Oak Lamp"})
    db.session.commit()
    assert last_line() == ("products", product.id, "change", 2, {"price": ("12.5000", "13.0000")})


def test_old_value_is_recorded_for_an_expired_object(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()  # expires the object, so that its values are not loaded before the change
    product.name = "Elm Lamp"
    db.session.commit()
    assert last_line()[4] == {"name": ("Oak Lamp", "Elm Lamp")}


def test_change_and_change_back_records_nothing(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()
    before = len(lines())
    product.name = "Elm Lamp"
    product.name = "Oak Lamp"
    db.session.commit()
    assert (len(lines()), len(change_sets())) == (before, 1)


def test_deletion_records_all_values(context: Flask) -> None:
    category = a_category("Lamps")
    db.session.commit()
    key = category.id
    delete_categories([category])
    db.session.commit()
    kind, record, action, version, fields = last_line()
    assert (kind, record, action, version) == ("categories", key, "delete", None)
    assert fields["name"] == ("Lamps", None)


@pytest.mark.both_databases
@pytest.mark.parametrize("number", [3, 20])
def test_bulk_change_records_each_row(context: Flask, number: int) -> None:
    rows = products(number)
    db.session.commit()
    keys = [row.id for row in rows]
    assert change_products(keys, lambda row: {"stock": row["id"] * 2}) == number
    db.session.commit()
    assert [row.stock for row in rows] == [2 * key for key in keys]
    assert [row.version for row in rows] == [2] * number
    assert lines()[-number:] == [("products", key, "change", 2, {"stock": (7, 2 * key)}) for key in keys]


def test_bulk_change_skips_rows_that_have_the_value(context: Flask) -> None:
    active, draft = a_product(), a_product(status=ProductStatus.DRAFT)
    db.session.commit()
    before = len(lines())
    change_products([active.id, draft.id], lambda _: {"status": ProductStatus.ACTIVE})
    db.session.commit()
    assert [active.version, draft.version] == [1, 2]
    assert lines()[before:] == [("products", draft.id, "change", 2, {"status": ("draft", "active")})]


def test_bulk_rename_is_found_by_search(context: Flask) -> None:
    product = a_product("Oak Lamp", sku="OL-1")
    db.session.commit()
    change_products([product.id], lambda _: {"name": "Elm Chair"})
    db.session.commit()
    stored = db.session.scalar(select(Product.search_text).where(Product.id == product.id))
    assert stored is not None
    assert stored.split() == ["ol-1", "elm", "chair"]


def test_bulk_deletion_records_each_row(context: Flask) -> None:
    rows = products(3)
    db.session.commit()
    keys = [row.id for row in rows]
    trash_products(keys)
    db.session.commit()
    assert [(key, action, fields["stock"]) for _, key, action, _, fields in lines()[-3:]] == [
        (key, "delete", (7, None)) for key in keys
    ]


def test_one_transaction_is_one_change_set(context: Flask) -> None:
    rows = products(2)
    a_category()
    db.session.commit()
    rows[0].stock = 1
    db.session.flush()
    rows[1].stock = 1
    db.session.commit()
    assert [(seal.change_set_id, seal.changes) for seal in seals()] == [(1, 3), (2, 2)]


def test_rolled_back_transaction_records_nothing(context: Flask) -> None:
    a_product()
    assert change_set_of(db.session) is not None
    db.session.rollback()
    assert (change_sets(), lines()) == ([], [])
    a_product()
    db.session.commit()
    assert len(change_sets()) == 1


def test_rolled_back_savepoint_is_not_recorded_but_later_changes_are(context: Flask) -> None:
    with db.session.begin_nested() as savepoint:
        a_product("Undone")
        savepoint.rollback()
    a_product("Oak Lamp")
    with db.session.begin_nested() as savepoint:
        a_product("Undone")
        savepoint.rollback()
    a_product("Elm Lamp")
    db.session.commit()
    assert [fields["name"][1] for *_, fields in lines()] == ["Oak Lamp", "Elm Lamp"]
    assert verify(db.session).faults == []


def test_changes_of_released_savepoints_are_sealed_with_the_others(context: Flask) -> None:
    for name in ("Oak Lamp", "Elm Lamp"):
        with db.session.begin_nested():
            a_product(name)
    a_product("Ash Lamp")
    db.session.commit()
    assert [seal.changes for seal in seals()] == [3]
    assert verify(db.session).faults == []


def test_flush_that_fails_in_a_savepoint_parts_no_change_set(context: Flask) -> None:
    describe(db.session, note="Spring")
    with db.session.begin_nested():
        a_product("Oak Lamp", sku="A-1")
    with pytest.raises(IntegrityError), db.session.begin_nested():
        a_product("Twin", sku="A-1")
    a_product("Ash Lamp", sku="A-2")
    db.session.commit()
    assert [(each.kind, each.note) for each in change_sets()] == [("create", "Spring")]
    assert [seal.changes for seal in seals()] == [2]
    assert verify(db.session).faults == []


def test_savepoint_around_a_released_one_is_rolled_back_as_a_whole(context: Flask) -> None:
    with db.session.begin_nested() as savepoint:
        with db.session.begin_nested():
            a_product("Undone")
        savepoint.rollback()
    a_product("Oak Lamp")
    db.session.commit()
    assert [fields["name"][1] for *_, fields in lines()] == ["Oak Lamp"]
    assert verify(db.session).faults == []


def test_description_ends_with_its_transaction(context: Flask) -> None:
    describe(db.session, kind=ChangeKind.RESTORE, note="From the trash")
    a_product()
    db.session.commit()
    a_product()
    db.session.commit()
    assert [(each.kind, each.note) for each in change_sets()] == [
        ("restore", "From the trash"),
        ("create", ""),
    ]


def test_change_set_has_author_source_and_request_id(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    answer = submit(client_as("editor"), "/admin/categories/new/", name="Lamps")
    with app.app_context():
        made = change_sets()[-1]
        editor = db.session.scalars(select(User).where(User.email == email_of("editor"))).one()
        assert (made.author_id, made.kind, made.origin) == (editor.id, ChangeKind.CREATE, Origin.FORM)
        assert made.request_id == answer.headers["X-Request-ID"]


def test_change_outside_a_request_is_a_command(context: Flask) -> None:
    a_product()
    db.session.commit()
    assert [(each.author_id, each.origin) for each in change_sets()] == [(None, Origin.COMMAND)]


@pytest.mark.security(52)
def test_history_contains_no_secret(context: Flask) -> None:
    user = an_account("editor")
    db.session.commit()
    before = len(lines())
    change_password(user, NEW_PASSWORD, keep_session=None)
    db.session.commit()
    assert len(lines()) == before
    for declared in registry():
        assert not set(declared.fields) & set(SECRETS)
    everything = " ".join(str(change.fields) for change in db.session.scalars(select(Change)))
    assert user.password_hash not in everything
    assert PASSWORD not in everything


def test_every_column_is_recorded_or_declared_unrecorded(app: Flask) -> None:
    left_out = {
        "products": {"id", "updated_at", "version"},
        "categories": {"id", "updated_at", "version"},
        "users": {
            *("id", "updated_at", "version", "password_hash", "last_seen_at"),
            *("start", "hides_first_steps"),
        },
    }
    following = {
        "products": {"name_key", "sku_key", "sku_twin", "price_key", "search_text"},
        "categories": {"name_key", "search_text"},
        "users": {"email_key", "name_key", "search_text"},
    }
    with app.app_context():
        kept = {declared.kind: declared for declared in registry()}
    assert kept.keys() == left_out.keys()
    for kind, declared in kept.items():
        columns = {column.key for column in declared.model.__table__.columns}
        assert columns - set(declared.fields) == left_out[kind] | following[kind]


def test_id_of_a_deleted_user_is_not_reused(context: Flask) -> None:
    owner, editor = an_account("owner"), an_account("editor")
    db.session.commit()
    number = editor.id
    delete_accounts(owner, [editor])
    db.session.commit()
    assert an_account("viewer").id > number
