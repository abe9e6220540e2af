"""The bound of every input; docs/bounds.md has a row for each."""

from __future__ import annotations

from dashboard.number_form import number_words

ADDRESS_BYTES = 8192  # path and query together; RFC 9110, 4.1, advises servers to take at least 8,000
QUERY_BYTES = 2 * ADDRESS_BYTES  # unpacked: the query of a page, and in it that of the page to go back to
HEADER_BYTES = 8192  # each header
BODY_BYTES = 1024 * 1024  # the longest honest form merges a description of 5,000 characters
BODY_FIELDS = 2000  # of a form; the longest honest one picks 1,000 rows
DRAFT_BYTES = 128 * 1024  # of a stored form; the longest honest one, a merge, is 60,000
PARTS = 1000  # of a form with files
PASTED = 1_000_000  # characters of rows that are pasted into the form of an import; files may be longer
UPLOAD_PARTS = 150  # of a form with files, which may be longer than other bodies
UPLOAD_REST_BYTES = 64 * 1024  # of such a form besides its file: names, a token and the marks between them

LINKS = 500  # records in one collection of a form
TOO_MANY_LINKS = "Enter at most {} records; these are {}."
CHILD_ROWS = 50  # of one class in the form of the record that they belong to
NEW_CHILD_ROWS = 52  # new ones of one class in a form, and the highest number of one: two of them are blank
CHILD_FIELDS = 250  # of the child rows of one class in a form: a merge sends each twice

TRIMMED = 4
"""How many times as long as it may be stored a text may be sent: it is trimmed, and Unicode composes up to
four characters into one."""

SIGNED = 64 * 1024  # the states of the 100 rows of a page, or the texts of a form with many fields
NUMBERS = "dashboard-numbers"
"""The field with the form of numbers in which a page was made."""
PARAMETERS = {
    "csrf_token": 200,
    NUMBERS: 20,
    "matching": 3 * ADDRESS_BYTES,  # the query of a list, whose signs may each be written as three
    "dashboard-opened": SIGNED,
    "dashboard-version": SIGNED,
    "opened": SIGNED,
    "version": SIGNED,
}
"""The longest value, in characters, of the fields that the console's own forms send along. A longer one does
not come from them, so the whole request is refused."""


NUMBER_DIGITS = 9  # of a setting whose highest value has no more


def outside(text: str, lowest: int, highest: int) -> str | None:
    """Say in plain words what `text` must be where it is no whole number in these bounds, or None."""
    digits = max(NUMBER_DIGITS, len(str(highest)))
    is_number = text.isascii() and text.isdigit() and len(text) <= digits
    if is_number and lowest <= int(text) <= highest:
        return None
    return f"must be a whole number from {lowest} to {highest}"


def excess(text: str, longest: int, written: int = 1) -> str | None:
    """Say in plain words that `text` is longer than `longest` characters, or None.

    Text that is still to be trimmed or composed may be `written` times as long.
    """
    if len(text) <= longest * written:
        return None
    return f"Use at most {number_words(longest)} characters; this has {number_words(len(text))}."
