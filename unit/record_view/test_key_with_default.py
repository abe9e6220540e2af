"""Keys whose column has a default: one that is the same for every row is typed, one that is made is not."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Column, Identity, Integer, MetaData, String, Table, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.database.given_keys import is_given
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base
from unit.record_view.stored import rows

VOUCHERS = "/admin/own_vouchers"


class Voucher(Base):
    """A record whose key is blank unless it is said."""

    __tablename__ = "own_vouchers"

    code: Mapped[str] = mapped_column(String(20), primary_key=True, server_default="")
    note: Mapped[str | None]


@pytest.mark.both_databases
def test_key_with_a_constant_default_is_typed_or_left_blank(console: With) -> None:
    app = console(lambda: RecordView(Voucher))
    editor = logged_in(app, "editor")
    form = record_form(editor.get(f"{VOUCHERS}/new/").text)
    for code in ("A/1", "", "B"):
        assert is_redirect(editor.post(f"{VOUCHERS}/new/", data={**form, "code": code, "note": "x"}))
    assert [row["code"] for row in rows(app, Voucher)] == ["", "A/1", "B"]
    again = editor.post(f"{VOUCHERS}/new/", data={**form, "code": "B"})
    assert field_errors(again.text) == {"code": "This code is already in use."}


@pytest.mark.parametrize(
    ("options", "given"),
    [
        ({"server_default": ""}, False),
        ({"server_default": text("''::character varying")}, False),
        ({"server_default": text("'it''s'::\"char\"")}, False),
        ({"server_default": text("(0)")}, False),
        ({"server_default": text("-1.5::numeric(4, 1)")}, False),
        ({"default": "x"}, False),
        ({}, False),
        ({"server_default": text("nextval('users_seq'::regclass)")}, True),
        ({"server_default": text("'a' || nextval('users_seq')::text")}, True),
        ({"server_default": func.gen_random_uuid()}, True),
        ({"default": lambda: "x"}, True),
    ],
)
def test_key_is_given_where_its_default_differs_in_each_row(options: dict[str, Any], given: bool) -> None:
    table = Table("t", MetaData(), Column("key", String(20), primary_key=True, **options))
    assert is_given(table.c.key) is given


@pytest.mark.parametrize(
    "column",
    [
        Column("key", Integer, primary_key=True),
        Column("key", Integer, Identity(), primary_key=True),
        Column("key", Uuid, primary_key=True, default=uuid4),
    ],
)
def test_key_that_is_counted_or_made_is_given(column: Column[Any]) -> None:
    Table("t", MetaData(), column)
    assert is_given(column)
