"""Saving the cells of the list of products."""

from flask.testing import FlaskClient

from unit.admin.reading import read

ADDRESS = "/admin/products/cell/"


def versions(client: FlaskClient, path: str = "/admin/products/") -> str:
    """The signed versions of the rows of a list."""
    [table] = read(client.get(path).text).all("table", class_="records")
    return table.attributes.get("data-versions", "")
