"""Faults in templates."""

from e2e.faults.fault import Fault

TEMPLATES = {
    "a preview is left for the whole list": Fault(
        "templates/admin/model/bulk_preview.html",
        '<a class="button" href="{{ cancel_url }}">',
        '<a class="button" href="/admin/products/">',
        ("as_editor/test_bulk_edit.py::test_every_way_out_leads_back_to_the_filtered_list",),
    ),
    "the close button of a drawer does nothing": Fault(
        "templates/admin/lib.html",
        'popovertargetaction="hide"',
        'popovertargetaction="show"',
        ("as_editor/test_keyboard.py::test_close_button_of_a_drawer_applies_nothing",),
    ),
}
