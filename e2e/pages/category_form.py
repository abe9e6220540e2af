"""The form of a category."""

from typing import ClassVar

from e2e.pages.record_form import RecordFormPage


class CategoryFormPage(RecordFormPage):
    """Create or edit a category."""

    path = "/admin/categories/"
    singular = "category"
    labels: ClassVar[dict[str, str]] = {"name": "Name"}
