"""The places of fields in a form: in one row with those they belong to, or beside the others."""

import pytest

from dashboard.admin.record_view.view import RecordView
from unit.admin.reading import read
from unit.record_view.conftest import With, logged_in
from unit.record_view.declared import declared
from unit.record_view.kinds import Supplier


class Placed(RecordView):
    """Suppliers whose city and country stand in one row, and whose terms stand beside the rest."""

    form_columns = ("name", "terms", "city", "country")
    form_together = (("city", "country"),)
    form_beside = ("terms",)


@pytest.mark.parametrize("path", ["new/", "edit/?id=1"])
def test_fields_stand_in_one_row_or_beside_the_others(path: str, console: With) -> None:
    app = console(lambda: Placed(Supplier))
    editor = logged_in(app, "editor")
    fields = {**read(editor.get("/admin/own_suppliers/new/").text).fields, "name": "Oak"}
    editor.post("/admin/own_suppliers/new/", data=fields)
    page = read(editor.get(f"/admin/own_suppliers/{path}").text)
    [row] = page.all("div", class_="group")
    assert [label.text for label in row.all("label")] == ["City", "Country"]
    [places] = page.all("div", class_="fields")
    main, beside = places.all("div", class_="card")
    assert [label.text for label in beside.all("label")] == ["Terms"]
    assert "Terms" not in [label.text for label in main.all("label")]


@pytest.mark.parametrize(("attribute", "value"), [("form_together", (("cty",),)), ("form_beside", ("cty",))])
def test_name_that_is_no_column_stops_the_start(attribute: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{attribute} names cty, which is no column of Supplier"):
        declared(**{attribute: value})(Supplier)


@pytest.mark.parametrize(
    ("attribute", "value"), [("form_together", ("city", "country")), ("form_beside", "city")]
)
def test_names_that_are_no_list_stop_the_start(attribute: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{attribute} has to be a list of"):
        declared(**{attribute: value})(Supplier)
