"""The search on SQLite; `unit/postgres/test_postgres_search.py` runs the same tests on PostgreSQL."""

import pytest

pytest.register_assert_rewrite("unit.search.searching")
