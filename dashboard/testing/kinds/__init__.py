"""Checks of the kinds of records that a plug-in adds, for the tests of its author; see docs/plugins.md."""

from dashboard.testing.kinds.checking import check_kinds
from dashboard.testing.kinds.consoles import client_as, console_for_tests, store

__all__ = ["check_kinds", "client_as", "console_for_tests", "store"]
