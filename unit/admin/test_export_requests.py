"""Who is given a file, and how it begins."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.testing.accounts import PASSWORD
from dashboard.web.returning import next_address
from unit.admin.conftest import Make
from unit.admin.reading import read
from unit.conftest import ClientAs, Submit
from unit.digest import database_digest

SCREENS = ("products", "categories", "users")
MARK = b"\xef\xbb\xbf"
each_screen = pytest.mark.parametrize("screen", SCREENS)


@each_screen
@pytest.mark.parametrize("query", ["", "?q=a", "?q=a&sort=-created"])
def test_the_button_asks_for_the_mark_by_which_excel_knows_utf_8(
    screen: str, query: str, client_as: ClientAs, make: Make
) -> None:
    owner, path = client_as("owner"), f"/admin/{screen}/"
    make(screen, **({"email": "anna@example.test"} if screen == "users" else {"name": "A Café"}))
    (button,) = [a for a in read(owner.get(path + query).text).all("a") if a.text == "Export CSV"]
    file = owner.get(button.attributes["href"]).data
    assert file.startswith(MARK)
    assert file == MARK + owner.get(f"{path}export/csv/{query}").data


@each_screen
def test_a_program_gets_no_mark(screen: str, client_as: ClientAs, make: Make) -> None:
    make(screen)
    answer = client_as("owner").get(f"/admin/{screen}/export/csv/")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data[:1].isalpha()


@each_screen
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("site", ["cross-site", "same-site", "Cross-Site", ""])
def test_a_file_that_another_site_asks_for_is_refused_and_nothing_written(
    site: str, method: str, screen: str, app: Flask, client_as: ClientAs
) -> None:
    owner = client_as("owner")
    before = database_digest(app)
    answer = owner.open(f"/admin/{screen}/export/csv/", method=method, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "Content-Disposition" not in answer.headers
    assert database_digest(app) == before


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_link_of_ours_a_typed_address_and_a_program_get_the_file(
    headers: dict[str, str], app: Flask, client_as: ClientAs
) -> None:
    owner = client_as("owner")
    before = database_digest(app)
    answer = owner.get("/admin/users/export/csv/", headers=headers)
    assert answer.status_code == 200
    assert "owner@example.test" in answer.text
    assert database_digest(app) != before


@each_screen
def test_whoever_has_to_log_in_for_a_file_gets_to_its_list(
    screen: str, client_as: ClientAs, client: FlaskClient, submit: Submit
) -> None:
    client_as("owner")
    to_log_in = client.get(f"/admin/{screen}/export/csv/?bom=1&q=a", headers={"Sec-Fetch-Site": "cross-site"})
    answer = submit(client, to_log_in.location, email="owner@example.test", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, f"/admin/{screen}/?bom=1&q=a")
    assert client.get(answer.location).mimetype == "text/html"


@pytest.mark.parametrize(
    "address",
    [
        "/admin/users/export/csv/",
        "/admin/users/export/csv",
        "/admin/users/export/csv/#x",
        "/admin//users/export//csv/",
        "/admin/x/../users/./export/csv/",
        "/admin/x/%2e%2E/users/export/csv/.",
        "/%61dmin/users%2fexport/csv/",
    ],
)
def test_no_way_back_leads_to_a_file(
    address: str, client_as: ClientAs, client: FlaskClient, submit: Submit
) -> None:
    client_as("owner")
    log_in = f"/login?next={quote(address, safe='')}"
    assert submit(client, log_in, email="owner@example.test", password=PASSWORD).location == "/admin/users/"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/%2Felsewhere.invalid/export/csv/", "/elsewhere.invalid/"),
        ("/%5Celsewhere.invalid/export/csv/", "/%5Celsewhere.invalid/"),
        ("/%09/elsewhere.invalid/export/csv/", "/%09/elsewhere.invalid/"),
        ("/export/csv/", "/"),
        ("/admin/users/?next=/export/csv/", "/admin/users/?next=/export/csv/"),
    ],
)
def test_what_only_looks_like_a_file_leads_nowhere_else(address: str, page: str, app: Flask) -> None:
    with app.test_request_context(f"/?next={quote(address, safe='')}"):
        assert next_address("web.root") == page
