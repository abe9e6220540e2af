"""The answers of the command palette: only what the user may open."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from unit.admin.conftest import Make
from unit.admin.reading import read
from unit.conftest import ClientAs, CountQueries

ADDRESS = "/admin/palette/"
FOR_ALL = ("Home", "History", "Jobs", "Products", "Categories")
FOR_ADMINS = [*FOR_ALL, "Trash", "Users", "Security log", "Profile"]
SCREENS = {
    "viewer": [*FOR_ALL, "Profile"],
    "editor": [*FOR_ALL, "Trash", "Profile"],
    "admin": FOR_ADMINS,
    "owner": FOR_ADMINS,
}
IMPORTS = ["Import products", "Import categories"]
ACTIONS = {
    "viewer": [],
    "editor": ["New product", "New category", *IMPORTS],
    "admin": ["New product", "New category", "Invite user", *IMPORTS],
    "owner": ["New product", "New category", "Invite user", *IMPORTS],
}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eevil\u202c",
    "{{ 7*7 }}",
    "100 %",
)


def groups(client: FlaskClient, query: str = "") -> dict[str, list[dict[str, str]]]:
    """The items of each group that the palette shows."""
    answer: Any = client.get(ADDRESS, query_string={"q": query} if query else {}).json
    return {group["name"]: group["items"] for group in answer["groups"]}


def labels(client: FlaskClient, query: str) -> list[str]:
    """The names of the records that a query finds."""
    return [item["label"] for item in groups(client, query).get("Records", [])]


@pytest.mark.parametrize("role", SCREENS)
def test_empty_query_lists_screens_and_actions_of_the_role(role: str, client_as: ClientAs) -> None:
    found = groups(client_as(role))
    assert [item["label"] for item in found["Screens"]] == SCREENS[role]
    assert [item["label"] for item in found.get("Actions", [])] == ACTIONS[role]


@pytest.mark.parametrize("role", SCREENS)
def test_every_address_of_the_palette_opens(role: str, client_as: ClientAs, make: Make) -> None:
    make("products", "Oak Lamp")
    make("categories", "Oak things")
    client = client_as(role)
    found = [*groups(client).values(), *groups(client, "oak").values()]
    addresses = [item["url"] for items in found for item in items]
    assert len(addresses) >= 6
    assert {client.get(address).status_code for address in addresses} == {200}


def test_answer_is_json_and_not_cached(client_as: ClientAs) -> None:
    answer = client_as("viewer").get(ADDRESS)
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("role", "seen"), [("viewer", 0), ("editor", 0), ("admin", 1), ("owner", 2)])
def test_users_are_found_only_by_roles_that_see_them(
    role: str, seen: int, client_as: ClientAs, make: Make
) -> None:
    make("users", "viewer", email="kim.viewer@example.test")
    make("users", "owner", email="kim.owner@example.test")
    assert len(labels(client_as(role), "kim")) == seen


def test_exact_match_comes_first(client_as: ClientAs, make: Make) -> None:
    make("products", "A lamp like LMP-1", sku="OTHER")
    make("products", "Another", sku="LMP-10")
    make("products", "Zinc Lamp", sku="LMP-1")
    [first, *rest] = groups(client_as("viewer"), "lmp-1")["Records"]
    assert (first["label"], first["hint"]) == ("Zinc Lamp", "Product · LMP-1")
    assert len(rest) == 2


def test_eight_records_are_shown_with_room_for_each_kind(client_as: ClientAs, make: Make) -> None:
    for number in range(10):
        make("products", f"Oak {number}")
    make("categories", "Oak things")
    make("users", email="oak@example.test")
    found = labels(client_as("admin"), "oak")
    assert len(found) == 8
    assert found[-2:] == ["Oak things", "oak@example.test"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_found_and_shown_unchanged(name: str, client_as: ClientAs, make: Make) -> None:
    make("products", name)
    make("products", "Another")
    assert labels(client_as("viewer"), name) == [name]


@pytest.mark.parametrize("query", ["%", "_", "'", "\\", "nothing like it", "x" * 5000, "\0zz", "\ud7ff"])
def test_query_without_results_gets_an_empty_answer(query: str, client_as: ClientAs, make: Make) -> None:
    make("products", "Oak Lamp")
    assert labels(client_as("viewer"), query) == []


@pytest.mark.parametrize("query", [" ", "\0", "\u200b ", "\u0301", "\u3164"])
def test_invisible_query_finds_no_record(query: str, client_as: ClientAs, make: Make) -> None:
    make("products", "Oak Lamp")
    assert labels(client_as("viewer"), query) == []


def test_search_takes_as_many_queries_for_many_records_as_for_one(
    client_as: ClientAs, make: Make, count_queries: CountQueries
) -> None:
    client = client_as("owner")
    costs = []
    for number in range(9):
        make("products", f"Oak {number}")
        client.get(ADDRESS)
        with count_queries() as statements:
            client.get(f"{ADDRESS}?q=oak")
        costs.append(len(statements))
    assert costs == [costs[0]] * 9


def test_records_that_begin_with_the_query_come_first(client_as: ClientAs, make: Make) -> None:
    for name in ("Soft broak", "Lamp of oak", "Oak lamp"):
        make("products", name)
    assert labels(client_as("viewer"), "oak") == ["Oak lamp", "Lamp of oak", "Soft broak"]


def test_each_line_has_the_symbol_of_its_screen(client_as: ClientAs, make: Make) -> None:
    make("products", "Oak Lamp")
    client = client_as("owner")
    [record] = groups(client, "oak")["Records"]
    assert record["icon"] == "box"
    symbols = client.get(re.findall(r"/static/icons[^#\"]+", client.get("/profile").text)[0]).text
    found = {item["icon"] for items in groups(client).values() for item in items}
    assert all(f'id="{name}"' in symbols for name in found)


@pytest.mark.parametrize(("role", "offered"), [("viewer", False), ("editor", True)])
def test_page_offers_its_export_to_those_who_may(
    role: str, offered: bool, client_as: ClientAs, make: Make
) -> None:
    make("products", "Oak Lamp")
    page = read(client_as(role).get("/admin/products/?q=oak").text)
    links = [link.attributes for link in page.all("a") if "data-offer" in link.attributes]
    assert [link["data-offer"] for link in links] == (["Export CSV", "Export as…"] if offered else [])
    assert all("q=oak" in link["href"] for link in links)


@pytest.mark.parametrize("path", ["/logout", "/mode"])
def test_action_of_the_palette_is_refused_without_a_token(path: str, client_as: ClientAs) -> None:
    client = client_as("viewer")
    assert client.get(path).status_code == 405
    assert client.post(path, data={"mode": "dark"}).status_code == 400
    assert client.get("/admin/products/").status_code == 200
