"""The length of every text is checked before anything else reads it."""

import pytest
from flask import Flask
from wtforms import StringField

from dashboard.accounts.flows import normalise_email
from dashboard.catalogue.rules import check_product, clean_name
from dashboard.refusal import Refusal
from dashboard.web.forms import BoundedForm


def test_form_refuses_a_text_field_without_a_maximum(context: Flask) -> None:
    class Unbounded(BoundedForm):
        name = StringField()

    with context.test_request_context(), pytest.raises(TypeError, match=r"Unbounded\.name"):
        Unbounded()


@pytest.mark.parametrize("text", ["a" * 10**6, "a." * 10**5 + "@b.cc", "é" * 10**6, f"{'a' * 250}@b.cc"])
def test_email_length_is_checked_before_it_is_parsed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("dashboard.accounts.flows.validate_email", lambda text, **_: read.append(text))
    with pytest.raises(Refusal, match="at most 254"):
        normalise_email(text)
    assert read == []


@pytest.mark.parametrize("field", ["sku", "name", "description", "price", "currency", "stock", "status"])
def test_length_is_checked_before_normalising(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    composed: list[str] = []
    monkeypatch.setattr("unicodedata.normalize", lambda _form, text: composed.append(text) or text)
    assert field in check_product({field: "e\u0301" * 10**6}).errors
    assert composed == []


def test_text_that_fits_after_normalising_is_accepted() -> None:
    assert clean_name("e\u0301" * 200 + " " * 400) == "é" * 200
    with pytest.raises(Refusal, match="Use at most 200 characters; this has 201"):
        clean_name("e\u0301" * 201)


@pytest.mark.parametrize("text", ["EUR" + " " * 20 + "x", "EUR" + " " * 10**6])
def test_text_beyond_a_maximum_is_refused_not_cut(text: str) -> None:
    assert "currency" in check_product({"currency": text}).errors
