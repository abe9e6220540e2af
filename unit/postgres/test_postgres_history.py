"""The history on PostgreSQL, where editors write side by side."""

from unit.history.test_chain import (
    test_an_untouched_history_is_whole,
    test_line_82_whoever_changes_the_history_is_found_out,
    test_line_89_what_was_said_of_a_person_is_erased_and_the_chain_stays_whole,
    written,
)
from unit.history.test_editors import test_no_change_is_lost_by_the_ledgers_own_account
from unit.history.test_recording import (
    test_a_change_by_statement_keeps_each_row,
    test_line_82_a_change_that_cannot_be_recorded_is_not_made,
    test_line_82_the_database_refuses_to_change_the_history,
    test_line_89_erasing_a_person_takes_nothing_but_what_was_said,
)
from unit.history.test_replay import start_over, test_the_ledger_replays_to_what_there_is

__all__ = [
    "start_over",
    "test_a_change_by_statement_keeps_each_row",
    "test_an_untouched_history_is_whole",
    "test_line_82_a_change_that_cannot_be_recorded_is_not_made",
    "test_line_82_the_database_refuses_to_change_the_history",
    "test_line_82_whoever_changes_the_history_is_found_out",
    "test_line_89_erasing_a_person_takes_nothing_but_what_was_said",
    "test_line_89_what_was_said_of_a_person_is_erased_and_the_chain_stays_whole",
    "test_no_change_is_lost_by_the_ledgers_own_account",
    "test_the_ledger_replays_to_what_there_is",
    "written",
]
