"""The registry: each kind of record is declared once, for one application."""

from dataclasses import replace

import pytest
from flask import Flask

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product
from dashboard.permissions import Access, grants
from dashboard.registry import registry
from dashboard.trash.models import Trashed
from unit.conftest import MakeApp


def test_every_kind_of_record_is_there_once(context: Flask) -> None:
    assert [record.kind for record in registry()] == ["products", "categories", "users"]


def test_a_kind_is_found_by_its_name_and_by_its_model(context: Flask) -> None:
    assert registry()["users"] is registry().of(User) is registry().get("users")
    assert registry().get("suppliers") is None
    assert registry().find(Trashed) is None


def test_a_model_that_is_no_kind_of_record_is_a_fault(context: Flask) -> None:
    with pytest.raises(LookupError, match="Trashed is no kind of record"):
        registry().of(Trashed)


def test_a_model_that_inherits_from_a_kind_is_of_that_kind(context: Flask) -> None:
    class Part(Product):
        """A product that is mapped to the same table."""

    assert registry().find(Part) is registry().of(Product)


def test_a_kind_is_added_once(context: Flask) -> None:
    with pytest.raises(ValueError, match="a screen for products already"):
        registry().add(replace(registry().of(Product), name="More products"))


def test_two_applications_in_one_process_share_no_kinds(make_app: MakeApp) -> None:
    first, second = make_app(), make_app()
    with first.app_context():
        of_first = registry()
    with second.app_context():
        assert registry() is not of_first
        assert registry()["products"] is not of_first["products"]


def test_a_kind_knows_its_key_its_fields_and_what_they_refer_to(context: Flask) -> None:
    record = registry().of(Product)
    product = Product(id=7, name="Oak Lamp", category_id=3)
    assert record.key_of(product) == 7
    assert record.values(product).keys() == set(record.fields)
    assert record.references == {"category_id": registry().of(Category).kind}


def test_a_kind_has_a_permission_for_each_access(context: Flask) -> None:
    permissions = {registry().of(Product).permission(access) for access in Access}
    assert permissions == {f"products:{word}" for word in ("read", "write", "export", "purge")}


def test_a_kind_that_is_taken_out_leaves_nothing(make_app: MakeApp) -> None:
    with make_app().app_context():
        registry().remove("categories")
        assert registry().get("categories") is None
        assert registry().find(Category) is None
        with pytest.raises(ValueError, match="categories:read"):
            grants().least_role("categories:read")
