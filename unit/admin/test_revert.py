"""Reverting from the history: a field, a change, a change set; who may, and what is in the way."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.catalogue.trash import purge_products, trash_products
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change
from dashboard.testing.catalogue import a_category, a_product, products
from unit.admin.conftest import Write
from unit.admin.reading import flashes, read
from unit.admin.reverting import LIST, REVERT, first_change, its_creation, lamp_now, the_lamp
from unit.conftest import CountQueries, Submit
from unit.digest import database_digest
from unit.history.reading import change_sets


def test_the_question_shows_what_would_be_and_changes_nothing(
    app: Flask, editor: FlaskClient, edited: int
) -> None:
    before = database_digest(app)
    page = editor.get(f"{REVERT}?set={edited}")
    assert database_digest(app) == before
    (line,) = read(page.text).all("dl", class_="diff")
    said = [(d.all("del")[0].text, d.all("ins")[0].text) for d in line.all("dd")]
    assert said == [("Elm Lamp", "Oak Lamp"), ("13.00 EUR", "12.50 EUR")]


def test_a_change_set_is_reverted_as_a_new_one_that_names_it(
    app: Flask, editor: FlaskClient, edited: int, submit: Submit
) -> None:
    submit(editor, REVERT, set=edited)
    assert flashes(editor.get(LIST).text) == [("success", "Reverted: 1 record as before.")]
    assert lamp_now(app) == ("Oak Lamp", Decimal("12.50"), 3)
    with app.app_context():
        last = change_sets()[-1]
        assert (last.kind, last.reverts_id) == ("revert", edited)
        assert verify(db.session).faults == []


def test_one_field_is_reverted_and_the_others_stay(
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


def test_a_field_that_somebody_else_changed_since_does_not_hinder_another(
    app: Flask, editor: FlaskClient, edited: int, write: Write, submit: Submit
) -> None:
    write(lambda: update_product(the_lamp(), {"name": "Ash Lamp"}))
    change = first_change(app, edited)
    submit(editor, REVERT, set=edited, change=change, field="price")
    assert lamp_now(app)[:2] == ("Ash Lamp", Decimal("12.50"))


def test_what_was_changed_since_is_named_before_and_when_somebody_insists(
    app: Flask, editor: FlaskClient, edited: int, write: Write, submit: Submit
) -> None:
    write(lambda: update_product(the_lamp(), {"name": "Ash Lamp", "price": Decimal(14)}))
    page = editor.get(f"{REVERT}?set={edited}").text
    assert "Product “Ash Lamp” was changed since: Name, Price." in read(page).text
    assert ">Revert</button>" not in page
    submit(editor, REVERT, set=edited)
    assert flashes(editor.get(LIST).text) == [
        ("error", "Nothing was reverted: “Ash Lamp” was changed since: Name, Price.")
    ]
    assert lamp_now(app)[:2] == ("Ash Lamp", Decimal(14))


def test_a_deletion_is_reverted_out_of_the_trash(
    app: Flask, editor: FlaskClient, lamp: int, write: Write, submit: Submit
) -> None:
    change_set = write(lambda: trash_products([lamp]))
    assert "Bring back product “Oak Lamp”" in read(editor.get(f"{REVERT}?set={change_set}").text).text
    submit(editor, REVERT, set=change_set)
    assert lamp_now(app)[0] == "Oak Lamp"


def test_what_was_purged_is_not_brought_back(
    editor: FlaskClient, lamp: int, write: Write, submit: Submit
) -> None:
    change_set = write(lambda: trash_products([lamp]))
    purged = write(lambda: purge_products([lamp]))
    assert "was deleted permanently" in editor.get(f"{REVERT}?set={change_set}").text
    assert editor.get(f"{REVERT}?set={purged}").status_code == 404
    assert "Revert" not in read(editor.get(f"{LIST}details/?id={purged}").text).all("main")[0].text


def test_a_creation_is_reverted_into_the_trash(
    app: Flask, editor: FlaskClient, lamp: int, submit: Submit
) -> None:
    submit(editor, REVERT, set=its_creation(app))
    with app.app_context():
        assert db.session.scalars(select(Product)).all() == []
    assert "Oak Lamp" in editor.get("/admin/trash/").text


def test_a_creation_whose_record_was_changed_since_stays(
    app: Flask, editor: FlaskClient, edited: int, submit: Submit
) -> None:
    submit(editor, REVERT, set=its_creation(app))
    ((category, message),) = flashes(editor.get(LIST).text)
    assert (category, "was changed since: Name, Price" in message) == ("error", True)
    assert lamp_now(app)[0] == "Elm Lamp"


def test_a_category_with_products_is_not_taken_away(
    editor: FlaskClient, write: Write, submit: Submit
) -> None:
    change_set = write(lambda: a_category("Lamps"))
    write(lambda: a_product(category_id=1))
    submit(editor, REVERT, set=change_set)
    assert flashes(editor.get(LIST).text) == [
        ("error", "“Lamps” still holds 1 product. Move or delete them first.")
    ]


def test_a_long_revert_tells_how_far_it_is(
    app: Flask, editor: FlaskClient, write: Write, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.admin.kit.progress.STREAMED_FROM", 20)
    monkeypatch.setattr("dashboard.history.revert.SLICE", 10)
    write(lambda: products(30))
    keys = list(range(1, 31))
    change_set = write(lambda: change_products(keys, lambda _: {"stock": 1}))
    page = submit(editor, REVERT, set=change_set).text
    steps = [bar.attributes["value"] for bar in read(page).all("progress")]
    assert steps == ["10", "20", "30"]
    assert flashes(page) == [("success", "Reverted: 30 records as before.")]
    write(lambda: change_products([7], lambda _: {"stock": 2}))
    again = write(lambda: change_products(keys, lambda row: {"stock": row["stock"] + 1}))
    write(lambda: change_products([5], lambda _: {"stock": 99}))
    page = submit(editor, REVERT, set=again).text
    ((category, message),) = flashes(page)
    assert (category, message.endswith("was changed since: Stock.")) == ("error", True)
    with app.app_context():
        assert db.session.get_one(Product, 7).stock == 3


def test_many_are_reverted_at_once_and_only_the_first_are_shown(
    app: Flask, editor: FlaskClient, write: Write, submit: Submit
) -> None:
    write(lambda: products(60))
    keys = list(range(1, 61))
    change_set = write(lambda: change_products(keys, lambda _: {"status": ProductStatus.ARCHIVED}))
    page = editor.get(f"{REVERT}?set={change_set}").text
    assert len(read(page).all("h2")) == 25
    assert "and more" in page
    submit(editor, REVERT, set=change_set)
    assert flashes(editor.get(LIST).text) == [("success", "Reverted: 60 records as before.")]
    with app.app_context():
        assert set(db.session.scalars(select(Product.status))) == {ProductStatus.ACTIVE}


def test_each_change_in_the_history_offers_to_revert_it_and_each_of_its_fields(
    app: Flask, editor: FlaskClient, edited: int
) -> None:
    page = editor.get("/admin/products/history/?id=1").text
    links = [link.attributes.get("aria-label", "") for link in read(page).all("a") if link.text == "Revert"]
    assert [label.split(":")[0] for label in links] == ["Revert", "Revert Name", "Revert Price", "Revert"]


def test_the_question_takes_few_queries_however_many_it_is_about(
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
    """The lamp is changed in two steps of one change set: its price twice, its name first, its stock then."""
    update_product(the_lamp(), {"name": "Elm Lamp", "price": Decimal(13)})
    db.session.flush()
    update_product(the_lamp(), {"price": Decimal(14), "stock": 3})
    db.session.flush()


def test_a_set_with_two_changes_of_a_record_is_reverted_to_before_both(
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
    assert flashes(editor.get(LIST).text) == [("success", "Reverted: 1 record as before.")]
    with app.app_context():
        assert (the_lamp().name, the_lamp().price, the_lamp().stock) == ("Oak Lamp", Decimal("12.50"), 7)


def test_a_value_that_was_changed_and_changed_back_is_reverted(
    app: Flask, editor: FlaskClient, edited: int, write: Write, submit: Submit
) -> None:
    """A revert compares what there is, not how it came to be."""
    write(lambda: update_product(the_lamp(), {"name": "Ash Lamp", "price": Decimal(14)}))
    write(lambda: update_product(the_lamp(), {"name": "Elm Lamp", "price": Decimal(13)}))
    assert ">Revert</button>" in editor.get(f"{REVERT}?set={edited}").text
    submit(editor, REVERT, set=edited)
    assert lamp_now(app) == ("Oak Lamp", Decimal("12.50"), 5)


def test_a_creation_whose_values_are_as_they_were_but_touched_since_stays(
    app: Flask, editor: FlaskClient, edited: int, write: Write, submit: Submit
) -> None:
    write(lambda: update_product(the_lamp(), {"name": "Oak Lamp", "price": Decimal("12.50")}))
    submit(editor, REVERT, set=its_creation(app))
    ((category, message),) = flashes(editor.get(LIST).text)
    assert (category, message) == ("error", "Nothing was reverted: “Oak Lamp” was changed since.")
    assert lamp_now(app)[0] == "Oak Lamp"
