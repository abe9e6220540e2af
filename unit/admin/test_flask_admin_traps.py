"""What bites in Flask-Admin 2.2, one test each: every one of them fails with the stock behaviour."""

import re
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_admin import BaseView
from flask_admin.contrib.fileadmin import BaseFileAdmin

from dashboard.accounts.models import User
from dashboard.admin.features.edit import Edit
from dashboard.admin.kit.gate import Gate, route
from dashboard.catalogue.models import Category, Product
from dashboard.permissions import HOME_READ
from dashboard.testing.answers import is_redirect
from dashboard.trash.models import Trashed
from unit.admin.conftest import Count, Make, Stored
from unit.admin.reading import flashes, read, record_form, row_titles
from unit.admin.screens import SCREENS
from unit.conftest import ClientAs, CountQueries, MakeApp, Submit
from unit.racing import another_user_adds

SignIn = Callable[[FlaskClient, str], str]
ROOT = Path(__file__).resolve().parents[2]
LISTS = ("/admin/products/", "/admin/categories/", "/admin/users/")


def test_01_no_page_needs_a_script_to_ask_before_it_deletes(owner: FlaskClient, make: Make) -> None:
    key = make("products")
    for path in ("/admin/products/", f"/admin/products/details/?id={key}", f"/admin/products/edit/?id={key}"):
        elements = read(owner.get(path).text).all()
        assert not [name for element in elements for name in element.attributes if name.startswith("on")]
        assert not [
            e for e in elements if e.attributes.get("action", "").startswith("/admin/products/delete")
        ]
        assert not [e for e in elements if e.attributes.get("href", "").lower().startswith("javascript:")]


def test_01_a_bulk_action_asks_before_it_acts(
    owner: FlaskClient, make: Make, count: Count, submit: Submit
) -> None:
    key = make("products")
    answer = submit(owner, "/admin/products/action/", action="delete", rowid=[str(key)])
    assert read(answer.text).all("h1")[0].text == "Delete: 1 product?"
    assert count("products") == 1


@pytest.mark.parametrize("what", ["delete", "action"])
def test_02_nothing_is_changed_without_a_csrf_token(
    what: str, owner: FlaskClient, make: Make, count: Count
) -> None:
    key = str(make("products"))
    fields = {"id": key, "rowid": key, "action": "delete", "confirm": "1"}
    assert owner.post(f"/admin/products/{what}/", data=fields).status_code == 400
    assert count("products") == 1


def test_02_a_good_csrf_token_is_not_refused(owner: FlaskClient, make: Make, count: Count) -> None:
    address = f"/admin/products/delete/?id={make('products')}"
    assert is_redirect(owner.post(address, data=record_form(owner.get(address).text)))
    assert count("products") == 0


@pytest.mark.parametrize("what", ["details", "edit", "delete", "deactivate", "reactivate", "sign-out"])
def test_03_what_the_list_leaves_out_cannot_be_reached_by_its_id(
    what: str, client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    boss = make("users", "owner")
    admin = client_as("admin")
    before = stored("users", boss)
    assert admin.get(f"/admin/users/{what}/?id={boss}").status_code == 404
    assert submit(admin, f"/admin/users/{what}/", id=str(boss)).status_code in (404, 405)
    assert stored("users", boss) == before


def test_04_a_save_over_somebody_elses_is_refused(owner: FlaskClient, make: Make, stored: Stored) -> None:
    key = make("products")
    form = record_form(owner.get(f"/admin/products/edit/?id={key}").text)
    owner.post(f"/admin/products/edit/?id={key}", data={**form, "stock": "1"})
    assert owner.post(f"/admin/products/edit/?id={key}", data={**form, "name": "Lost"}).status_code == 409
    assert stored("products", key)["stock"] == 1


def test_05_nothing_can_be_written_from_within_the_list(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if "ajax" in rule.rule]
    for path in LISTS:
        assert (
            submit(client_as("viewer"), f"{path}ajax/update/", list_form_pk="1", name="x").status_code == 404
        )


def test_05_the_write_path_asks_for_the_permission_and_not_the_button(
    client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    key = make("products")
    before = stored("products", key)
    viewer = client_as("viewer")
    page = read(viewer.get("/admin/products/").text)
    assert not [link for link in page.all("a") if link.text in ("Edit", "Delete")]
    for what in ("edit", "delete"):
        assert submit(viewer, f"/admin/products/{what}/?id={key}", name="x").status_code == 403
    assert stored("products", key) == before


@pytest.mark.parametrize("page", ["999999999", "9" * 30, "-1", "abc"], ids=str)
@pytest.mark.parametrize("path", LISTS)
def test_06_a_page_that_does_not_exist_is_no_fault(path: str, page: str, owner: FlaskClient) -> None:
    assert owner.get(path, query_string={"page": page}).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_06_a_list_is_always_in_order_and_the_key_breaks_ties(
    path: str, owner: FlaskClient, make: Make, count_queries: CountQueries
) -> None:
    make(path.split("/")[2])
    with count_queries() as statements:
        owner.get(path)
    [rows] = [sql for sql in statements if "sorted_by" in sql]
    order = re.split(r"\s", rows.rpartition("ORDER BY ")[2].split(" LIMIT")[0].strip())
    assert ".id" in order[-2]
    assert "." in order[0]


@pytest.mark.parametrize("part", ["50%", "off_", "now\\"])
def test_07_the_search_takes_its_signs_literally(part: str, owner: FlaskClient, make: Make) -> None:
    make("products", "50% off_now\\")
    make("products", "500 offonow/")
    page = owner.get("/admin/products/", query_string={"q": part}).text
    assert row_titles(page) == ["50% off_now\\"]


def test_08_columns_and_filters_have_names_in_the_address(owner: FlaskClient, make: Make) -> None:
    make("products", "Cheap", price=Decimal(1))
    make("products", "Dear", price=Decimal(9))
    assert row_titles(owner.get("/admin/products/?sort=-price").text) == ["Dear", "Cheap"]
    assert row_titles(owner.get("/admin/products/?price_max=5").text) == ["Cheap"]
    assert row_titles(owner.get("/admin/products/?sort=3&desc=1&flt0_0=Cheap").text) == ["Dear", "Cheap"]


@pytest.mark.parametrize("key", ["77", "1,2"])
@pytest.mark.parametrize("what", ["details", "edit", "delete"])
def test_09_a_missing_record_is_a_404_and_no_redirect(what: str, key: str, owner: FlaskClient) -> None:
    assert owner.get(f"/admin/products/{what}/?id={key}").status_code == 404


def test_09_a_duplicate_is_told_in_plain_words_even_in_a_race(
    app: Flask, owner: FlaskClient, submit: Submit
) -> None:
    fields = {**SCREENS[0].new, "sku": "LMP-1"}
    with another_user_adds(app, Product, sku="LMP-1", name="Theirs", price=Decimal(1)):
        answer = submit(owner, "/admin/products/new/", **fields)
    assert answer.status_code == 200
    assert "This SKU is already in use." in answer.text
    assert not re.search(r"INSERT|IntegrityError|sqlite|products\.sku", answer.text)


def test_10_a_bulk_action_changes_all_of_the_selected_or_none(
    owner: FlaskClient, make: Make, count: Count, submit: Submit
) -> None:
    empty, full = make("categories"), make("categories", "Full")
    make("products", category_id=full)
    submit(owner, "/admin/categories/action/", action="delete", rowid=[str(empty), str(full)], confirm="1")
    assert count("categories") == 2
    [(category, message)] = flashes(owner.get("/admin/categories/").text)
    assert (category, message) == ("error", "“Full” still holds 1 product. Move or delete them first.")


def test_11_nothing_looks_records_up_for_a_script(app: Flask, owner: FlaskClient) -> None:
    assert not [rule.endpoint for rule in app.url_map.iter_rules() if "lookup" in rule.endpoint]
    for path in LISTS:
        assert owner.get(f"{path}ajax/lookup/?name=category&query=").status_code == 404


def test_12_an_export_streams_and_neutralises_formulas(owner: FlaskClient, make: Make) -> None:
    make("products", '=HYPERLINK("http://evil.test")')
    answer = owner.get("/admin/products/export/csv/", buffered=False)
    assert answer.is_streamed
    assert ""","'=HYPERLINK(""http://evil.test"")",""" in answer.text


class Broken(Gate, BaseView):  # type: ignore[misc]
    """A view with a fault of the kind that Flask-Admin takes for an old signature."""

    calls = 0

    @route("/", HOME_READ)
    def index(self) -> str:
        Broken.calls += 1
        raise TypeError("an honest mistake")


def test_13_a_view_that_fails_is_called_once_and_its_error_is_told(
    make_app: MakeApp, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()
    app.extensions["admin"][0].add_view(Broken(endpoint="broken", url="/admin/broken"))
    Broken.calls = 0
    viewer = app.test_client()
    sign_in(viewer, "viewer")
    answer = viewer.get("/admin/broken/")
    assert (answer.status_code, Broken.calls) == (500, 1)
    assert "an honest mistake" in caplog.text
    assert "an honest mistake" not in answer.text


def test_14_no_screen_reaches_the_files_of_the_server(app: Flask) -> None:
    assert not [view for view in app.extensions["admin"][0]._views if isinstance(view, BaseFileAdmin)]


def test_15_a_created_record_has_its_defaults_and_an_id(
    owner: FlaskClient, submit: Submit, stored: Stored
) -> None:
    submit(owner, "/admin/categories/new/", name="Lighting")
    row = stored("categories", 1)
    assert (row["version"], row["created_at"] is not None) == (1, True)


def test_16_no_form_hands_wtforms_what_its_next_version_drops(owner: FlaskClient) -> None:
    # Warnings are errors here: a form with choices as tuples would be a fault.
    for path in (*(f"{path}new/" for path in LISTS), "/profile"):
        assert owner.get(path).status_code == 200


def test_17_nothing_of_bootstrap_or_jquery_is_served_or_asked_for(app: Flask, owner: FlaskClient) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.endswith("static")]
    for name in (
        "bootstrap/bootstrap4/css/bootstrap.min.css",
        "admin/css/bootstrap4/admin.css",
        "vendor/jquery.min.js",
    ):
        assert owner.get(f"/admin/static/{name}").status_code == 404
    for path in ("/admin/", *LISTS):
        assert not re.search(r"bootstrap|jquery|select2|admin/static", owner.get(path).text, re.I)


@pytest.mark.parametrize("name", ["url", "next"])
@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test", "/\\evil.test", "\t//evil.test", "https:evil.test"]
)
def test_18_no_redirect_leaves_the_console(
    name: str, target: str, owner: FlaskClient, submit: Submit
) -> None:
    assert submit(owner, "/admin/categories/new/", name="Lighting", **{name: target}).location == LISTS[1]
    page = read(owner.get("/admin/categories/new/", query_string={name: target}).text)
    assert not [
        e for e in page.all() if "evil" in e.attributes.get("href", "") + e.attributes.get("action", "")
    ]


@pytest.mark.parametrize("path", ["/admin/", *LISTS, *(f"{path}export/csv/" for path in LISTS)])
def test_19_nothing_is_open_to_somebody_who_is_not_signed_in(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert is_redirect(answer)
    assert str(answer.location).startswith("/login?next=")


def test_19_only_declared_columns_are_read_for_a_list(
    owner: FlaskClient, make: Make, count_queries: CountQueries
) -> None:
    make("users")
    with count_queries() as statements:
        owner.get("/admin/users/")
    [rows] = [sql for sql in statements if "sorted_by" in sql]
    assert "password_hash" not in rows


def test_19_every_screen_declares_its_columns_and_form_fields(app: Flask) -> None:
    views = [view for view in app.extensions["admin"][0]._views if getattr(view, "model", None)]
    assert {view.model for view in views} == {Product, Category, Trashed, User}
    for view in views:
        assert view.listing.columns
    for view in (view for view in views if view.model is not Trashed):  # which is only looked at
        assert view.listing.export
        assert view.feature(Edit).form


def test_20_flask_babel_is_left_out() -> None:
    locked = ROOT.joinpath("requirements/runtime.lock").read_text().lower()
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text())["project"]
    assert "flask-babel" not in locked
    assert not [name for name in project["dependencies"] if "babel" in name.lower()]
