"""The verbs on the home for edits that people have a word for, of one record and of many."""

from collections.abc import Callable
from itertools import cycle

import pytest
from flask.testing import FlaskClient

from dashboard.accounts.managing import deactivate_accounts, reactivate_accounts
from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.models import ProductStatus
from dashboard.extensions import db
from dashboard.history.models import ChangeKind, Origin
from dashboard.testing.accounts import the_account
from dashboard.testing.catalogue import a_product
from unit.admin.ledger import Write
from unit.admin.reading import read
from unit.conftest import ClientAs

pytestmark = pytest.mark.both_databases


@pytest.fixture
def lamps(write: Write) -> None:
    write(lambda: [a_product(f"Lamp {number}") for number in (1, 2)])
    write(lambda: change_products([1, 2], lambda _: {"status": ProductStatus.DRAFT}))


def told(client: FlaskClient) -> str:
    """The newest sentence."""
    return read(client.get("/admin/").text).all("ol", class_="activity")[0].all("li")[0].all("p")[0].text


def setting(keys: list[int], *statuses: ProductStatus) -> Callable[[], object]:
    turns = cycle(statuses)
    return lambda: change_products(keys, lambda _: {"status": next(turns)})


@pytest.mark.usefixtures("lamps")
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ProductStatus.ARCHIVED, "archived {}"),
        (ProductStatus.ACTIVE, "activated {}"),
        (ProductStatus.DRAFT, "moved {} to draft"),
    ],
)
def test_status_is_told_by_its_verb(
    status: ProductStatus, words: str, viewer: FlaskClient, write: Write
) -> None:
    if status is ProductStatus.DRAFT:
        write(setting([1, 2], ProductStatus.ACTIVE))
    write(setting([1, 2], status), origin=Origin.BULK)
    assert told(viewer).endswith(words.format("2 products"))


@pytest.mark.usefixtures("lamps")
def test_status_of_one_product_is_told_by_its_verb(viewer: FlaskClient, write: Write) -> None:
    write(setting([1], ProductStatus.ARCHIVED))
    assert told(viewer).endswith("archived product “Lamp 1”")


@pytest.mark.usefixtures("lamps")
def test_different_statuses_are_not_told_as_one(viewer: FlaskClient, write: Write) -> None:
    write(setting([1, 2], ProductStatus.ARCHIVED, ProductStatus.ACTIVE), origin=Origin.LIST)
    assert told(viewer).endswith("changed the status of 2 products")


@pytest.mark.usefixtures("lamps")
def test_other_fields_beside_the_status_are_named(viewer: FlaskClient, write: Write) -> None:
    both = {"status": ProductStatus.ARCHIVED, "stock": 99}
    write(lambda: change_products([1, 2], lambda _: both), origin=Origin.BULK)
    assert told(viewer).endswith("changed the stock and status of 2 products")


@pytest.mark.usefixtures("lamps")
def test_undone_archiving_is_no_archiving(viewer: FlaskClient, write: Write) -> None:
    write(setting([1, 2], ProductStatus.ARCHIVED), kind=ChangeKind.UNDO, origin=Origin.BULK)
    assert "archived" not in told(viewer)


def test_deactivated_accounts_are_told_by_their_verb(client_as: ClientAs, write: Write) -> None:
    owner = client_as("owner")
    write(lambda: [the_account("viewer"), the_account("editor")])

    def accounts() -> list[object]:
        return [db.session.merge(the_account(role)) for role in ("viewer", "editor")]

    write(lambda: deactivate_accounts(the_account("owner"), accounts()), origin=Origin.BULK)
    assert told(owner).endswith("deactivated 2 accounts")
    write(lambda: reactivate_accounts(the_account("owner"), accounts()[:1]))
    assert told(owner).endswith("reactivated account viewer@example.test")
