"""Contracts of suppliers, which lists reach through: to-one in two steps, and to many."""

from datetime import date

from flask import Flask
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.record_view.kinds import Base, Country, Supplier

CONTRACTS = "/admin/own_contracts"


class Contract(Base):
    """A record that may refer to another, and that many others refer to."""

    __tablename__ = "own_contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("own_suppliers.id"))

    supplier: Mapped[Supplier | None] = relationship()
    marks: Mapped[list["Mark"]] = relationship(back_populates="contract")


class Mark(Base):
    """A record of which a contract has many."""

    __tablename__ = "own_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    checked: Mapped[bool] = mapped_column(default=False)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("own_contracts.id"))

    contract: Mapped[Contract | None] = relationship(back_populates="marks")


class ContractView(RecordView):
    """Contracts with filters by columns of others."""

    column_filters = (
        "supplier.city",
        Supplier.active,
        "supplier.grade",
        "supplier.rating",
        "supplier.since",
        "supplier.country.name",
        "supplier.country",
        "supplier.parent.name",
        "marks.name",
    )
    column_labels = {"supplier.city": "Town"}  # noqa: RUF012
    column_default_sort = "name"


def filled(app: Flask) -> Flask:
    """A console with suppliers, one of them in a country, and contracts, one of them without supplier."""
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        oak = {"city": "Bonn", "country_code": "de", "rating": 4.5, "grade": "FIRST"}
        db.session.add(Supplier(id=1, name="Oak", since=date(2026, 1, 1), **oak))
        db.session.flush()
        db.session.add(Supplier(id=2, name="Elm", city="Koeln", active=False, rating=2, parent_id=1))
        db.session.flush()
        named = {"A": 1, "B": 1, "C": 2, "D": None}
        db.session.add_all([Contract(name=name, supplier_id=key) for name, key in named.items()])
        db.session.flush()
        marks = ((1, "Blue"), (1, "Bluer"), (1, "Red"), (2, "Red"), (3, "Blue"))
        db.session.add_all([Mark(name=name, contract_id=key, checked=name == "Red") for key, name in marks])
        db.session.commit()
    return app
