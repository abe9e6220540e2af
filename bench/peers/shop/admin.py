"""Django's own list with the columns, search and filters that ours has."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from bench.pages import PAGE_SIZE
from bench.peers.shop.models import Product

LOW_STOCK = 5


class StockFilter(admin.SimpleListFilter):
    """How much there is; Django's own filter of a number would list every amount that occurs."""

    title = "stock"
    parameter_name = "stock"

    def lookups(self, _request: Any, _admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("out", "Out of stock"), ("low", "Low"), ("in", "In stock")]

    def queryset(self, _request: Any, queryset: Any) -> Any:
        """Narrow the list to the choice."""
        choices = {
            "out": {"stock": 0},
            "low": {"stock__range": (1, LOW_STOCK)},
            "in": {"stock__gt": LOW_STOCK},
        }
        return queryset.filter(**choices.get(self.value(), {}))


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """The list of products."""

    list_per_page = PAGE_SIZE
    list_display = ("name", "sku", "category", "price", "stock", "status", "created_at")
    list_select_related = ("category",)
    search_fields = ("name", "sku")
    list_filter = ("status", "category", StockFilter, "created_at")
