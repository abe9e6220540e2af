"""The ledger: whatever changes is written down in the same transaction, or does not happen."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts.flows import change_password, delete_accounts
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


def test_a_new_product_is_kept_with_everything_it_has(context: Flask) -> None:
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


def test_a_change_keeps_what_each_field_was_and_is_and_nothing_else(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()
    update_product(product, {"price": Decimal("13"), "stock": 7, "name": "Oak Lamp"})
    db.session.commit()
    assert last_line() == ("products", product.id, "change", 2, {"price": ("12.5000", "13.0000")})


def test_the_old_value_is_kept_of_a_record_that_was_not_read_to_its_end(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()  # what it holds has to be read again, and nobody does before the change
    product.name = "Elm Lamp"
    db.session.commit()
    assert last_line()[4] == {"name": ("Oak Lamp", "Elm Lamp")}


def test_a_change_back_to_what_it_was_is_none(context: Flask) -> None:
    product = a_product("Oak Lamp")
    db.session.commit()
    before = len(lines())
    product.name = "Elm Lamp"
    product.name = "Oak Lamp"
    db.session.commit()
    assert (len(lines()), len(change_sets())) == (before, 1)


def test_a_deletion_keeps_what_there_was(context: Flask) -> None:
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
def test_a_change_by_statement_keeps_each_row(context: Flask, number: int) -> None:
    rows = products(number)
    db.session.commit()
    keys = [row.id for row in rows]
    assert change_products(keys, lambda row: {"stock": row["id"] * 2}) == number
    db.session.commit()
    assert [row.stock for row in rows] == [2 * key for key in keys]
    assert [row.version for row in rows] == [2] * number
    assert lines()[-number:] == [("products", key, "change", 2, {"stock": (7, 2 * key)}) for key in keys]


def test_a_change_by_statement_leaves_alone_what_has_the_value_already(context: Flask) -> None:
    active, draft = a_product(), a_product(status=ProductStatus.DRAFT)
    db.session.commit()
    before = len(lines())
    change_products([active.id, draft.id], lambda _: {"status": ProductStatus.ACTIVE})
    db.session.commit()
    assert [active.version, draft.version] == [1, 2]
    assert lines()[before:] == [("products", draft.id, "change", 2, {"status": ("draft", "active")})]


def test_a_new_name_by_statement_is_found_by_the_search(context: Flask) -> None:
    product = a_product("Oak Lamp", sku="OL-1")
    db.session.commit()
    change_products([product.id], lambda _: {"name": "Elm Chair"})
    db.session.commit()
    stored = db.session.scalar(select(Product.search_text).where(Product.id == product.id))
    assert stored is not None
    assert stored.split() == ["ol-1", "elm", "chair"]


def test_a_deletion_by_statement_keeps_each_row(context: Flask) -> None:
    rows = products(3)
    db.session.commit()
    keys = [row.id for row in rows]
    trash_products(keys)
    db.session.commit()
    assert [(key, action, fields["stock"]) for _, key, action, _, fields in lines()[-3:]] == [
        (key, "delete", (7, None)) for key in keys
    ]


def test_what_one_transaction_changes_is_one_change_set(context: Flask) -> None:
    rows = products(2)
    a_category()
    db.session.commit()
    rows[0].stock = 1
    db.session.flush()
    rows[1].stock = 1
    db.session.commit()
    assert [(seal.change_set_id, seal.changes) for seal in seals()] == [(1, 3), (2, 2)]


def test_a_transaction_that_is_rolled_back_leaves_nothing(context: Flask) -> None:
    a_product()
    assert change_set_of(db.session) is not None
    db.session.rollback()
    assert (change_sets(), lines()) == ([], [])
    a_product()
    db.session.commit()
    assert len(change_sets()) == 1


def test_what_a_savepoint_takes_back_is_not_kept_and_what_comes_after_it_is(context: Flask) -> None:
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


def test_the_words_of_a_transaction_end_with_it(context: Flask) -> None:
    describe(db.session, kind=ChangeKind.RESTORE, note="From the trash")
    a_product()
    db.session.commit()
    a_product()
    db.session.commit()
    assert [(each.kind, each.note) for each in change_sets()] == [
        ("restore", "From the trash"),
        ("create", ""),
    ]


def test_a_change_set_says_who_did_it_where_and_in_which_request(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    answer = submit(client_as("editor"), "/admin/categories/new/", name="Lamps")
    with app.app_context():
        made = change_sets()[-1]
        editor = db.session.scalars(select(User).where(User.email == email_of("editor"))).one()
        assert (made.author_id, made.kind, made.origin) == (editor.id, ChangeKind.CREATE, Origin.FORM)
        assert made.request_id == answer.headers["X-Request-ID"]


def test_what_no_request_does_is_a_command(context: Flask) -> None:
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


def test_every_field_that_is_kept_is_a_column_and_every_column_is_kept_or_known_not_to_be(app: Flask) -> None:
    left_out = {
        "products": {"id", "updated_at", "version"},
        "categories": {"id", "updated_at", "version"},
        "users": {"id", "updated_at", "version", "password_hash", "last_seen_at"},
    }
    following = {
        "products": {"name_key", "sku_key", "sku_twin", "search_text"},
        "categories": {"name_key", "search_text"},
        "users": {"email_key", "name_key", "search_text"},
    }
    with app.app_context():
        kept = {declared.kind: declared for declared in registry()}
    assert kept.keys() == left_out.keys()
    for kind, declared in kept.items():
        columns = {column.key for column in declared.model.__table__.columns}
        assert columns - set(declared.fields) == left_out[kind] | following[kind]


def test_an_account_that_is_deleted_keeps_its_number_for_itself(context: Flask) -> None:
    owner, editor = an_account("owner"), an_account("editor")
    db.session.commit()
    number = editor.id
    delete_accounts(owner, [editor])
    db.session.commit()
    assert an_account("viewer").id > number
