"""Records that others refer to, and the answers to the question before one of them is deleted."""

from typing import Any

from flask import Flask
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import read, record_form
from unit.record_view.conftest import With
from unit.record_view.kinds import Base, Country, Supplier
from unit.record_view.stored import rows


class Branch(Base):
    """A record that has to have a supplier and may have a country."""

    __tablename__ = "own_branches"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("own_suppliers.id"))
    country_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))
    supplier: Mapped[Supplier] = relationship()
    country: Mapped[Country | None] = relationship()


def branches(console: With, *views: Any) -> Flask:
    """A console with branches in a country that suppliers are in as well."""
    return with_branches(console(lambda: RecordView(Supplier), lambda: RecordView(Country), *views))


def with_branches(app: Flask) -> Flask:
    """A console that gets branches, their suppliers and their countries."""
    with app.app_context():
        db.session.add_all([Country(code="de", name="Germany"), Country(code="fr", name="France")])
        db.session.flush()
        db.session.add_all([Supplier(name="Oak", country_code="de"), Supplier(name="Elm")])
        db.session.flush()
        db.session.add_all(
            [
                Branch(name="East", supplier_id=1, country_code="de"),
                Branch(name="West", supplier_id=1, country_code="de"),
            ]
        )
        db.session.commit()
    return app


def stored(app: Flask) -> dict[str, Any]:
    """The references of suppliers and branches, and the countries."""
    return {
        "countries": [row["code"] for row in rows(app, Country)],
        "suppliers": [row["country_code"] for row in rows(app, Supplier)],
        "branches": [(row["supplier_id"], row["country_code"]) for row in rows(app, Branch)],
    }


def answered(client: Any, address: str, **answers: str) -> Any:
    """The answer to a question that is answered by the fields of its form."""
    return client.post(address, data={**record_form(client.get(address).text), **answers})


def undone(client: Any, page: str) -> None:
    """Undo what the message on a page tells."""
    [undo] = [
        form
        for form in read(client.get(page).text).all("form")
        if form.attributes["action"].endswith("/undo/")
    ]
    client.post(undo.attributes["action"], data=undo.fields)


def fields_of(html: str) -> dict[str, str]:
    """The names of the inputs of a question, by their labels; without the reason."""
    main = read(html).all("main")[0]
    inputs = {
        each.attributes["id"]: each.attributes["name"]
        for each in main.all()
        if "name" in each.attributes and "id" in each.attributes
    }
    return {
        label.text: inputs[label.attributes["for"]] for label in main.all("label") if label.text != "Reason"
    }
