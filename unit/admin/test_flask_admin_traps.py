"""Traps of Flask-Admin 2.2, by their numbers: each of these tests fails with its own behaviour."""

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
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.admin.features.edit import Edit
from dashboard.admin.kit.gate import Gate, route
from dashboard.catalogue.models import Category, Product
from dashboard.jobs.models import Job
from dashboard.permissions import HOME_READ
from dashboard.testing.answers import is_redirect
from dashboard.trash.models import Trashed
from unit.admin.conftest import Count, Make, Stored
from unit.admin.reading import flashes, read, record_form, row_titles
from unit.admin.screens import SCREENS
from unit.conftest import ClientAs, CountQueries, MakeApp, Submit
from unit.racing import another_user_adds

LogIn = Callable[[FlaskClient, str], str]
ROOT = Path(__file__).resolve().parents[2]
LISTS = ("/admin/products/", "/admin/categories/", "/admin/users/")


def test_01_delete_asks_without_a_script(owner: FlaskClient, make: Make) -> None:
    key = make("products")
    for path in ("/admin/products/", f"/admin/products/details/?id={key}", f"/admin/products/edit/?id={key}"):
        elements = read(owner.get(path).text).all()
        assert not [name for element in elements for name in element.attributes if name.startswith("on")]
        assert not [
            e for e in elements if e.attributes.get("action", "").startswith("/admin/products/delete")
        ]
        assert not [e for e in elements if e.attributes.get("href", "").lower().startswith("javascript:")]


def test_01_bulk_action_asks_first(owner: FlaskClient, make: Make, count: Count, submit: Submit) -> None:
    key = make("products")
    answer = submit(owner, "/admin/products/action/", action="delete", rowid=[str(key)])
    assert read(answer.text).all("h1")[0].text == "Delete 1 product?"
    assert count("products") == 1


@pytest.mark.parametrize("what", ["delete", "action"])
def test_02_change_without_a_csrf_token_is_400(
    what: str, owner: FlaskClient, make: Make, count: Count
) -> None:
    key = str(make("products"))
    fields = {"id": key, "rowid": key, "action": "delete", "confirm": "1"}
    assert owner.post(f"/admin/products/{what}/", data=fields).status_code == 400
    assert count("products") == 1


def test_02_valid_csrf_token_is_accepted(owner: FlaskClient, make: Make, count: Count) -> None:
    address = f"/admin/products/delete/?id={make('products')}"
    assert is_redirect(owner.post(address, data=record_form(owner.get(address).text)))
    assert count("products") == 0


@pytest.mark.parametrize("what", ["details", "edit", "delete", "deactivate", "reactivate", "sign-out"])
def test_03_record_outside_the_list_is_404_by_its_id(
    what: str, client_as: ClientAs, make: Make, submit: Submit, stored: Stored
) -> None:
    boss = make("users", "owner")
    admin = client_as("admin")
    before = stored("users", boss)
    assert admin.get(f"/admin/users/{what}/?id={boss}").status_code == 404
    assert submit(admin, f"/admin/users/{what}/", id=str(boss)).status_code in (404, 405)
    assert stored("users", boss) == before


def test_04_save_over_a_newer_version_is_refused(owner: FlaskClient, make: Make, stored: Stored) -> None:
    key = make("products")
    form = record_form(owner.get(f"/admin/products/edit/?id={key}").text)
    owner.post(f"/admin/products/edit/?id={key}", data={**form, "stock": "1"})
    assert owner.post(f"/admin/products/edit/?id={key}", data={**form, "name": "Lost"}).status_code == 409
    assert stored("products", key)["stock"] == 1


def test_05_list_has_no_address_for_ajax_updates(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if "ajax" in rule.rule]
    for path in LISTS:
        assert (
            submit(client_as("viewer"), f"{path}ajax/update/", list_form_pk="1", name="x").status_code == 404
        )


def test_05_writing_without_permission_is_403_and_not_offered(
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
def test_06_invalid_page_number_is_no_error(path: str, page: str, owner: FlaskClient) -> None:
    assert owner.get(path, query_string={"page": page}).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_06_list_is_ordered_and_the_key_breaks_ties(
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
def test_07_search_takes_wildcards_literally(part: str, owner: FlaskClient, make: Make) -> None:
    make("products", "50% off_now\\")
    make("products", "500 offonow/")
    page = owner.get("/admin/products/", query_string={"q": part}).text
    assert row_titles(page) == ["50% off_now\\"]


def test_08_address_names_columns_and_filters(owner: FlaskClient, make: Make) -> None:
    make("products", "Cheap", price=Decimal(1))
    make("products", "Dear", price=Decimal(9))
    assert row_titles(owner.get("/admin/products/?sort=-price").text) == ["Dear", "Cheap"]
    assert row_titles(owner.get("/admin/products/?price_max=5").text) == ["Cheap"]
    assert row_titles(owner.get("/admin/products/?sort=3&desc=1&flt0_0=Cheap").text) == ["Dear", "Cheap"]


@pytest.mark.parametrize("key", ["77", "1,2"])
@pytest.mark.parametrize("what", ["details", "edit", "delete"])
def test_09_missing_record_is_404(what: str, key: str, owner: FlaskClient) -> None:
    assert owner.get(f"/admin/products/{what}/?id={key}").status_code == 404


def test_09_duplicate_in_a_race_is_a_plain_error(app: Flask, owner: FlaskClient, submit: Submit) -> None:
    fields = {**SCREENS[0].new, "sku": "LMP-1"}
    with another_user_adds(app, Product, sku="LMP-1", name="Theirs", price=Decimal(1)):
        answer = submit(owner, "/admin/products/new/", **fields)
    assert answer.status_code == 200
    assert "This SKU is already in use." in answer.text
    assert not re.search(r"INSERT|IntegrityError|sqlite|products\.sku", answer.text)


def test_10_bulk_action_changes_all_records_or_no_record(
    owner: FlaskClient, make: Make, count: Count, submit: Submit
) -> None:
    empty, full = make("categories"), make("categories", "Full")
    make("products", category_id=full)
    submit(owner, "/admin/categories/action/", action="delete", rowid=[str(empty), str(full)], confirm="1")
    assert count("categories") == 2
    [(category, message)] = flashes(owner.get("/admin/categories/").text)
    assert (category, message) == ("error", "“Full” still holds 1 product. Move or delete them first.")


def test_11_there_is_no_ajax_lookup(app: Flask, owner: FlaskClient) -> None:
    addresses = [f"{rule.endpoint} {rule.rule}" for rule in app.url_map.iter_rules()]
    assert not [each for each in addresses if "ajax" in each]
    for path in LISTS:
        assert owner.get(f"{path}ajax/lookup/?name=category&query=").status_code == 404


def test_12_export_streams_and_neutralises_formulas(owner: FlaskClient, make: Make) -> None:
    make("products", '=HYPERLINK("http://evil.test")')
    answer = owner.get("/admin/products/export/csv/", buffered=False)
    assert answer.is_streamed
    assert ""","'=HYPERLINK(""http://evil.test"")",""" in answer.text


class Broken(Gate, BaseView):  # type: ignore[misc]
    """A view that raises TypeError, which Flask-Admin takes for an old signature."""

    calls = 0

    @route("/", HOME_READ)
    def index(self) -> str:
        Broken.calls += 1
        raise TypeError("an honest mistake")


def test_13_failing_view_is_called_once_and_its_error_logged(
    make_app: MakeApp, log_in: LogIn, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app()
    app.extensions["admin"][0].add_view(Broken(endpoint="broken", url="/admin/broken"))
    Broken.calls = 0
    viewer = app.test_client()
    log_in(viewer, "viewer")
    answer = viewer.get("/admin/broken/")
    assert (answer.status_code, Broken.calls) == (500, 1)
    assert "an honest mistake" in caplog.text
    assert "an honest mistake" not in answer.text


def test_14_no_screen_serves_files_of_the_server(app: Flask) -> None:
    assert not [view for view in app.extensions["admin"][0]._views if isinstance(view, BaseFileAdmin)]


def test_15_created_record_has_its_defaults_and_an_id(
    owner: FlaskClient, submit: Submit, stored: Stored
) -> None:
    submit(owner, "/admin/categories/new/", name="Lighting")
    row = stored("categories", 1)
    assert (row["version"], row["created_at"] is not None) == (1, True)


def test_16_forms_give_no_deprecation_warning(owner: FlaskClient) -> None:
    # Warnings are errors here: a form with choices as tuples would be a fault.
    for path in (*(f"{path}new/" for path in LISTS), "/profile"):
        assert owner.get(path).status_code == 200


def test_17_bootstrap_and_jquery_are_neither_served_nor_loaded(app: Flask, owner: FlaskClient) -> None:
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
def test_18_redirects_stay_on_the_console(name: str, target: str, owner: FlaskClient, submit: Submit) -> None:
    assert submit(owner, "/admin/categories/new/", name="Lighting", **{name: target}).location == LISTS[1]
    page = read(owner.get("/admin/categories/new/", query_string={name: target}).text)
    assert not [
        e for e in page.all() if "evil" in e.attributes.get("href", "") + e.attributes.get("action", "")
    ]


@pytest.mark.parametrize("path", ["/admin/", *LISTS, *(f"{path}export/csv/" for path in LISTS)])
def test_19_anonymous_user_is_redirected_to_log_in(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert is_redirect(answer)
    assert str(answer.location).startswith("/login?next=")


def test_19_list_reads_only_declared_columns(
    owner: FlaskClient, make: Make, count_queries: CountQueries
) -> None:
    make("users")
    with count_queries() as statements:
        owner.get("/admin/users/")
    [rows] = [sql for sql in statements if "sorted_by" in sql]
    assert "password_hash" not in rows


ONLY_READ = (SecurityEvent, Job)


def test_19_every_screen_declares_its_columns_and_form_fields(app: Flask) -> None:
    views = [view for view in app.extensions["admin"][0]._views if getattr(view, "model", None)]
    assert {view.model for view in views} == {Product, Category, Trashed, User, *ONLY_READ}
    for view in views:
        assert view.listing.columns
    for view in (view for view in views if view.model not in (Trashed, *ONLY_READ)):
        assert view.listing.export
        assert view.feature(Edit).form


def test_20_flask_babel_is_not_installed() -> None:
    locked = ROOT.joinpath("requirements/runtime.lock").read_text().lower()
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text())["project"]
    assert "flask-babel" not in locked
    assert not [name for name in project["dependencies"] if "babel" in name.lower()]
