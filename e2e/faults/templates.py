"""Faults in templates."""

from e2e.faults.fault import Fault

TEMPLATES = {
    "a preview is left for the whole list": Fault(
        "templates/admin/model/bulk_preview.html",
        '<a class="button" href="{{ cancel_url }}">',
        '<a class="button" href="/admin/products/">',
        ("as_editor/test_bulk_edit.py::test_every_way_out_leads_back_to_the_list_as_it_was_filtered",),
    ),
    "the close button of a drawer does nothing": Fault(
        "templates/admin/lib.html",
        'popovertargetaction="hide"',
        'popovertargetaction="show"',
        ("as_editor/test_keyboard.py::test_a_drawer_is_closed_by_its_button_and_nothing_is_applied",),
    ),
    "a long change leads to the whole list": Fault(
        "templates/admin/model/bulk_progress.html",
        'href="{{ back_url }}"',
        'href="/admin/products/"',
        ("as_editor/test_bulk_edit.py::test_every_way_out_leads_back_to_the_list_as_it_was_filtered",),
    ),
    "the progress is not announced": Fault(
        "templates/admin/model/bulk_progress.html",
        ' aria-live="polite"',
        "",
        ("as_editor/test_bulk_edit.py::test_a_long_change_tells_how_far_it_is_and_can_be_undone",),
    ),
}
