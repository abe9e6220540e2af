"""Changes of any kind of record are in the history, secrets masked, and statements are refused."""

from typing import Any

import pytest
from sqlalchemy import JSON, delete, insert, select, update
from sqlalchemy.orm.attributes import flag_modified

from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.history.recording import UnrecordedError
from dashboard.history.values import MASK
from dashboard.refusal import Refusal
from dashboard.registry import Record
from unit.trash.shopping import KEY, VALUES, a_shop, last_pairs, stored, undo
from unit.trash.shops import Shop

pytestmark = pytest.mark.both_databases


@pytest.mark.security(52)
def test_secret_is_recorded_without_its_value(shops: Record) -> None:
    shop = a_shop()
    assert last_pairs()["api_key"] == (None, MASK)
    assert "picture" not in last_pairs()
    shop.api_key = "other"
    db.session.commit()
    assert last_pairs() == {"api_key": (MASK, MASK)}
    with pytest.raises(Refusal, match="had another API key, which the history does not have"):
        undo()
    db.session.rollback()
    everything = " ".join(str(change.fields) for change in db.session.scalars(select(Change)))
    assert VALUES["api_key"] not in everything
    assert "other" not in everything
    assert shop.api_key == "other"


def test_changed_secret_is_no_obstacle_to_its_neighbours(shops: Record) -> None:
    shop = a_shop()
    shop.api_key, shop.name = "other", "Oak"
    db.session.commit()
    change = db.session.scalars(select(Change.id).order_by(Change.id.desc())).first()
    assert undo(change_id=change, field="name") == 1
    assert (shop.name, shop.api_key) == (VALUES["name"], "other")


@pytest.mark.parametrize(
    "statement", [update(Shop).values(name="Oak"), delete(Shop), insert(Shop).values(name="Oak")]
)
def test_statement_past_the_history_is_refused_in_words(shops: Record, statement: Any) -> None:
    a_shop()
    with pytest.raises(Refusal, match="This would change Shops without recording it") as raised:
        db.session.execute(statement)
    assert isinstance(raised.value, UnrecordedError)
    assert raised.value.code == 409


def test_old_value_is_recorded_for_an_object_that_was_not_read(shops: Record) -> None:
    a_shop()
    db.session.expire_all()
    shop = db.session.get_one(Shop, KEY)
    db.session.expire(shop)
    shop.name = "Oak"
    db.session.commit()
    assert last_pairs() == {"name": (VALUES["name"], "Oak")}


def test_value_that_the_database_computes_is_recorded(shops: Record) -> None:
    shop = a_shop(big=5)
    shop.big = Shop.big + 1  # type: ignore[assignment]
    db.session.commit()
    assert last_pairs() == {"big": (5, 6)}


def test_value_that_is_changed_in_place_is_recorded(shops: Record) -> None:
    shop = a_shop()
    shop.facts["b"] = 2
    flag_modified(shop, "facts")
    db.session.commit()
    before = VALUES["facts"]
    assert last_pairs() == {"facts": ({"a": [1, None, "x"]}, {"a": [1, None, "x"], "b": 2})}
    assert undo() == 1
    assert shop.facts == before


def test_null_of_json_that_stays_is_not_recorded_as_written(shops: Record) -> None:
    shop = a_shop(facts=JSON.NULL)
    before = stored()
    db.session.expire_all()
    assert shop.facts is None
    shop.name = "Oak"
    db.session.commit()
    assert last_pairs() == {"name": (VALUES["name"], "Oak")}
    assert undo() == 1
    assert stored() == before
