"""The products of a long list."""

from datetime import UTC, datetime

from dashboard.catalogue.models import ProductStatus

ROWS = 600

DAY = datetime(2026, 3, 31, tzinfo=UTC)

STATUSES = [ProductStatus.ACTIVE] * 8 + [ProductStatus.ARCHIVED] + [ProductStatus.DRAFT]
