"""The category list."""

from e2e.pages.listing import ListPage


class CategoryListPage(ListPage):
    """What products are sorted into."""

    path = "/admin/categories/"
    title = "Categories"
    singular = "category"
