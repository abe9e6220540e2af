"""The numbers by which the engine of a list decides what to count, to sample and to sort."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Every number that `dashboard.listing.planning` compares with; a test gives a list smaller ones."""

    exact_count_limit: int = 5_000
    """Up to so many rows are counted one by one, and may be sorted to show a page of them."""
    common_factor: int = 4
    """A word or a filter is common if a sample finds so many times the rows that may be counted."""
    sample_size: int = 500
    """Rows read for an estimate: a share of a half comes out within 4.5 percent points, 19 times in 20."""
    sample_glance: int = 100
    """Rows read before the index is asked for a word. PostgreSQL's finds all rows before it gives one, and
    SQLite's takes ten times as long to give one more than a few."""
    position_sample: int = 250
    """Rows read to go to a page of a list that nothing narrows, where no row of the sample is left out."""
    max_offset: int = 10_000
    """Up to so many rows are skipped one by one, from the nearer end of the list."""
    probe_factor: int = 8
    """A probe reads so many times the rows that hold a page where the matching ones are spread evenly."""
    min_probe: int = 1_000
    """The fewest rows of a probe; fewer would save nothing."""
    max_probe: int = 16_384
    """The most rows of a probe; of more, PostgreSQL takes all that match a filter and sorts them."""
    most_ranked: int = 1_000
    """Up to so many rows that a search finds are put in order of how well they match."""


USUAL = Tuning()
