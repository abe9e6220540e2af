"""The writing of an import: the ledger, the search and the tallies, and rows that another user prevents."""

import pytest
from sqlalchemy import func, select

from dashboard.catalogue.importing import NOT_STORED, ProductImporter
from dashboard.catalogue.models import Category, Product, ProductStatus, ProductTally
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.importing.fields import Does, RowRefused
from dashboard.search.index import TrigramIndex
from dashboard.testing.catalogue import a_category, a_product
from dashboard.testing.statements import counted
from unit.catalogue.importing import LAMP, Row, checked, imported, number_of_products, product
from unit.history.reading import change_sets, lines
from unit.history.replaying import replayed, stored

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("context")]
SEARCH = TrigramIndex(Product.id, Product.search_text, "product_search", exact=Product.sku_key)


def rows(number: int) -> list[Row]:
    """Rows of new products."""
    return [{**LAMP, "sku": f"LMP-{each:04}", "name": f"Lämpchen {each}"} for each in range(number)]


def tallies() -> dict[ProductStatus, int]:
    """How many products have each status, as the database has counted."""
    found = select(ProductTally.status, func.sum(ProductTally.products)).group_by(ProductTally.status)
    return {status: int(number) for status, number in db.session.execute(found) if number}


@pytest.mark.parametrize("number", [1, 30, 600])
def test_import_is_one_change_set_from_which_all_can_be_read(number: int) -> None:
    imported(*rows(number))
    changes = [{**row, "stock": str(at), "name": f"Lamp {at}"} for at, row in enumerate(rows(number), 1)]
    assert imported(*changes) == [Does.CHANGE] * number
    first, second = change_sets()
    assert (first.kind, second.kind) == ("create", "edit")
    assert [action for _, _, action, *_ in lines()] == ["create"] * number + ["change"] * number
    assert lines()[-1][3:] == (
        2,
        {"name": (f"Lämpchen {number - 1}", f"Lamp {number}"), "stock": (0, number)},
    )
    assert verify(db.session).faults == []
    assert replayed() == stored()


def test_imported_products_are_found_and_counted_at_once() -> None:
    imported(*rows(40))
    imported({"sku": "LMP-0017", "name": "Leuchte", "status": "active"})
    for words, skus in (("lmp-0016", ["LMP-0016"]), ("leuchte", ["LMP-0017"]), ("lampchen 17", [])):
        its = select(Product.sku).where(SEARCH.found(SEARCH.words(words)))
        assert db.session.scalars(its).all() == skus
    assert tallies() == {ProductStatus.DRAFT: 39, ProductStatus.ACTIVE: 1}


def test_row_whose_sku_was_just_taken_is_named_and_nothing_is_stored() -> None:
    found = checked(*rows(40))
    a_product(sku="lmp-0017")
    db.session.commit()
    begin_write(db.session)
    with pytest.raises(RowRefused, match="Another product has the SKU lmp-0017") as refused:
        ProductImporter().write(found)
    db.session.rollback()
    assert (refused.value.number, number_of_products()) == (2 + 17, 1)
    assert verify(db.session).faults == []


def test_row_whose_category_was_just_deleted_is_named() -> None:
    gone = a_category("Lamps")
    a_product(sku="LMP-0003")
    db.session.commit()
    found = checked(rows(1)[0], *({**row, "category": "Lamps"} for row in rows(4)[2:]))
    db.session.delete(gone)
    db.session.commit()
    begin_write(db.session)
    with pytest.raises(RowRefused, match="This category no longer exists") as refused:
        ProductImporter().write(found)
    db.session.rollback()
    assert (refused.value.number, number_of_products()) == (3, 1)


def test_row_whose_new_category_was_just_added_is_named() -> None:
    found = checked(rows(1)[0], {**rows(2)[1], "category": "Lamps"}, related=("category",))
    a_category("LAMPS")
    db.session.commit()
    begin_write(db.session)
    with pytest.raises(RowRefused, match="“LAMPS” looks the same") as refused:
        ProductImporter().write(found)
    assert refused.value.number == 3


def test_new_category_that_another_row_or_user_added_since_is_used() -> None:
    found = checked(*({**row, "category": "Lamps"} for row in rows(3)), related=("category",))
    begin_write(db.session)
    for each in found:
        with db.session.begin_nested():
            ProductImporter().write([each])
    db.session.commit()
    assert {each.name for each in db.session.scalars(select(Category))} == {"Lamps"}
    assert {product(row["sku"]).category_id for row in rows(3)} == {1}
    assert (len(change_sets()), verify(db.session).faults) == (1, [])


def test_rows_that_the_database_refuses_otherwise_are_not_stored() -> None:
    found = checked(*rows(3))
    found[1].data.values["stock"] = -1
    begin_write(db.session)
    with pytest.raises(RowRefused) as refused:
        ProductImporter().write(found)
    db.session.rollback()
    assert (refused.value.number, str(refused.value), number_of_products()) == (2, NOT_STORED, 0)


def test_many_rows_are_checked_by_the_statements_of_few() -> None:
    counts = []
    for number in (3, 30):
        with counted() as statements:
            checked(*rows(number), *({"sku": f"LMP-1{each}", "category": "Lamps"} for each in range(number)))
        counts.append(len(statements))
    assert counts == [3, 3]
