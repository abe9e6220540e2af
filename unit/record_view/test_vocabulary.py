"""Every public name of Flask-Admin's `ModelView` is honoured, or refused with a line at the start."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_admin.contrib.sqla import ModelView

from dashboard.admin.record_view.view import RecordView
from dashboard.admin.record_view.vocabulary import HONOURED, REFUSED, VIEWS, faults
from unit.record_view.declared import declared
from unit.record_view.kinds import Line, Supplier

DOCS = Path(__file__).parents[2] / "docs"
PUBLIC = sorted(name for name in dir(ModelView) if not name.startswith("_"))


def test_every_name_of_flask_admin_is_in_exactly_one_of_the_tables() -> None:
    tables = [HONOURED, REFUSED.keys(), VIEWS]
    assert {name: sum(name in table for table in tables) for name in PUBLIC} == dict.fromkeys(PUBLIC, 1)


@pytest.mark.parametrize("name", [name for name in PUBLIC if name not in HONOURED])
def test_name_that_is_not_honoured_is_refused_with_a_line(name: str) -> None:
    [line] = faults(declared(**{name: object()}), RecordView)
    assert line.startswith(f"SupplierView.{name} is not supported. ")
    assert line.endswith(".")


def test_mistyped_name_is_refused_with_the_right_one() -> None:
    assert [*faults(declared(column_serchable_list=["name"]), RecordView)] == [
        "SupplierView.column_serchable_list does not exist. Did you mean column_searchable_list?"
    ]


def test_names_of_ones_own_and_views_of_the_base_are_no_fault() -> None:
    class Middle(RecordView):
        singular = "supplier"

        def discount(self) -> int:
            return 3

    assert [*faults(type("SupplierView", (Middle,), {"column_list": ["name"]}), RecordView)] == []


def test_method_that_lets_requests_pass_is_not_replaced() -> None:
    assert [*faults(declared(_handle_view=lambda _self, _name: None), RecordView)] == [
        "SupplierView._handle_view is the console's own. "
        "Use roles, which say who may read and write, and get_query, which says what."
    ]


def test_inner_name_of_the_console_is_refused() -> None:
    own = {"_form": None, "_filtered_posts": None}
    assert [*faults(declared(**own), RecordView)] == [
        "SupplierView._form is the console's own. Use another name."
    ]


def test_attribute_in_a_class_between_is_refused_too() -> None:
    middle = declared(create_modal=True)
    assert [*faults(type("SupplierView", (middle,), {}), RecordView)] == [
        "SupplierView.create_modal is not supported. Forms are pages."
    ]


def test_attribute_set_to_its_default_is_no_fault() -> None:
    view = declared(create_modal=False, export_types=["csv"], simple_list_pager=False, search_placeholder="")
    lines = [*faults(view, RecordView)]
    assert [line.split()[0] for line in lines] == ["SupplierView.search_placeholder"]


def test_records_without_pages_are_refused() -> None:
    assert [*faults(declared(can_view_details=True), RecordView)] == []
    assert [*faults(declared(can_view_details=False), RecordView)] == [
        "SupplierView.can_view_details is false. Records have pages: use column_details_list."
    ]


@pytest.mark.parametrize(
    ("view", "model", "line"),
    [
        (
            RecordView,
            Line,
            "Line has a key of several columns. "
            "Name it in inline_models of the screen whose records its rows belong to.",
        ),
        (RecordView, str, "str is no mapped class."),
        (
            declared(column_list=["nme"]),
            Supplier,
            "SupplierView.column_list names nme, which is no column of Supplier.",
        ),
        (
            declared(column_editable_list=["name"]),
            Supplier,
            "SupplierView.column_editable_list names name, "
            "which is the link to the record: it is edited in the form.",
        ),
        (
            declared(column_default_sort=[("name", True), ("city", False)]),
            Supplier,
            "SupplierView.column_default_sort names several columns. Name one.",
        ),
    ],
)
def test_declaration_that_cannot_be_is_refused(
    context: Flask, view: type[RecordView], model: type[Any], line: str
) -> None:
    with pytest.raises(ValueError, match=f"^{line}$"):
        view(model)


def test_page_for_users_of_flask_admin_has_every_name() -> None:
    page = (DOCS / "from-flask-admin.md").read_text(encoding="utf-8")
    honoured, rest = page.split("## Refused")
    refused, _ = rest.split("## Flask-Admin's examples")
    assert {*re.findall(r"^\| `(\w+)` \|", honoured, re.M)} == HONOURED
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", refused, re.M)) == REFUSED
