"""The category list."""

from e2e.pages.listing import ListPage


class CategoryListPage(ListPage):
    """The list of categories."""

    path = "/admin/categories/"
    title = "Categories"
    singular = "category"
