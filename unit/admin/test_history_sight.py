"""Who sees which changes in the history, and in how many queries."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import text

from dashboard.accounts.models import User
from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.listing.tuning import USUAL
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.ledger import LIST, Write, cells, change, details, diffs, titles, whats
from unit.admin.reading import read
from unit.conftest import ClientAs, CountQueries, Submit


def test_changes_of_users_are_hidden_from_viewers_and_editors(
    client_as: ClientAs, write: Write, lamp: int
) -> None:
    only = write(lambda: an_account(email="ada@example.test"))
    mixed = write(lambda: (an_account(email="grace@example.test"), a_product("Elm Lamp")))
    for role in ("viewer", "editor"):
        client = client_as(role)
        assert whats(client) == ["Created product “Elm Lamp”", "Created product “Oak Lamp”"]
        assert client.get(f"{LIST}details/?id={only}").status_code == 404
        page = client.get(f"{LIST}details/?id={mixed}").text
        assert "grace@" not in page
        assert len(read(page).all("h3")) == 1
        assert cells(read(client.get(LIST).text))[-1] == "1"
        assert client.get("/admin/users/history/?id=1").status_code == 403
        for query in ("of=users", "record=users:1"):
            assert "This option no longer exists" in client.get(f"{LIST}?{query}").text


def test_admins_see_changes_of_users_that_they_see(client_as: ClientAs, app: Flask, write: Write) -> None:
    admin = client_as("admin")
    seen = write(lambda: an_account(email="ada@example.test"))
    hidden = write(lambda: an_account("owner", email="boss@example.test"))
    both = write(
        lambda: [setattr(user, "name", "X") for user in db.session.query(User) if user.role != "admin"]
    )
    page = admin.get(LIST).text
    assert "boss@" not in page
    assert titles(page)[:2] == ["Edited account ada@example.test", "Created account ada@example.test"]
    assert admin.get(f"{LIST}details/?id={seen}").status_code == 200
    assert admin.get(f"{LIST}details/?id={hidden}").status_code == 404
    assert len(details(admin, both).all("h3")) == 1
    owner = client_as("owner")
    assert whats(owner, "size=50&record=users:3")[:1] == ["Edited 2 accounts"]
    assert admin.get("/admin/users/history/?id=3").status_code == 404
    assert "option no longer exists" in admin.get(f"{LIST}?record=users:3").text
    assert owner.get("/admin/users/history/?id=3").status_code == 200


def test_only_owners_see_changes_of_deleted_users(client_as: ClientAs, write: Write) -> None:
    admin, owner = client_as("admin"), client_as("owner")
    write(lambda: an_account(email="ada@example.test"))
    gone = write(lambda: db.session.delete(db.session.query(User).filter_by(email="ada@example.test").one()))
    assert "ada@" not in admin.get(LIST).text
    assert admin.get(f"{LIST}details/?id={gone}").status_code == 404
    assert admin.get("/admin/users/history/?id=3").status_code == 404
    assert whats(owner)[0] == "Deleted account ada@example.test"
    assert diffs(details(owner, gone))[0] == ("Email", "ada@example.test")
    assert owner.get("/admin/users/history/?id=3").status_code == 200


def test_authors_of_hidden_changes_only_are_not_offered_as_filter(
    app: Flask, client_as: ClientAs, submit: Submit, write: Write, lamp: int
) -> None:
    owner, viewer = client_as("owner"), client_as("viewer")
    submit(owner, "/admin/users/new/", email="a@example.test", role="viewer")
    with app.app_context():
        key = the_account("owner").id
    assert f"Account no. {key}" not in viewer.get(LIST).text
    assert "option no longer exists" in viewer.get(f"{LIST}?person={key}").text
    submit(owner, "/admin/categories/new/", name="Lamps")
    assert f"Account no. {key}" in viewer.get(LIST).text


@pytest.mark.parametrize("role", ["viewer", "admin", "owner"])
@pytest.mark.parametrize(
    "query", ["", "kind=edit&origin=command&person=nobody&when_from=2020-01-01", "of=products"]
)
def test_page_takes_as_many_queries_for_100_sets_as_for_ten(
    role: str, query: str, client_as: ClientAs, write: Write, count_queries: CountQueries
) -> None:
    client, taken = client_as(role), []
    for more in (10, 90):
        for _ in range(more):
            key = write(lambda: a_product(category_id=a_category().id))
            write(lambda: change_products([1], lambda row: {"stock": row["stock"] + 1}))
        with count_queries() as statements:
            assert client.get(f"{LIST}?{query}&size=100").status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 8, statements
    with count_queries() as statements:
        details(client, key)
    assert len(statements) <= 6, statements


def test_timeline_takes_few_queries(
    client_as: ClientAs, write: Write, lamp: int, count_queries: CountQueries
) -> None:
    client = client_as("owner")
    write(lambda: a_category("Lamps"))
    for number in range(20):
        write(change(price=Decimal(number + 20), category_id=1 if number % 2 else None))
    write(lambda: trash_products([1]))
    with count_queries() as statements:
        client.get("/admin/products/history/?id=1")
    assert len(statements) <= 8, statements  # one of them looks into the trash


FORM_SETS = text(
    "INSERT INTO change_sets (id, at, author_id, kind, origin, request_id, note)"
    " VALUES (:id, :at, NULL, 'edit', 'form', '', '')"
)
FORM_CHANGES = text(
    "INSERT INTO changes (change_set_id, record_kind, record_id, action, fields, digest)"
    " VALUES (:id, :kind, 1, 'change', '{}', :digest)"
)


@pytest.mark.sqlite
@pytest.mark.parametrize("role", ["viewer", "admin", "owner"])
@pytest.mark.parametrize("query", ["", "of=products", "kind=edit", "of=categories", "person=nobody"])
def test_page_among_many_sets_is_read_in_index_order(
    role: str, query: str, app: Flask, client_as: ClientAs, count_queries: CountQueries
) -> None:
    client = client_as(role)
    with app.app_context():
        rows = [
            {"id": n, "at": f"2026-01-01 00:00:{n % 60:02}.000000", "kind": "products", "digest": b""}
            for n in range(100, 100 + USUAL.exact_count_limit + 500)
        ]
        db.session.execute(FORM_SETS, rows)
        db.session.execute(FORM_CHANGES, [*rows, {**rows[7], "kind": "categories"}])
        db.session.commit()
    with count_queries() as statements:
        answer = client.get(f"{LIST}?{query}")
    assert len(titles(answer.text)) == (1 if query == "of=categories" else 25)
    assert len(statements) <= 7, statements
    plans = {sql: plan_of(app, sql) for sql in statements if "FROM change_sets" in sql}
    assert plans
    for sql, plan in plans.items():
        assert not [step for step in plan if step.startswith("SCAN changes")], (sql, plan)
        if "ORDER BY" in sql and "FROM step" not in sql and query != "of=categories":  # a sample is sorted
            assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (sql, plan)


def plan_of(app: Flask, sql: str) -> list[str]:
    """The query plan of SQLite for a statement without parameters."""
    with app.app_context():
        nothing = tuple([None] * sql.count("?"))
        return [
            row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", nothing)
        ]
