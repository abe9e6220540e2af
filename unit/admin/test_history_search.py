"""The search of the history: a bounded look at the newest changes that the filters leave."""

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.models import User
from dashboard.admin.ledger import history_search
from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.history.models import ChangeKind
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.catalogue import a_category, a_product, products
from unit.admin.ledger import LIST, Write, change, whats
from unit.conftest import ClientAs, CountQueries, Submit
from unit.history.erasing import a_person_who_left, erase

pytestmark = pytest.mark.both_databases

EDITED, CREATED = "Edited product “Oak Lamp”", "Created product “Oak Lamp”"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("oak", [EDITED, EDITED, CREATED]),
        ("OAK lamp", [EDITED, EDITED, CREATED]),
        ("42.50", [EDITED]),
        ("price", [EDITED]),
        ("oak 42.5 price", [EDITED]),
        ("solid", [EDITED]),
        ("spring", [EDITED]),
        ("spring solid", [EDITED]),
        ("summer", []),
        ("as stored", []),
        ("%", []),
    ],
)
def test_search_finds_names_values_fields_and_notes(
    query: str, found: list[str], viewer: FlaskClient, lamp: int, write: Write
) -> None:
    write(change(price=Decimal("42.5")))
    write(change(description="Made of solid elm."), note="Spring sale")
    write(lambda: a_category("Outdoors"))
    assert whats(viewer, f"q={query.replace('%', '%25')}") == found


def test_search_finds_quotes_accents_and_other_scripts(viewer: FlaskClient, lamp: int, write: Write) -> None:
    write(change(description='The "Éclair" \\ 灯'))
    for query in ('"éclair"', "eclair", "%5C", "灯"):
        assert whats(viewer, f"q={query}") == [EDITED], query


def test_search_finds_changes_of_deleted_records_by_name(
    viewer: FlaskClient, lamp: int, write: Write
) -> None:
    write(change(stock=1))
    write(lambda: trash_products([1]))
    write(lambda: a_category("Outdoors"))
    assert whats(viewer, "q=oak") == ["Deleted product “Oak Lamp”", EDITED, CREATED]


def test_search_finds_a_record_within_many_changes(viewer: FlaskClient, write: Write) -> None:
    write(lambda: (products(3), a_product("Elm Lamp")))
    write(lambda: change_products([1, 2, 3, 4], lambda row: {"stock": row["id"] + 50}))
    write(lambda: a_category("Outdoors"))
    assert whats(viewer, "q=elm") == ["Edited 4 products", "Created 4 products"]
    assert whats(viewer, "q=elm&kind=create") == ["Created 4 products"]


def test_search_finds_users_by_what_the_reader_sees(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    with app.app_context():
        an_account("editor")
        the_account("editor").name = "Edith"
        db.session.commit()
    submit(client_as("editor"), "/admin/categories/new/", name="Lamps")
    made = "Created category “Lamps”"
    assert whats(client_as("viewer"), "q=edith") == [made]
    assert whats(client_as("viewer"), "q=editor@example.test") == []
    assert made in whats(client_as("admin"), "q=editor@example.test")


def test_search_does_not_tell_of_hidden_records(client_as: ClientAs, write: Write) -> None:
    admin, viewer = client_as("admin"), client_as("viewer")
    write(lambda: an_account("owner", email="boss@example.test", name="Grace"))
    write(lambda: (an_account(email="ada@example.test"), a_category("Grace")))
    write(lambda: setattr(db.session.query(User).filter_by(email="boss@example.test").one(), "name", "Zoe"))
    assert whats(viewer, "q=ada") == []
    assert whats(viewer, "q=grace") == ["Created category “Grace”"]
    assert whats(admin, "q=zoe") == []
    assert whats(client_as("owner"), "q=zoe")[0] == "Edited account boss@example.test"


def test_search_does_not_find_what_was_erased(app: Flask, client_as: ClientAs) -> None:
    owner = client_as("owner")
    with app.app_context():
        key = a_person_who_left()
    assert len(whats(owner, "q=lovelace")) == 2
    with app.app_context():
        erase(key)
        db.session.commit()
    assert whats(owner, "q=lovelace") == []


def test_search_of_many_changes_says_how_far_it_looked(
    viewer: FlaskClient, lamp: int, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_search, "MOST_LOOKED_AT", 2)
    write(change(stock=1))
    assert "Searched the newest" not in viewer.get(f"{LIST}?q=oak").text
    write(change(stock=2))
    page = viewer.get(f"{LIST}?q=oak").text
    assert "Choose days or other filters to search older ones." in page
    assert whats(viewer, "q=oak") == [EDITED, EDITED]
    assert whats(viewer, "q=oak&kind=create") == [CREATED]
    assert "Searched the newest" not in viewer.get(f"{LIST}?q=oak&kind=create").text


def test_search_is_kept_by_pages_and_chips(viewer: FlaskClient, lamp: int, write: Write) -> None:
    for number in range(12):
        write(change(stock=number + 20), kind=ChangeKind.EDIT)
    page = viewer.get(f"{LIST}?q=oak&size=10").text
    assert "Remove filter Search: oak" in page
    assert "13" in page
    assert len(whats(viewer, "q=oak&size=10&page=2")) == 3


def test_search_takes_a_fixed_number_of_queries(
    client_as: ClientAs, write: Write, count_queries: CountQueries
) -> None:
    client, taken = client_as("owner"), []
    for _ in range(2):
        for _ in range(10):
            write(lambda: a_product("Oak Lamp", category_id=a_category().id))
        with count_queries() as statements:
            assert client.get(f"{LIST}?q=oak&size=100").status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 16, statements
