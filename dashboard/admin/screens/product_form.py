"""The form of a product."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.kit.parsing import read_id
from dashboard.catalogue.models import CURRENCY_LENGTH, NAME_LENGTH, SKU_LENGTH, ProductStatus
from dashboard.catalogue.options import category_names
from dashboard.catalogue.rules import DESCRIPTION_LENGTH, NUMBER_LENGTH, check_product
from dashboard.web.forms import AtMost, NumberField


class ProductForm(RecordForm):
    """The fields of a product; ``catalogue/rules.py`` has the rules for their values."""

    together = (("price", "currency"),)
    beside = ("status", "category")

    name = StringField("Name", [AtMost(NAME_LENGTH)], render_kw={"required": True, "maxlength": NAME_LENGTH})
    sku = StringField(
        "SKU",
        [AtMost(SKU_LENGTH)],
        description="A unique code. Letters, digits and . _ / + -",
        render_kw={
            "required": True,
            "maxlength": SKU_LENGTH,
            "autocapitalize": "characters",
            "spellcheck": "false",
        },
    )
    description = TextAreaField(
        "Description",
        [AtMost(DESCRIPTION_LENGTH)],
        render_kw={"rows": 5, "maxlength": DESCRIPTION_LENGTH},
    )
    price = NumberField(
        "Price",
        [AtMost(NUMBER_LENGTH, written=1)],
        example="12.50",
        render_kw={"required": True, "inputmode": "decimal"},
    )
    currency = StringField(
        "Currency",
        [AtMost(CURRENCY_LENGTH)],
        default="EUR",
        description="Three-letter code. For example, EUR",
        render_kw={
            "required": True,
            "maxlength": CURRENCY_LENGTH,
            "list": "currencies",
            "autocapitalize": "characters",
        },
    )
    stock = NumberField(
        "Stock",
        [AtMost(NUMBER_LENGTH, written=1)],
        default="0",
        render_kw={"required": True, "inputmode": "numeric"},
    )
    status = SelectField("Status", choices=[SelectChoice(s.value, s.capitalize()) for s in ProductStatus])
    category = SelectField("Category")

    checked_fields = ("sku", "name", "description", "price", "currency", "stock", "status")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [
            SelectChoice("", "No category"),
            *(SelectChoice(str(key), name) for key, name in category_names()),
        ]
        self.values: dict[str, Any] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field by the catalogue's rules and store the cleaned values in ``values``."""
        valid: bool = super().validate(extra_validators)
        unrefused = [name for name in self.checked_fields if not self[name].errors]
        checked = check_product({name: self[name].data or "" for name in unrefused})
        for name, error in checked.errors.items():
            self.add_error(error, name)
        self.values = {**checked.values, "category_id": read_id(self.category.data or "")}
        return valid and not checked.errors
