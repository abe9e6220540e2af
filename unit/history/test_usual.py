"""Fields that the history keeps of a model without a declaration."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Computed, ForeignKey, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy.orm import registry as mapping

from dashboard.catalogue.models import Product
from dashboard.database.recorded import BY_MODEL
from dashboard.database.secret_columns import sounds_secret
from dashboard.history.usual import label_of, usual_recorded
from dashboard.registry import Recorded, registry
from unit.conftest import MakeApp
from unit.trash.parks import Garden, Keeper
from unit.trash.shops import Shop, a_kind


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("unit_price", "Unit price"),
        ("UnitPrice", "Unit price"),
        ("supplier_id", "Supplier"),
        ("SupplierId", "Supplier"),
        ("id", "ID"),
        ("SKU", "SKU"),
        ("vat_no", "VAT no"),
        ("address2", "Address2"),
        ("名", "名"),
    ],
)
def test_label_is_made_of_the_name(name: str, label: str) -> None:
    assert label_of(name) == label


@pytest.mark.security(52)
@pytest.mark.parametrize(
    ("name", "is_so"),
    [
        ("password", True),
        ("password_hash", True),
        ("PasswordHash", True),
        ("passwordHash2", True),
        ("api_key", True),
        ("APIKey", True),
        ("private_key", True),
        ("otp_seed", True),
        ("pin", True),
        ("content_hash", True),
        ("secretary_id", False),
        ("tokens_used", False),
        ("spinning", False),
        ("key", False),
        ("public_key", False),
    ],
)
def test_secret_is_told_by_whole_words(name: str, is_so: bool) -> None:
    assert sounds_secret(name) == is_so


def a_model() -> type[Any]:
    """A model that nobody declared, with columns that are not recorded."""
    mapped, model = mapping(), type("T", (), {})
    columns = [
        Column("id", Integer, primary_key=True),
        Column("unit_price", Integer),
        Column("double", Integer, Computed("unit_price * 2")),
        Column("picture", LargeBinary),
        Column("token", String),
        Column("content_hash", String),
        Column("secret_id", ForeignKey("t.id")),
    ]
    mapped.map_imperatively(model, Table("t", MetaData(), *columns))
    return model


def test_plain_columns_are_recorded_but_no_secret(context: Flask) -> None:
    found = usual_recorded(a_model(), not_secret=["content_hash"])
    assert found.fields == {"unit_price": "Unit price", "content_hash": "Content hash", "secret_id": "Secret"}


def test_key_and_version_are_not_recorded_and_inherited_fields_are(context: Flask) -> None:
    assert usual_recorded(Keeper).fields == {"name": "Name", "park_code": "Park code"}
    assert [*usual_recorded(Garden).fields] == ["name", "kind", "inside", "roses"]


def test_secret_is_masked_only_where_it_is_one(context: Flask) -> None:
    assert a_kind().masked == {"api_key"}
    assert a_kind(recorded=Recorded({"api_key": "Key"}, not_secret=["api_key"])).masked == set()
    assert registry().of(Product).masked == set()


def test_model_without_a_declaration_is_a_fault(context: Flask) -> None:
    with pytest.raises(LookupError, match="Nothing declares which fields of Shop the history records"):
        a_kind(recorded=BY_MODEL)


def test_field_that_the_model_lacks_is_a_fault(context: Flask) -> None:
    with pytest.raises(LookupError, match="Shop has no field colours that can be recorded"):
        a_kind(recorded=Recorded({"colours": "Colours"}))


@pytest.mark.security(89)
def test_people_have_no_trash(context: Flask) -> None:
    with pytest.raises(LookupError, match="shops are people: the trash would"):
        a_kind(recorded=Recorded({"name": "Name"}, personal=True))


def test_two_applications_record_different_fields(make_app: MakeApp) -> None:
    first, second = make_app(), make_app()
    for app, names in ((first, {"name": "Name"}), (second, {"code": "Code"})):
        with app.app_context():
            registry().add(a_kind(recorded=Recorded(names)))
    for app, names in ((first, {"name"}), (second, {"code"})):
        with app.app_context():
            assert registry()["shops"].fields.keys() == names


def test_old_values_are_remembered_once_per_attribute(make_app: MakeApp) -> None:
    numbers = []
    for app in (make_app(), make_app()):
        with app.app_context():
            registry().add(a_kind(recorded=Recorded({"name": "Name"})))
        numbers.append(len([*Shop.name.dispatch.set]))
    assert numbers[0] == numbers[1]
