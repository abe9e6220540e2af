"""The address of a list for what a person typed in its filters: numbers in it are written in one form."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from dashboard.bounds import NUMBERS
from dashboard.listing.filters import Facet
from dashboard.listing.ranges import Bounds
from dashboard.listing.state import Listing, with_query
from dashboard.web.forms import sent_form


def typed_address(listing: Listing, base: str, args: MultiDict[str, str]) -> str:
    """The address at `base` for the filters that were sent with the form of numbers of their page."""
    form = sent_form(args)
    plain = {name: text for each in _bounds(listing) for name, text in each.from_page(args, form).items()}
    pairs = [(name, plain.get(name, text)) for name, text in args.items(multi=True) if name != NUMBERS]
    return with_query(base, tuple(pairs))


def _bounds(listing: Listing) -> Iterator[Bounds]:
    """The filters with two inputs, also those within a filter that leads to them."""
    for facet in listing.facets:
        innermost: Facet = facet
        while isinstance(inner := getattr(innermost, "inner", None), Facet):
            innermost = inner
        if isinstance(innermost, Bounds):
            yield innermost
