"""The home of the console: what needs attention, key figures and the newest changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView
from sqlalchemy import ColumnElement, ScalarSelect, case, func, select, true

from dashboard import clock
from dashboard.accounts.models import User
from dashboard.accounts.names import PERSON, called, visible_accounts
from dashboard.accounts.people import Person
from dashboard.admin.kit.gate import Gate, route
from dashboard.admin.ledger.feed import newest_changes
from dashboard.admin.screens.cards import shown_cards
from dashboard.admin.screens.first_steps import first_steps, hide_first_steps
from dashboard.admin.screens.home_charts import (
    added_in,
    last_weeks,
    products_address,
    products_by_category,
    products_by_week,
)
from dashboard.admin.screens.products import LOW_STOCK
from dashboard.catalogue.models import Category, Product, ProductStatus, ProductTally
from dashboard.catalogue.skus import clashing
from dashboard.catalogue.tallies import NO_CATEGORY_ID
from dashboard.extensions import db
from dashboard.listing.conditions import unindexed
from dashboard.number_form import number_words
from dashboard.permissions import HOME_READ, Access, Role
from dashboard.registry import registry
from dashboard.web.returning import redirect_to
from dashboard.words import noun_for

PERIOD = timedelta(days=30)
PERIOD_NAME = "last 30 days"
RECENT = 5
WORTH_COUNTING = 10_000
"""Products are counted up to this number: nobody handles more one by one, and counting takes long."""


@dataclass(frozen=True)
class Attention:
    """A line that needs attention, with the address of the list that shows it."""

    text: str
    url: str
    tone: str


@dataclass(frozen=True)
class Figure:
    """A number, its change and the period of the change."""

    label: str
    value: str
    change: str | None
    period: str | None
    url: str


@dataclass(frozen=True)
class RecentUser:
    """A user who registered recently."""

    who: Person
    role: Role
    created_at: datetime
    url: str


class HomeView(Gate, AdminIndexView):  # type: ignore[misc]
    """The first screen of the console."""

    def is_accessible(self) -> bool:
        """Whether the home can be opened."""
        return self.allows("index")

    @route("/", HOME_READ)
    def index(self) -> ResponseReturnValue:
        """Show the home."""
        weeks = last_weeks()
        counts = count_products(added_in(weeks))
        return self.render(  # type: ignore[no-any-return]
            "admin/index.html",
            steps=first_steps(),
            attention=attention(counts),
            figures=figures(counts),
            charts=[products_by_category(), products_by_week(weeks, counts[-len(weeks) :])],
            recent=recent_users() if registry().of(User).allows(Access.READ) else None,
            changes=newest_changes(),
            cards=shown_cards(),
        )

    @route("/first-steps/hide/", HOME_READ, methods=("POST",))
    def hide_steps(self) -> ResponseReturnValue:
        """Hide the first steps from the current user."""
        hide_first_steps()
        db.session.commit()
        flash("First steps hidden.", "success")
        return redirect_to(url_for(".index"))


def count_products(more: Sequence[ScalarSelect[int]] = ()) -> Any:
    """Count the products for all parts of the home, in one query that reads few of them.

    `more` are the last columns.
    """
    # Most products are active: without this SQLite would not begin with the low stock.
    is_active = unindexed(Product.status.expression) == ProductStatus.ACTIVE
    added = select(func.count()).where(Product.created_at >= clock.now() - PERIOD)

    def tallied(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, ProductTally.products), else_=0)), 0)

    return db.session.execute(
        select(
            tallied(true()).label("all"),
            tallied(ProductTally.status == ProductStatus.ACTIVE).label("active"),
            tallied(ProductTally.status == ProductStatus.DRAFT).label("drafts"),
            tallied(ProductTally.category_id == NO_CATEGORY_ID).label("uncategorised"),
            added.scalar_subquery().label("added"),
            _counted(is_active, Product.stock == 0).label("out"),
            _counted(is_active, Product.stock.between(1, LOW_STOCK)).label("low"),
            select(func.count()).select_from(clashing().subquery()).scalar_subquery().label("clashing"),
            *more,
        )
    ).one()


def _counted(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """The number of products that meet `conditions`, up to one more than are worth counting."""
    found = select(Product.id).where(*conditions).limit(WORTH_COUNTING + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def attention(counts: Any) -> list[Attention]:
    """The lines that need attention, the most urgent first."""
    found = (
        (counts.out, "active {} out of stock", "bad", {"status": "active", "stock": "out"}),
        (counts.low, "active {} low on stock", "warn", {"status": "active", "stock": "low"}),
        (counts.clashing, "{} whose SKUs differ only in case", "warn", {"sku": "clashing"}),
        (counts.uncategorised, "{} without a category", "neutral", {"category": "none"}),
    )
    return [
        Attention(
            f"{_at_most(number)} {words.format(noun_for(number, 'product'))}",
            products_address(**query),
            tone,
        )
        for number, words, tone, query in found
        if number
    ]


def _at_most(number: int) -> str:
    return number_words(number) if number <= WORTH_COUNTING else f"Over {number_words(WORTH_COUNTING)}"


def figures(counts: Any) -> list[Figure]:
    """The four figures."""
    return [
        Figure("Products", number_words(counts.all), _change(counts.added), PERIOD_NAME, products_address()),
        Figure(
            "Active",
            number_words(counts.active),
            _share(counts.active, counts.all),
            "of all",
            products_address(status="active"),
        ),
        Figure(
            "Drafts",
            number_words(counts.drafts),
            _share(counts.drafts, counts.all),
            "of all",
            products_address(status="draft"),
        ),
        people_figure() if registry().of(User).allows(Access.READ) else categories_figure(),
    ]


def people_figure() -> Figure:
    """The number of users, and of new ones."""
    recent = func.coalesce(func.sum(case((User.created_at >= clock.now() - PERIOD, 1), else_=0)), 0)
    everyone, new = db.session.execute(
        select(func.count(), recent).select_from(User).where(*visible_accounts())
    ).one()
    return Figure("Users", number_words(everyone), _change(new), PERIOD_NAME, url_for("users.index_view"))


def categories_figure() -> Figure:
    """The number of categories, for users who may not see users."""
    number = db.session.scalar(select(func.count()).select_from(Category)) or 0
    return Figure("Categories", number_words(number), None, None, url_for("categories.index_view"))


def recent_users() -> list[RecentUser]:
    """The users who registered last."""
    rows = db.session.execute(
        select(*PERSON, User.created_at)
        .where(*visible_accounts())
        .order_by(User.created_at.desc(), User.id.desc())
        .limit(RECENT)
    )
    return [
        RecentUser(called(*account), account[3], created, url_for("users.details_view", id=account[0]))
        for *account, created in rows
    ]


def _change(number: int) -> str:
    return f"+{number_words(number)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"
