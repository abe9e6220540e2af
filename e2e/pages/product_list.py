"""The product list."""

from e2e.pages.listing import ListPage


class ProductListPage(ListPage):
    """The list that people land on."""

    path = "/admin/products/"
    title = "Products"
    singular = "product"
