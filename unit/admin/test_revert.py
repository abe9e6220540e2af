"""Reverting from the history: a field, a change, a change set; and obstacles to it."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.catalogue.trash import purge_products, trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change
from dashboard.jobs.models import State
from dashboard.testing.catalogue import a_category, a_product, products
from unit.admin.conftest import Write
from unit.admin.reading import flashes, read, row_titles
from unit.admin.reverting import LIST, REVERT, first_change, its_creation, lamp_now, the_lamp
from unit.admin.working import work
from unit.conftest import CountQueries, Submit
from unit.digest import database_digest
from unit.history.reading import change_sets


def test_preview_shows_result_and_changes_nothing(app: Flask, editor: FlaskClient, edited: int) -> None:
    before = database_digest(app)
    page = editor.get(f"{REVERT}?set={edited}")
    assert database_digest(app) == before
    (line,) = read(page.text).all("dl", class_="diff")
    said = [(d.all("del")[0].text, d.all("ins")[0].text) for d in line.all("dd")]
    assert said == [("Elm Lamp", "Oak Lamp"), ("13.00 EUR", "12.50 EUR")]


def test_reverting_creates_a_change_set_that_names_the_original(
    app: Flask, editor: FlaskClient, edited: int, submit: Submit
) -> None:
    submit(editor, REVERT, set=edited)
    assert flashes(editor.get(LIST).text) == [("success", "Reverted. 1 product restored.")]
    assert lamp_now(app) == ("Oak Lamp", Decimal("12.50"), 3)
    with app.app_context():
        last = change_sets()[-1]
        assert (last.kind, last.reverts_id) == ("revert", edited)
        assert verify(db.session).faults == []


def test_one_field_is_reverted_and_others_stay(
    app: Flask, editor: FlaskClient, edited: int, submit: Submit
) -> None:
    change = first_change(app, edited)
    page = editor.get(f"{REVERT}?set={edited}&change={change}&field=price").text
    assert "Revert price of product “Elm Lamp”?" in page
    assert "Oak Lamp" not in page
    submit(editor, REVERT, set=edited, change=change, field="price")
    assert lamp_now(app) == ("Elm Lamp", Decimal("12.50"), 3)


def test_one_change_of_many_is_reverted(
    app: Flask, editor: FlaskClient, write: Write, submit: Submit
) -> None:
    write(lambda: products(3))
    change_set = write(lambda: change_products([1, 2, 3], lambda _: {"stock": 1}))
    submit(editor, REVERT, set=change_set, change=first_change(app, change_set))
    with app.app_context():
        assert sorted(db.session.scalars(select(Product.stock))) == [1, 1, 7]


def test_field_is_reverted_although_another_was_changed_since(
    app: Flask, editor: FlaskClient, edited: int, write: Write, submit: Submit
) -> None:
    write(lambda: update_product(the_lamp(), {"name": "Ash Lamp"}))
    change = first_change(app, edited)
    submit(editor, REVERT, set=edited, change=change, field="price")
    assert lamp_now(app)[:2] == ("Ash Lamp", Decimal("12.50"))


def test_fields_changed_since_are_named_and_block_the_revert(
    app: Flask, editor: FlaskClient, edited: int, write: Write, submit: Submit
) -> None:
    write(lambda: update_product(the_lamp(), {"name": "Ash Lamp", "price": Decimal(14)}))
    page = editor.get(f"{REVERT}?set={edited}").text
    assert "Product “Ash Lamp” has since been changed: Name, Price." in read(page).text
    assert ">Revert</button>" not in page
    submit(editor, REVERT, set=edited)
    assert flashes(editor.get(LIST).text) == [
        ("error", "Nothing was reverted: “Ash Lamp” has since been changed: Name, Price.")
    ]
    assert lamp_now(app)[:2] == ("Ash Lamp", Decimal(14))


def test_reverted_deletion_restores_from_the_trash(
    app: Flask, editor: FlaskClient, lamp: int, write: Write, submit: Submit
) -> None:
    change_set = write(lambda: trash_products([lamp]))
    assert "Restore product “Oak Lamp”" in read(editor.get(f"{REVERT}?set={change_set}").text).text
    submit(editor, REVERT, set=change_set)
    assert lamp_now(app)[0] == "Oak Lamp"


def test_permanently_deleted_record_cannot_be_reverted(
    editor: FlaskClient, lamp: int, write: Write, submit: Submit
) -> None:
    change_set = write(lambda: trash_products([lamp]))
    purged = write(lambda: purge_products([lamp]))
    assert "was permanently deleted" in editor.get(f"{REVERT}?set={change_set}").text
    assert editor.get(f"{REVERT}?set={purged}").status_code == 404
    assert "Revert" not in read(editor.get(f"{LIST}details/?id={purged}").text).all("main")[0].text


def test_reverted_creation_goes_to_the_trash(
    app: Flask, editor: FlaskClient, lamp: int, submit: Submit
) -> None:
    submit(editor, REVERT, set=its_creation(app))
    assert flashes(editor.get(LIST).text) == [("success", "Reverted. 1 product deleted.")]
    with app.app_context():
        assert db.session.scalars(select(Product)).all() == []
    assert row_titles(editor.get("/admin/trash/").text) == ["Oak Lamp"]


def test_creation_of_record_changed_since_is_not_reverted(
    app: Flask, editor: FlaskClient, edited: int, submit: Submit
) -> None:
    submit(editor, REVERT, set=its_creation(app))
    ((category, message),) = flashes(editor.get(LIST).text)
    assert (category, "has since been changed: Name, Price" in message) == ("error", True)
    assert lamp_now(app)[0] == "Elm Lamp"


def test_creation_of_category_with_products_is_not_reverted(
    editor: FlaskClient, write: Write, submit: Submit
) -> None:
    change_set = write(lambda: a_category("Lamps"))
    write(lambda: a_product(category_id=1))
    submit(editor, REVERT, set=change_set)
    assert flashes(editor.get(LIST).text) == [
        ("error", "“Lamps” still holds 1 product. Move or delete them first.")
    ]
    assert row_titles(editor.get("/admin/categories/").text) == ["Lamps"]


def test_message_names_records_of_several_kinds(
    app: Flask, editor: FlaskClient, lamp: int, write: Write, submit: Submit
) -> None:
    write(lambda: a_category("Lamps"))

    def rename_both() -> None:
        db.session.get_one(Category, 1).name = "Lights"
        the_lamp().name = "Elm Lamp"

    submit(editor, REVERT, set=write(rename_both))
    assert flashes(editor.get(LIST).text) == [("success", "Reverted. 2 records restored.")]
    assert lamp_now(app)[0] == "Oak Lamp"
    assert row_titles(editor.get("/admin/categories/").text) == ["Lamps"]


def test_long_revert_is_a_job_in_one_change_set(
    app: Flask, editor: FlaskClient, write: Write, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.admin.kit.bulk.MANY", 20)
    monkeypatch.setattr("dashboard.history.nets.SLICE", 10)
    write(lambda: products(30))
    keys = list(range(1, 31))
    change_set = write(lambda: change_products(keys, lambda _: {"stock": 1}))
    assert submit(editor, REVERT, set=change_set).location == "/admin/jobs/details/?id=1"
    assert work(app).message == "Reverted. 30 products restored."
    write(lambda: change_products([7], lambda _: {"stock": 2}))
    again = write(lambda: change_products(keys, lambda row: {"stock": row["stock"] + 1}))
    write(lambda: change_products([5], lambda _: {"stock": 99}))
    submit(editor, REVERT, set=again)
    job = work(app)
    assert (job.state, job.message.endswith("has since been changed: Stock.")) == (State.FAILED, True)
    with app.app_context():
        assert db.session.get_one(Product, 7).stock == 3


def test_preview_of_many_records_shows_the_first(
    app: Flask, editor: FlaskClient, write: Write, submit: Submit
) -> None:
    write(lambda: products(60))
    keys = list(range(1, 61))
    change_set = write(lambda: change_products(keys, lambda _: {"status": ProductStatus.ARCHIVED}))
    page = editor.get(f"{REVERT}?set={change_set}").text
    assert len(read(page).all("h2")) == 25
    assert "These are the first 25 changes. There are more." in page
    submit(editor, REVERT, set=change_set)
    assert flashes(editor.get(LIST).text) == [("success", "Reverted. 60 products restored.")]
    with app.app_context():
        assert set(db.session.scalars(select(Product.status))) == {ProductStatus.ACTIVE}


def test_timeline_offers_to_revert_each_change(app: Flask, editor: FlaskClient, edited: int) -> None:
    page = editor.get("/admin/products/history/?id=1").text
    links = [link.attributes.get("aria-label", "") for link in read(page).all("a") if link.text == "Revert"]
    assert [label.split(":")[0] for label in links] == ["Revert", "Revert"]


def test_preview_takes_few_queries_for_many_records(
    editor: FlaskClient, write: Write, count_queries: CountQueries
) -> None:
    taken = []
    for number in (2, 30):
        write(lambda number=number: products(number))  # type: ignore[misc]
        change_set = write(lambda: change_products([1, 2], lambda row: {"stock": row["stock"] + 1}))
        with count_queries() as statements:
            editor.get(f"{REVERT}?set={change_set}")
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 10


def changed_twice() -> None:
    """Change the lamp twice in one change set: its price twice, its name first and its stock second."""
    update_product(the_lamp(), {"name": "Elm Lamp", "price": Decimal(13)})
    db.session.flush()
    update_product(the_lamp(), {"price": Decimal(14), "stock": 3})
    db.session.flush()


def test_two_changes_of_a_record_are_reverted_to_before_both(
    app: Flask, editor: FlaskClient, lamp: int, write: Write, submit: Submit
) -> None:
    change_set = write(changed_twice)
    with app.app_context():
        its = select(Change.id).where(Change.change_set_id == change_set)
        assert len(db.session.scalars(its).all()) == 2
    (line,) = read(editor.get(f"{REVERT}?set={change_set}").text).all("dl", class_="diff")
    assert [(d.all("del")[0].text, d.all("ins")[0].text) for d in line.all("dd")] == [
        ("Elm Lamp", "Oak Lamp"),
        ("14.00 EUR", "12.50 EUR"),
        ("3", "7"),
    ]
    submit(editor, REVERT, set=change_set)
    assert flashes(editor.get(LIST).text) == [("success", "Reverted. 1 product restored.")]
    with app.app_context():
        assert (the_lamp().name, the_lamp().price, the_lamp().stock) == ("Oak Lamp", Decimal("12.50"), 7)


def test_value_changed_and_changed_back_can_be_reverted(
    app: Flask, editor: FlaskClient, edited: int, write: Write, submit: Submit
) -> None:
    """Revert compares values, not how they came about."""
    write(lambda: update_product(the_lamp(), {"name": "Ash Lamp", "price": Decimal(14)}))
    write(lambda: update_product(the_lamp(), {"name": "Elm Lamp", "price": Decimal(13)}))
    assert ">Revert</button>" in editor.get(f"{REVERT}?set={edited}").text
    submit(editor, REVERT, set=edited)
    assert lamp_now(app) == ("Oak Lamp", Decimal("12.50"), 5)


def test_creation_of_record_changed_and_changed_back_is_not_reverted(
    app: Flask, editor: FlaskClient, edited: int, write: Write, submit: Submit
) -> None:
    write(lambda: update_product(the_lamp(), {"name": "Oak Lamp", "price": Decimal("12.50")}))
    submit(editor, REVERT, set=its_creation(app))
    ((category, message),) = flashes(editor.get(LIST).text)
    assert (category, message) == ("error", "Nothing was reverted: “Oak Lamp” has since been changed.")
    assert lamp_now(app)[0] == "Oak Lamp"
