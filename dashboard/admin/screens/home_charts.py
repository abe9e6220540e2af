"""The charts of the home: products by category, and by the week in which they were added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from flask import url_for
from sqlalchemy import ScalarSelect, func, select

from dashboard.catalogue.models import Category, Product, ProductTally
from dashboard.extensions import db
from dashboard.preferences import preferences
from dashboard.words import MONTHS
from dashboard.zones import day_start, today

WEEKS = 8
BARS = 8


@dataclass(frozen=True)
class Point:
    """One value of a chart, with the address of the list that shows it."""

    label: str
    value: int
    url: str | None


@dataclass(frozen=True)
class Chart:
    """A chart; ``kind`` is ``bars`` or ``line``, ``note`` explains its points.

    ``more`` is the number of groups that have no bar, in the list at ``more_url``; the last point of a line
    is of a period that is ``unfinished``, or not.
    """

    title: str
    kind: str
    points: list[Point]
    note: str = ""
    more: int = 0
    more_url: str = ""
    unfinished: bool = False


def products_by_category() -> Chart:
    """The largest categories, each with the address of its products."""
    held = func.sum(ProductTally.products)
    rows = db.session.execute(
        select(Category.id, Category.name, held, func.count().over())
        .join(ProductTally, ProductTally.category_id == Category.id)
        .group_by(Category.id, Category.name, Category.name_key)
        .having(held > 0)
        .order_by(held.desc(), Category.name_key)
        .limit(BARS)
    ).all()
    points = [Point(name, int(number), products_address(category=key)) for key, name, number, _ in rows]
    more = rows[0][3] - len(rows) if rows else 0
    return Chart("Products by category", "bars", points, more=more, more_url=url_for("categories.index_view"))


def last_weeks() -> list[date]:
    """The Mondays of the last weeks, and that of this one."""
    day = today()
    monday = day - timedelta(days=day.weekday())
    return [monday - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]


def products_by_week(weeks: Sequence[date], added: Sequence[int]) -> Chart:
    """The products added in each week from one of these Mondays, with the address of each list."""
    points = [
        Point(f"{week.day} {MONTHS[week.month]}", int(count), _of_week(week))
        for week, count in zip(weeks, added, strict=True)
    ]
    where = " (UTC)" if preferences().is_utc else ""
    note = f"Weeks start on Monday{where}. The last one is not over yet."
    return Chart("Products added by week", "line", points, note, unfinished=True)


def _of_week(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    return products_address(created_from=monday.isoformat(), created_to=sunday.isoformat())


def added_in(weeks: Sequence[date]) -> list[ScalarSelect[int]]:
    """The columns that count the products added in the week from each of these Mondays."""
    ends = [*map(day_start, [*weeks, weeks[-1] + timedelta(weeks=1)])]
    in_week = [(Product.created_at >= start) & (Product.created_at < end) for start, end in pairwise(ends)]
    # Each week is counted in the index, instead of testing every row for all weeks.
    return [select(func.count()).where(condition).scalar_subquery() for condition in in_week]


def products_address(**query: Any) -> str:
    """The address of the list of products with these filters."""
    return url_for("products.index_view", **query)
