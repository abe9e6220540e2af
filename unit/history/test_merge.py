"""The outcome of merging three versions, field by field."""

import pytest

from dashboard.history.merge import Outcome, left_to_choice, outcome


@pytest.mark.parametrize(
    ("opened", "theirs", "yours", "expected"),
    [
        ("a", "a", "a", Outcome.UNTOUCHED),
        ("a", "b", "b", Outcome.BOTH),
        ("a", "b", "a", Outcome.THEIRS),
        ("a", "a", "b", Outcome.YOURS),
        ("a", "b", "c", Outcome.CHOICE),
        (None, "a", "a", Outcome.UNTOUCHED),
        (None, "a", "b", Outcome.CHOICE),
        ("", "", "b", Outcome.YOURS),
    ],
)
def test_one_sided_change_is_taken_and_two_need_a_choice(
    opened: str | None, theirs: str, yours: str, expected: Outcome
) -> None:
    assert outcome(opened, theirs, yours) is expected


@pytest.mark.parametrize(
    ("price", "currency", "expected"),
    [
        (Outcome.THEIRS, Outcome.YOURS, (Outcome.CHOICE, Outcome.CHOICE)),
        (Outcome.THEIRS, Outcome.THEIRS, (Outcome.THEIRS, Outcome.THEIRS)),
        (Outcome.THEIRS, Outcome.UNTOUCHED, (Outcome.THEIRS, Outcome.UNTOUCHED)),
        (Outcome.CHOICE, Outcome.YOURS, (Outcome.CHOICE, Outcome.YOURS)),
    ],
)
def test_grouped_fields_come_from_one_side(
    price: Outcome, currency: Outcome, expected: tuple[Outcome, Outcome]
) -> None:
    outcomes = {"price": price, "currency": currency, "name": Outcome.YOURS}
    found = left_to_choice(outcomes, [("price", "currency")])
    assert (found["price"], found["currency"]) == expected
    assert found["name"] is Outcome.YOURS


def test_group_may_name_fields_that_the_record_lacks() -> None:
    assert left_to_choice({"name": Outcome.THEIRS}, [("name", "unit")]) == {"name": Outcome.THEIRS}
