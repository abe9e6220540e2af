"""Cells of the SKU and the category: unique texts, and names of other records."""

from typing import Any

import pytest

from unit.admin.conftest import Make, Stored


@pytest.mark.parametrize("typed", ["Lamps", " lamps ", "{key}"])
def test_category_is_typed_by_its_name_or_number(typed: str, save: Any, make: Make, stored: Stored) -> None:
    category, key = make("categories", "Lamps"), make("products")
    answer = save(key, "category", typed.format(key=category))
    assert (answer.status_code, answer.json["shown"]) == (200, "Lamps")
    assert answer.json["url"] == f"/admin/categories/details/?id={category}"
    assert stored("products", key)["category_id"] == category
    assert save(key, "category", " ").json["shown"] is None
    assert stored("products", key)["category_id"] is None


@pytest.mark.parametrize("typed", ["Lamp", "lamps\0", "99", "9" * 30, "x" * 5000, "٣"])
def test_unknown_category_is_refused(typed: str, save: Any, make: Make, stored: Stored) -> None:
    make("categories", "Lamps")
    key = make("products")
    answer = save(key, "category", typed)
    assert answer.status_code == 422
    assert answer.json["error"].startswith("No category is called “")
    assert len(answer.json["error"]) < 200
    assert stored("products", key)["category_id"] is None


def test_taken_sku_is_refused_at_its_cell(save: Any, make: Make, stored: Stored) -> None:
    make("products", sku="OAK-1")
    key = make("products", sku="OAK-2")
    answer = save(key, "sku", "OAK-1")
    assert answer.status_code == 422
    assert stored("products", key)["sku"] == "OAK-2"
