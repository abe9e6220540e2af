"""The form of a product."""

from typing import ClassVar

from e2e.pages.record_form import RecordFormPage


class ProductFormPage(RecordFormPage):
    """Create or edit a product: `fill(sku="A-1", name="Lamp", price="9.50")`."""

    path = "/admin/products/"
    singular = "product"
    labels: ClassVar[dict[str, str]] = {
        "name": "Name",
        "sku": "SKU",
        "description": "Description",
        "price": "Price",
        "currency": "Currency",
        "stock": "Stock",
        "status": "Status",
        "category": "Category",
    }
