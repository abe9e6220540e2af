"""The pages of suppliers, a kind of record that a plug-in adds."""

from typing import ClassVar

from e2e.pages.listing import ListPage
from e2e.pages.record_form import RecordFormPage


class SupplierListPage(ListPage):
    """The list of suppliers."""

    path = "/admin/own_suppliers/"
    title = "Suppliers"
    singular = "supplier"


class SupplierFormPage(RecordFormPage):
    """Create or edit a supplier."""

    path = "/admin/own_suppliers/"
    singular = "supplier"
    labels: ClassVar[dict[str, str]] = {
        name.lower(): name for name in ("Name", "City", "Credit", "Since", "Called", "Terms", "State")
    }
