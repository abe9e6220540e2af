"""The page for users of Django admin: it names every option, and what it names is there."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.admin.record_view.vocabulary import HONOURED
from dashboard.app import create_app
from dashboard.config import Settings
from unit.documents import table

PAGE = "docs/from-django-admin.md"
OWN = {"roles", "flash"}
OPTIONS = """
    actions actions_on_bottom actions_on_top actions_selection_counter autocomplete_fields date_hierarchy
    empty_value_display exclude fields fieldsets filter_horizontal filter_vertical form formfield_overrides
    inlines list_display list_display_links list_editable list_filter list_max_show_all list_per_page
    list_select_related ordering paginator prepopulated_fields preserve_filters radio_fields raw_id_fields
    readonly_fields save_as save_as_continue save_on_top search_fields search_help_text show_facets
    show_full_result_count sortable_by view_on_site
"""
"""The options of ModelAdmin in Django 5.2."""


def test_page_has_every_option_of_a_model_admin() -> None:
    assert {row[0].strip("`") for row in table(PAGE, "Options of ModelAdmin")} == {*OPTIONS.split()}


@pytest.mark.parametrize("title", ["Options of ModelAdmin", "Methods"])
def test_page_names_only_what_a_view_honours(title: str) -> None:
    named = {name for row in table(PAGE, title) for name in re.findall(r"`(\w+)`", row[1])}
    assert named - OWN <= HONOURED


class Base(DeclarativeBase):
    """Tables that Django migrates."""


class Supplier(Base):
    """A supplier."""

    __tablename__ = "django_suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    city: Mapped[str | None] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[str | None] = mapped_column(String(10))
    notes: Mapped[str | None] = mapped_column(String(80))


class Contact(Base):
    """A contact of a supplier."""

    __tablename__ = "django_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(80))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("django_suppliers.id"))


def test_view_on_the_page_starts(settings: Settings, app: Flask) -> None:
    text = (Path(__file__).parents[2] / PAGE).read_text(encoding="utf-8")
    _, after = re.findall(r"```python\n(.*?)```", text, re.S)
    plugin = ModuleType("shop_console")
    vars(plugin).update(RecordView=RecordView, Supplier=Supplier, Contact=Contact)
    exec(after, vars(plugin))
    assert "/admin/django_suppliers/" in map(str, create_app(settings, [plugin]).url_map.iter_rules())
