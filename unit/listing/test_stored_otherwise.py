"""Lists sorted by what other programs stored in a column of SQLite, whatever it declares."""

import pytest
from sqlalchemy import literal_column, update
from sqlalchemy.orm import Session

from unit.listing.orders import in_order
from unit.listing.parts import TextPart, filled, listing_of
from unit.listing.walking import pages

RAW = {
    "exact": "0.123456789012345",
    "small": "'none'",
    "weight": "'heavy'",
    "token": "'0F0E0D0C-0B0A-4908-8706-050403020100'",
    "made": "'0000-00-00'",
    "opens": "'9:30'",
}


@pytest.mark.sqlite
@pytest.mark.parametrize("sort", [sign + name for name in RAW for sign in ("", "-")])
def test_walk_passes_what_other_programs_stored_in_a_column(shared_session: Session, sort: str) -> None:
    name = sort.removeprefix("-")
    with filled(shared_session, TextPart) as rows:
        odd = [row["key"] for row in rows if row[name] is not None][:15]
        shared_session.execute(
            update(TextPart).where(TextPart.key.in_(odd)).values({name: literal_column(RAW[name])})
        )
        listing, order = listing_of(TextPart), in_order(shared_session, TextPart, sort)
        for end, link in (("", "next_url"), ("&before=end", "prev_url")):
            found = [page.rows for page in pages(shared_session, listing, f"sort={sort}&size=10{end}", link)]
            parts = found if link == "next_url" else found[::-1]
            assert [row.id for part in parts for row in part] == order
