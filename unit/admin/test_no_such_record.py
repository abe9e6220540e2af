"""An id that no record has leads to the page Not found, whatever its text."""

import pytest
from flask.testing import FlaskClient

IDS = ["", "0", "999", "1.0", "1e3", "+1", "abc", "1'--", "٣", "%00", "2147483648", "9" * 25, "9" * 5000]


@pytest.mark.parametrize("number", IDS, ids=lambda number: number[:12] or "none")
@pytest.mark.parametrize("what", ["details", "edit", "delete", "history"])
@pytest.mark.parametrize("screen", ["products", "categories", "users"])
def test_unknown_id_is_404(owner: FlaskClient, screen: str, what: str, number: str) -> None:
    answer = owner.get(f"/admin/{screen}/{what}/?id={number}")
    assert answer.status_code == 404
    assert "Not found" in answer.text
