"""Views with attributes that a test declares."""

from typing import Any

from dashboard.admin.record_view.view import RecordView


def declared(**attributes: Any) -> type[RecordView]:
    """A class with these attributes."""
    return type("SupplierView", (RecordView,), attributes)
