"""An id that no record has is a page that says so, whatever is written in its place."""

import pytest
from flask.testing import FlaskClient

IDS = ["", "0", "999", "1.0", "1e3", "+1", "abc", "1'--", "٣", "%00", "2147483648", "9" * 25, "9" * 5000]


@pytest.mark.parametrize("number", IDS, ids=lambda number: number[:12] or "none")
@pytest.mark.parametrize("what", ["details", "edit", "delete", "history"])
def test_an_id_of_nothing_is_not_found(owner: FlaskClient, what: str, number: str) -> None:
    for screen in ("products", "categories", "users"):
        answer = owner.get(f"/admin/{screen}/{what}/?id={number}")
        assert answer.status_code == 404, screen
        assert "Not found" in answer.text
