"""Relations: links from a record to others, and from those back to what refers to them."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ForeignKey, event, insert
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.kit.referrers import MOST_COUNTED, MOST_SCANNED
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, row_titles
from unit.record_view.conftest import As, Secretive, With, logged_in
from unit.record_view.kinds import Base, Country, Supplier
from unit.record_view.stored import COUNTRIES, SUPPLIERS, cell_of, rows

pytestmark = pytest.mark.both_databases


class Narrow(RecordView):
    """Suppliers without those that are not active."""

    def get_query(self) -> Any:
        return super().get_query().filter(Supplier.active)


def links(client: Any, address: str) -> dict[str, str]:
    """The links of a page by their texts, but those to the records in the rows of a list."""
    main = read(client.get(address).text).all("main")[0]
    heads = [link for head in main.all("th") for link in head.all("a")]
    return {link.text: link.attributes["href"] for link in main.all("a") if link not in heads}


def test_cell_of_a_reference_leads_to_its_record(as_role: As) -> None:
    viewer = as_role("viewer")
    found = links(viewer, f"{SUPPLIERS}/?column=country_code&column=parent_id")
    assert found["Germany"] == f"{COUNTRIES}/details/?id=de"
    assert found["Oak & Sons"] == f"{SUPPLIERS}/details/?id=1"
    assert viewer.get(found["Germany"]).status_code == 200


def test_fact_of_a_reference_leads_to_its_record(as_role: As) -> None:
    viewer = as_role("viewer")
    assert links(viewer, f"{SUPPLIERS}/details/?id=1")["Germany"] == f"{COUNTRIES}/details/?id=de"
    assert links(viewer, f"{SUPPLIERS}/details/?id=4")["Oak & Sons"] == f"{SUPPLIERS}/details/?id=1"


def filled(app: Flask) -> Flask:
    """A console with a country and a supplier in it, and a second one that is not active."""
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add_all(
            [
                Supplier(name="Oak", country_code="de"),
                Supplier(name="Elm", country_code="de", active=False, parent_id=1),
            ]
        )
        db.session.commit()
    return app


@pytest.mark.parametrize("page", ["/?column=country_code", "/details/?id=1"])
def test_no_link_leads_where_the_role_may_not_look(console: With, page: str) -> None:
    app = filled(console(lambda: RecordView(Supplier), lambda: Secretive(Country)))
    assert "Germany" not in links(logged_in(app, "viewer"), SUPPLIERS + page)
    assert COUNTRIES not in str(links(logged_in(app, "viewer"), SUPPLIERS + page))
    assert f"{COUNTRIES}/details/?id=de" in links(logged_in(app, "admin"), SUPPLIERS + page).values()


def test_no_link_leads_to_a_kind_without_a_screen(console: With) -> None:
    app = filled(console(lambda: RecordView(Supplier)))
    html = logged_in(app, "viewer").get(f"{SUPPLIERS}/details/?id=1").text
    assert "Germany" in html
    assert COUNTRIES not in html


@pytest.mark.parametrize("page", ["/?column=supplier_id", "/details/?id=2"])
def test_record_outside_the_scope_has_neither_name_nor_link(console: With, page: str) -> None:
    app = filled(console(lambda: Narrow(Supplier), lambda: RecordView(Offer)))
    with app.app_context():
        db.session.add_all(
            [Offer(id=1, name="Desk", supplier_id=1), Offer(id=2, name="Shelf", supplier_id=2)]
        )
        db.session.commit()
    found = links(logged_in(app, "owner"), f"/admin/own_offers{page}")
    assert "Elm" not in found
    assert f"{SUPPLIERS}/details/?id=2" not in found.values()


class Offer(Base):
    """A record with two references to one class, one of them with an index, and one to nothing seen."""

    __tablename__ = "own_offers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("own_suppliers.id"), index=True)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("own_suppliers.id"))
    supplier: Mapped[Supplier | None] = relationship(foreign_keys=[supplier_id])
    second: Mapped[Supplier | None] = relationship(foreign_keys=[second_id])


def test_record_shows_what_refers_to_it_with_its_list(as_role: As) -> None:
    viewer = as_role("viewer")
    found = links(viewer, f"{COUNTRIES}/details/?id=de")
    assert found["1 supplier"] == f"{SUPPLIERS}/?country_code=de"
    assert row_titles(viewer.get(f"{SUPPLIERS}/?country_code=de").text) == ["Oak & Sons"]
    assert row_titles(viewer.get(f"{SUPPLIERS}/?parent_id=1").text) == ["Birch"]
    assert "Referred to by" not in viewer.get(f"{SUPPLIERS}/details/?id=4").text


class Few(RecordView):
    """A list that offers no filter."""

    column_filters = ()
    column_list = ("name", "supplier_id", "second_id")


@pytest.fixture
def offers(console: With) -> Flask:
    """A console with more suppliers than a filter offers, and offers that refer to the last of them."""
    app = console(lambda: RecordView(Supplier), lambda: Few(Offer))
    with app.app_context():
        db.session.add_all([Supplier(id=number, name=f"S{number:03}") for number in range(1, 121)])
        db.session.flush()
        db.session.add_all(
            [Offer(name="Desk", supplier_id=120, second_id=119), Offer(name="Shelf", second_id=120)]
        )
        db.session.commit()
    return app


def test_any_record_can_be_filtered_by_where_none_is_offered(offers: Flask) -> None:
    viewer = logged_in(offers, "viewer")
    html = viewer.get(f"{SUPPLIERS}/details/?id=120").text
    assert re.findall(r"<dt>([^<]+)</dt><dd><a href=\"([^\"]+)\">([^<]+)</a>", html) == [
        ("Offers: Supplier", "/admin/own_offers/?supplier_id=120", "1 offer"),
        ("Offers: Second", "/admin/own_offers/?second_id=120", "1 offer"),
    ]
    html = viewer.get("/admin/own_offers/?second_id=120").text
    assert row_titles(html) == ["Shelf"]
    assert "Remove filter Second: S120" in html
    assert 'name="second_id"' not in viewer.get("/admin/own_offers/").text


@pytest.mark.parametrize("key", ["999", "x", "99999999999999999999", "%00", "1&second_id=2&second_id=x"])
def test_filter_by_a_record_that_is_not_there_is_ignored(offers: Flask, key: str) -> None:
    answer = logged_in(offers, "viewer").get(f"/admin/own_offers/?second_id={key}")
    assert answer.status_code == 200
    assert "This option no longer exists and was ignored." in answer.text


def test_what_refers_to_a_record_is_counted_in_one_statement(offers: Flask) -> None:
    viewer = logged_in(offers, "viewer")
    viewer.get(f"{SUPPLIERS}/details/?id=120")
    asked: list[str] = []
    with offers.app_context():
        listen = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        viewer.get(f"{SUPPLIERS}/details/?id=120")
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len([each for each in asked if "own_offers" in each]) == 1


def test_many_that_refer_to_a_record_are_counted_up_to_a_bound(offers: Flask) -> None:
    with offers.app_context():
        db.session.connection().execute(
            insert(Offer), [{"name": "More", "supplier_id": 1, "second_id": 2}] * (MOST_COUNTED + 1)
        )
        db.session.commit()
    viewer = logged_in(offers, "viewer")
    assert "1,000+ offers" in viewer.get(f"{SUPPLIERS}/details/?id=1").text
    assert "1,000+ offers" in viewer.get(f"{SUPPLIERS}/details/?id=2").text


def test_large_table_is_not_counted_by_a_column_without_an_index(offers: Flask) -> None:
    with offers.app_context():
        db.session.connection().execute(
            insert(Offer), [{"name": "More", "supplier_id": 1}] * (MOST_SCANNED + 1)
        )
        db.session.commit()
    html = logged_in(offers, "viewer").get(f"{SUPPLIERS}/details/?id=120").text
    assert re.findall(r">([^<]+ offers?)</a>", html) == ["1 offer", "Show offers"]


def test_what_the_role_may_not_see_is_not_counted(console: With) -> None:
    app = filled(console(lambda: Secretive(Supplier), lambda: RecordView(Country)))
    assert "Referred to by" not in logged_in(app, "viewer").get(f"{COUNTRIES}/details/?id=de").text
    assert "2 suppliers" in logged_in(app, "admin").get(f"{COUNTRIES}/details/?id=de").text


def test_records_outside_the_scope_are_not_counted(console: With) -> None:
    app = filled(console(lambda: Narrow(Supplier), lambda: RecordView(Country)))
    assert "1 supplier<" in logged_in(app, "owner").get(f"{COUNTRIES}/details/?id=de").text


class Cells(RecordView):
    """Suppliers whose state is edited in the list."""

    column_list = ("name", "active")
    column_editable_list = ("active",)


def test_cell_keeps_a_reference_that_the_user_may_not_see(console: With) -> None:
    app = filled(console(lambda: Cells(Supplier), lambda: Secretive(Country)))
    editor = logged_in(app, "editor")
    sent = cell_of(editor, SUPPLIERS, "active", "no")
    assert editor.post(f"{SUPPLIERS}/cell/", data=sent).status_code == 200
    first = rows(app, Supplier)[0]
    assert (first["active"], first["country_code"]) == (False, "de")
