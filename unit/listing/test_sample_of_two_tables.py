"""An even sample of records that are read from two tables, whose key is no plain integer."""

import pytest
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from werkzeug.datastructures import MultiDict

from dashboard.listing.columns import Column
from dashboard.listing.sample import take_sample
from dashboard.listing.state import Listing, read_state

pytestmark = pytest.mark.both_databases


class Base(DeclarativeBase):
    """Tables that the migrations know nothing of."""


class Beast(Base):
    """A record under a text."""

    __tablename__ = "sampled_beasts"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "beast"}  # noqa: RUF012


class Bird(Beast):
    """A record that has columns of its own."""

    __tablename__ = "sampled_birds"

    code: Mapped[str] = mapped_column(ForeignKey("sampled_beasts.code"), primary_key=True)
    wings: Mapped[int]

    __mapper_args__ = {"polymorphic_identity": "bird"}  # noqa: RUF012


class Egg(Base):
    """A record that refers to another one."""

    __tablename__ = "sampled_eggs"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    bird_code: Mapped[str | None] = mapped_column(ForeignKey("sampled_beasts.code"))
    bird: Mapped[Beast | None] = relationship()


def test_records_with_a_joined_table_are_sampled(shared_session: Session) -> None:
    Base.metadata.create_all(shared_session.connection())
    shared_session.add(Bird(code="B", name="x", wings=2))
    shared_session.flush()
    shared_session.add_all([Egg(code=f"E{number}", bird_code="B") for number in range(40)])
    shared_session.flush()
    columns = [Column("code", "Code", (Egg.code,)), Column("bird", "Bird", (Beast.name,))]
    joins = (Egg.bird.of_type(Beast),)
    listing = Listing(key=Egg.code, title=Egg.code, sort="bird", columns=columns, joins=joins)
    sample = take_sample(shared_session, listing, read_state(listing, MultiDict()), ())
    assert sample.rows == pytest.approx(40, abs=4)
    shared_session.rollback()


def test_records_in_two_tables_are_sampled(shared_session: Session) -> None:
    Base.metadata.create_all(shared_session.connection())
    shared_session.add_all([Bird(code=f"B{number}", name="x", wings=2) for number in range(40)])
    shared_session.add_all([Beast(code=f"A{number}", name="y") for number in range(40)])
    shared_session.flush()
    columns = [Column("name", "Name", (Bird.name,)), Column("wings", "Wings", (Bird.wings,))]
    listing = Listing(key=Bird.code, title=Bird.name, sort="wings", columns=columns)
    sample = take_sample(shared_session, listing, read_state(listing, MultiDict()), ())
    assert sample.rows == pytest.approx(40, abs=4)
    shared_session.rollback()
