"""Numbers are read as they were shown, whatever form another tab chose since."""

import html
import json
import re
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.admin.kit.forms import CONTROL
from dashboard.testing.answers import is_redirect
from unit.admin.cells import ADDRESS, versions
from unit.admin.conftest import Make, Stored
from unit.admin.editing_many import ACTION, LIST, fields, preview
from unit.admin.merging import Open, choices
from unit.admin.number_forms import FORMS, GERMAN, MARK, choose
from unit.admin.reading import field_errors, read, record_form, value
from unit.conftest import Submit


def edit(key: int) -> str:
    return f"/admin/products/edit/?id={key}"


def cell(client: FlaskClient, key: int, text: str, mark: str, field: str = "price") -> TestResponse:
    """The answer to a cell that was typed on a page with this mark of its form."""
    token = read(client.get(LIST).text).fields["csrf_token"]
    sent = {"id": str(key), "field": field, "value": text, "version": versions(client), "csrf_token": token}
    return client.post(ADDRESS, data=sent, headers={"X-Numbers": mark})


class TestAForm:
    @pytest.mark.parametrize("before", FORMS)
    @pytest.mark.parametrize("after", FORMS)
    def test_saved_under_another_form_changes_nothing(
        self, before: str, after: str, editor: FlaskClient, make: Make, stored: Stored
    ) -> None:
        key = make("products", price=Decimal("1.234"), currency="KWD", stock=1234)
        choose(editor, before)
        form = record_form(editor.get(edit(key)).text)
        choose(editor, after)
        assert is_redirect(editor.post(edit(key), data={**form, "name": "Elm"}))
        row = stored("products", key)
        assert (row["name"], row["price"], row["stock"]) == ("Elm", Decimal("1.234"), 1234)

    @pytest.mark.parametrize(
        ("before", "typed", "price"), [("comma", "1.234", "1234"), ("point", "1,234.5", "1234.5")]
    )
    @pytest.mark.parametrize("after", FORMS)
    def test_keeps_what_was_typed_in_the_form_of_its_page(
        self,
        before: str,
        after: str,
        typed: str,
        price: str,
        editor: FlaskClient,
        make: Make,
        stored: Stored,
    ) -> None:
        key = make("products")
        choose(editor, before)
        form = record_form(editor.get(edit(key)).text)
        choose(editor, after)
        assert is_redirect(editor.post(edit(key), data={**form, "price": typed}))
        assert stored("products", key)["price"] == Decimal(price)

    def test_shown_again_with_an_error_stays_in_the_form_it_was_opened_in(
        self, editor: FlaskClient, make: Make, stored: Stored
    ) -> None:
        key = make("products")
        choose(editor, "comma")
        form = record_form(editor.get(edit(key)).text)
        choose(editor, "point")
        refused = editor.post(edit(key), data={**form, "price": "1.234", "name": ""})
        assert field_errors(refused.text)
        assert value(refused.text, "price") == "1.234"
        assert is_redirect(editor.post(edit(key), data={**record_form(refused.text), "name": "Elm"}))
        assert stored("products", key)["price"] == Decimal(1234)

    def test_of_a_language_that_nobody_chose_asks_what_is_meant(
        self, editor: FlaskClient, make: Make, stored: Stored
    ) -> None:
        key = make("products", currency="KWD")
        form = record_form(editor.get(edit(key), headers=GERMAN).text)
        for typed in ("1.234", "1,234"):
            refused = editor.post(edit(key), data={**form, "price": typed}, headers=GERMAN)
            assert "can mean 1234 or 1,234" in field_errors(refused.text)["price"]
        assert stored("products", key)["price"] == Decimal("12.5")

    def test_with_a_mark_that_no_page_has_is_read_as_usual(
        self, editor: FlaskClient, make: Make, stored: Stored
    ) -> None:
        key = make("products")
        form = record_form(editor.get(edit(key)).text)
        for mark in ("", "roman", "comma??", "\0", "x" * 20):
            assert is_redirect(editor.post(edit(key), data={**form, MARK: mark, "price": "1.5"}))
            form = record_form(editor.get(edit(key)).text)
        assert stored("products", key)["price"] == Decimal("1.5")


class TestAMergePage:
    @pytest.mark.parametrize(("chosen", "mine"), [("comma", "1.500"), ("point", "1,500")])
    @pytest.mark.parametrize("then", FORMS)
    def test_saves_the_number_that_was_typed(
        self, chosen: str, mine: str, then: str, opened: Open, stored: Stored
    ) -> None:
        form = opened(price=Decimal("1.234"), currency="KWD")
        choose(form.mine, chosen)
        form.form = record_form(form.mine.get(form.address).text)
        form.they_save(price="2.345")
        page = form.i_save(price=mine)
        choose(form.mine, then)
        yours = choices(page)["price"][0]
        assert is_redirect(form.again(page, price=yours))
        assert stored("products", 1)["price"] == Decimal(1500)

    @pytest.mark.parametrize("then", FORMS)
    def test_keeps_the_number_of_the_others(self, then: str, opened: Open, stored: Stored) -> None:
        form = opened(price=Decimal("1.234"), currency="KWD")
        choose(form.mine, "comma")
        form.form = record_form(form.mine.get(form.address).text)
        form.they_save(price="2.345")
        page = form.i_save(price="3,456")
        choose(form.mine, then)
        assert is_redirect(form.again(page, price=choices(page)["price"][1]))
        assert stored("products", 1)["price"] == Decimal("2.345")

    @pytest.mark.parametrize("then", FORMS)
    def test_reviewed_in_the_form_saves_the_same_number(
        self, then: str, opened: Open, stored: Stored
    ) -> None:
        form = opened(price=Decimal("1.234"), currency="KWD")
        choose(form.mine, "comma")
        form.form = record_form(form.mine.get(form.address).text)
        form.they_save(name="Theirs")
        page = form.i_save(price="2,345")
        choose(form.mine, then)
        review = form.again(page, **{"dashboard-review": "1"})
        assert value(review.text, "price") in {"2.3450", "2,3450"}
        assert ("," in value(review.text, "price")) == (then in ("comma", "space"))
        assert is_redirect(form.again(review))
        assert stored("products", 1)["price"] == Decimal("2.345")

    def test_with_a_number_that_can_mean_two_asks_which(self, opened: Open, stored: Stored) -> None:
        form = opened(price=Decimal("1.234"), currency="KWD")
        form.form = record_form(form.mine.get(form.address, headers=GERMAN).text)
        form.they_save(name="Theirs")
        page = form.i_save(price="1.500")
        for then in FORMS:
            choose(form.mine, then)
            answer = form.again(page)
            for again in (answer, form.again(answer)):
                assert re.search("can mean 1500 or 1[.,]5", field_errors(again.text)["price"])
        assert stored("products", 1)["price"] == Decimal("1.234")

    def test_shows_numbers_in_the_form_of_the_user(self, opened: Open) -> None:
        form = opened(price=Decimal("1.5"))
        choose(form.mine, "comma")
        form.form = record_form(form.mine.get(form.address).text)
        form.they_save(price="2.25")
        page = form.i_save(price="3,75").text
        shown = [each.text for each in read(page).all("span", class_="value")]
        assert shown[:2] == ["3,75", "2,25"]


class TestACell:
    @pytest.mark.parametrize(
        ("mark", "typed", "price"),
        [
            ("comma", "1.234", "1234"),
            ("comma", "1,5", "1.5"),
            ("comma", "1,2340", "1.234"),
            ("space", "1\u202f234,5", "1234.5"),
            ("apostrophe", "1'234.5", "1234.5"),
            ("point", "1,234", "1234"),
            ("comma?", "1.234,5", "1234.5"),
        ],
    )
    @pytest.mark.parametrize("chosen", FORMS)
    def test_is_read_in_the_form_of_its_page(
        self,
        mark: str,
        typed: str,
        price: str,
        chosen: str,
        editor: FlaskClient,
        make: Make,
        stored: Stored,
    ) -> None:
        key = make("products", currency="KWD")
        choose(editor, chosen)
        assert cell(editor, key, typed, mark).status_code == 200
        assert stored("products", key)["price"] == Decimal(price)

    def test_is_answered_in_the_form_of_its_page(self, editor: FlaskClient, make: Make) -> None:
        key = make("products")
        choose(editor, "point")
        assert cell(editor, key, "1.234,5", "comma").json["shown"] == "1.234,50 EUR"
        refused = cell(editor, key, "1.234", "comma?")
        assert "can mean 1234 or 1,234" in refused.json["error"]

    def test_that_was_undone_has_the_number_of_before(
        self, editor: FlaskClient, make: Make, stored: Stored, submit: Submit
    ) -> None:
        key = make("products", price=Decimal("1.234"), currency="KWD")
        undo = cell(editor, key, "1.500", "comma").json["undo"]
        choose(editor, "point")
        back = submit(editor, f"{ADDRESS}undo/", id=[str(key)], set=str(undo))
        assert back.json["rows"][str(key)]["cells"]["price"]["shown"] == "1.234 KWD"
        assert stored("products", key)["price"] == Decimal("1.234")

    def test_of_a_pasted_block_is_read_in_the_form_of_its_page(
        self, editor: FlaskClient, make: Make, stored: Stored, submit: Submit
    ) -> None:
        one, two = make("products", currency="KWD"), make("products")
        choose(editor, "point")
        pasted = [(one, "price", "1.234"), (two, "price", "1.234,50"), (two, "stock", "1.234")]
        cells = json.dumps([[str(key), field, text, 0] for key, field, text in pasted])
        sent = {"cells": cells, "versions": json.dumps([versions(editor)])}
        token = read(editor.get(LIST).text).fields["csrf_token"]
        answers = [
            editor.post(
                f"{ADDRESS}block/", data={**sent, "csrf_token": token, **more}, headers={"X-Numbers": "comma"}
            ).json
            for more in ({}, {"confirmed": "1"})
        ]
        told = [each["after"]["shown"] for each in answers[0]["cells"]]
        assert told == ["1.234,000 KWD", "1.234,50 EUR", "1.234"]
        assert stored("products", one)["price"] == Decimal(1234)
        assert (stored("products", two)["price"], stored("products", two)["stock"]) == (
            Decimal("1234.5"),
            1234,
        )


class TestManyProducts:
    @pytest.mark.parametrize("then", FORMS)
    def test_get_the_number_that_was_typed_and_previewed(
        self, then: str, editor: FlaskClient, make: Make, stored: Stored, submit: Submit
    ) -> None:
        keys = [make("products"), make("products")]
        choose(editor, "comma")
        form = fields(submit(editor, ACTION, action="edit", rowid=keys))
        shown = preview(editor, form, price_how="set", price_by="1.234")
        assert "1.234,00 EUR" in shown.text
        choose(editor, then)
        assert is_redirect(editor.post(ACTION, data={**fields(shown), "confirm": "1"}))
        assert {stored("products", key)["price"] for key in keys} == {Decimal(1234)}

    @pytest.mark.parametrize("then", FORMS)
    def test_that_go_back_to_the_form_have_what_was_typed(
        self, then: str, editor: FlaskClient, make: Make, submit: Submit
    ) -> None:
        key = make("products", currency="KWD")
        choose(editor, "comma")
        form = fields(submit(editor, ACTION, action="edit", rowid=[key]))
        shown = preview(editor, form, price_how="set", price_by="1,5", stock_how="set", stock_by="1.200")
        choose(editor, then)
        back = editor.post(ACTION, data={**fields(shown), "stage": "form"})
        assert (value(back.text, "price_by"), value(back.text, "stock_by")) == ("1,5", "1.200")
        again = preview(editor, fields(back), price_by="2.500")
        assert "2500000 KWD" in re.sub(r"[.,'\u202f]", "", html.unescape(again.text))

    def test_page_of_a_preview_keeps_what_was_typed_and_its_form(
        self, editor: FlaskClient, make: Make, submit: Submit
    ) -> None:
        keys = [make("products") for _ in range(26)]
        choose(editor, "comma")
        form = fields(submit(editor, ACTION, action="edit", rowid=keys))
        shown = preview(editor, form, price_how="set", price_by="1.234")
        further = fields(editor.post(ACTION, data={**fields(shown), f"{CONTROL}changes": "25"}))
        assert (further["price_by"], further[MARK]) == ("1.234", "comma")

    def test_number_without_a_change_is_named_as_it_was_typed(
        self, editor: FlaskClient, make: Make, submit: Submit
    ) -> None:
        choose(editor, "comma")
        form = fields(submit(editor, ACTION, action="edit", rowid=[make("products")]))
        refused = preview(editor, form, price_by="1,5")
        assert field_errors(refused.text)["price_how"] == "Choose what to do with 1,5."
