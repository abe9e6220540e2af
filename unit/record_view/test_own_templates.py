"""Templates that a view names itself."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from dashboard.admin.record_view.own_templates import NAMES
from dashboard.admin.record_view.view import RecordView
from unit.record_view.conftest import logged_in
from unit.record_view.kinds import Country
from unit.record_view.stored import COUNTRIES


def named(attribute: str, template: str) -> Callable[[], Any]:
    return lambda: type("CountryView", (RecordView,), {attribute: template})(Country)


@pytest.mark.parametrize("attribute", NAMES)
def test_template_that_does_not_exist_stops_the_start(console: Callable[..., Flask], attribute: str) -> None:
    line = (
        f"CountryView.{attribute} names list.html, which does not exist. Add its folder by console.templates."
    )
    with pytest.raises(Exception, match="does not exist") as refused:
        console(named(attribute, "list.html"))
    assert str(refused.value).endswith(line)


def test_template_that_exists_is_taken(console: Callable[..., Flask]) -> None:
    app = console(named("create_template", "admin/model/edit.html"))
    assert logged_in(app, "editor").get(f"{COUNTRIES}/").status_code == 200
