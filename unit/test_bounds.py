"""Every input has a bound that docs/bounds.md tells."""

import re

import click
from flask import Flask

from dashboard import bounds
from dashboard.accounts.login.forms import LoginForm
from dashboard.admin.features.export_files import MOST_BYTES
from dashboard.admin.ledger.history_list import LISTING as HISTORY
from dashboard.admin.screens.categories import CategoryView
from dashboard.admin.screens.products import ProductView
from dashboard.admin.screens.trash import TrashView
from dashboard.admin.screens.users import UserView
from dashboard.config import KNOWN
from dashboard.importing.archive import DIRECTORY_BYTES, MOST_ENTRIES, UNPACKED
from dashboard.sheets.limits import NAME_LENGTH, ROW_LENGTH, Limits
from dashboard.variables import PREFIX
from dashboard.web.forms import BoundedForm
from unit.declared import (
    ADDRESSES,
    ALONG,
    ARCHIVES,
    BASES,
    COMMAND_ROWS,
    COMMANDS,
    FIELDS,
    FORMS,
    HEADERS,
    SETTINGS,
    TABLES,
    WHOLE,
    fields,
    forms,
    longest,
    named,
    read_by_name,
)

LISTINGS = [HISTORY, *(view.listing for view in (ProductView, CategoryView, UserView, TrashView))]


def number(text: str) -> int | None:
    """The first number of a cell."""
    found = re.search(r"\d[\d,]*", text)
    return int(found[0].replace(",", "")) if found else None


def test_every_form_has_its_address_and_every_field_its_row() -> None:
    assert set(forms()) - BASES == set(FORMS)
    declared = {(address, name) for form, address in FORMS.items() for name in fields(form)}
    assert declared == named("Fields that people fill in")


def test_every_form_looks_at_lengths_first_but_that_for_logging_in() -> None:
    unbounded = [form for form in forms() if form not in BASES and not issubclass(form, BoundedForm)]
    assert unbounded == [LoginForm]


def test_every_text_has_the_bound_that_its_row_tells() -> None:
    told = {(row[0], row[1]): number(row[2]) for row in FIELDS if row[0] != "/login"}
    declared = {
        (where, name): longest(form, name)
        for form, where in FORMS.items()
        for name in fields(form)
        if form is not LoginForm
    }
    assert declared == told


def test_every_name_that_the_code_reads_from_a_request_has_a_row() -> None:
    told = {row[1] for row in [*ADDRESSES, *FIELDS, *ALONG]} | {row[0] for row in HEADERS}
    read = set(read_by_name())
    assert {"q", "next", "rowid", "matching", "page_size", "Origin"} <= read
    assert read - told == set()


def test_every_filter_and_part_of_an_address_has_a_row(app: Flask) -> None:
    told = {row[1] for row in ADDRESSES}
    facets = [facet for listing in LISTINGS for facet in listing.facets]
    read = {
        f"{facet.name}{suffix}"
        for facet in facets
        for suffix in [f"_{name}" for name, _ in getattr(facet, "suffixes", ())] or [""]
    }
    parts = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    assert (read | parts) - told == set()


def test_every_setting_has_a_row() -> None:
    assert {row[0] for row in SETTINGS} == {PREFIX + name for name in KNOWN}


def test_every_parameter_of_a_command_has_a_row() -> None:
    declared = {(name, str(each.name)) for name, command in COMMANDS.items() for each in command.params}
    assert declared == named("Commands")


def test_every_text_of_a_command_has_the_bound_that_its_row_tells() -> None:
    told = {(row[0], row[1]): number(row[2]) for row in COMMAND_ROWS}
    for name, command in COMMANDS.items():
        for each in command.params:
            assert not isinstance(each.type, click.types.StringParamType), f"{name}: {each.name} has no bound"
            if longest := getattr(each.type, "longest", None):
                assert longest == told[name, str(each.name)], f"{name}: {each.name}"


def test_the_bounds_of_requests_are_those_of_the_code() -> None:
    code = [bounds.ADDRESS_BYTES, bounds.HEADER_BYTES, bounds.BODY_BYTES, bounds.BODY_FIELDS, bounds.PARTS]
    assert [number(row[1]) for row in WHOLE] == code
    along = {row[1]: number(row[2]) for row in ALONG}
    assert {name: along[name] for name in bounds.PARAMETERS} == bounds.PARAMETERS


def test_the_limits_of_files_with_tables_are_those_of_the_code() -> None:
    most = Limits()
    of_settings = [most.bytes, most.rows, most.columns, most.cell_length, most.seconds]
    told = [number(row[1]) for row in TABLES]
    assert told == [*of_settings, most.cells, ROW_LENGTH, NAME_LENGTH]


def test_bounds_of_zips_are_told() -> None:
    told = {row[0]: number(row[1]) for row in ARCHIVES}
    assert (told["its entries"], told["its directory"]) == (MOST_ENTRIES, DIRECTORY_BYTES)
    assert (told["an exported ZIP"], told["the files in it"]) == (MOST_BYTES, MOST_ENTRIES - 1)
    assert (
        f"{'ten' if UNPACKED == 10 else UNPACKED} times"
        in dict(row[:2] for row in ARCHIVES)["all entries, unpacked"]
    )
