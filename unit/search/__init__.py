"""The search, on SQLite and on PostgreSQL."""

import pytest

pytest.register_assert_rewrite("unit.search.searching")
