"""Our example kinds pass the checks that authors of plug-ins call, except where a line says why."""

import pytest
from flask import Flask

from dashboard.testing.kinds import check_kinds


@pytest.mark.parametrize("check", ["access", "queries", "forms", "conflict", "undo", "statements"])
def test_example_kinds_pass_the_checks_of_authors(suppliers: Flask, check: str) -> None:
    check_kinds(suppliers, only=[check])
