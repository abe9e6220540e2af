"""The words about records that referred to a deleted one."""

import pytest
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base, Country
from unit.record_view.stored import COUNTRIES, rows

pytestmark = pytest.mark.both_databases


class Trip(Base):
    """A record that refers to two records of one kind."""

    __tablename__ = "own_trips"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    from_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))
    to_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))

    start: Mapped[Country | None] = relationship(foreign_keys=[from_code])
    goal: Mapped[Country | None] = relationship(foreign_keys=[to_code])


def test_record_that_refers_by_two_fields_is_counted_once(console: With) -> None:
    app = console(lambda: RecordView(Country), lambda: RecordView(Trip))
    with app.app_context():
        db.session.add_all([Country(code="de", name="Germany"), Country(code="fr", name="France")])
        db.session.flush()
        db.session.add(Trip(name="Round", from_code="de", to_code="de"))
        db.session.add(Trip(name="There", from_code="de", to_code="fr"))
        db.session.commit()
    editor, address = logged_in(app, "editor"), f"{COUNTRIES}/delete/?id=de"
    fields = record_form(editor.get(address).text)
    cleared = {name: "clear" for name in fields if name.startswith("how-")}
    assert is_redirect(editor.post(address, data={**fields, **cleared}))
    said = flashes(editor.get(f"{COUNTRIES}/").text)
    assert said == [("success", "Country “Germany” deleted. 2 trips changed.")]
    assert [(row["from_code"], row["to_code"]) for row in rows(app, Trip)] == [(None, None), (None, "fr")]
