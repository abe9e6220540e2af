"""The error that a form shows at a field."""

from unit.admin.reading import read


def field_error(html: str, field: str) -> str:
    """Return the error beside the field with this name, empty where there is none."""
    return " ".join(each.text for each in read(html).all(id=f"{field}-error"))
