"""The effects of an import in numbers, with samples and warnings; it is stored as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from dashboard.importing.fields import Does, ImportField, Kind, Outcome
from dashboard.number_form import in_form, number_words
from dashboard.text.shortening import shortened
from dashboard.words import counted, noun_for

SAMPLES = 20
"""Rows of each kind that a check shows."""
LONGEST = 200
"""Characters of a text in a sample."""
CREATED = 50
"""Names of related records that a check lists."""
TIMES = 10
"""How many times as high or low a number becomes until the check points at it."""
SHARE = 2
"""A total that falls to less than one part of so many is pointed at."""
EMPTIED = 2
"""One of so many rows that lose a value are enough to point at their column."""
FEW = 5
Parts = list[str]
"""A sentence in parts, of which every second one is a number."""


@dataclass
class Sample:
    """A row of a sample: its number, the name of the record, and fields with their texts before and after."""

    number: int
    name: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass
class Result:
    """The effects of a file; ``warnings`` are sentences about surprising changes.

    It holds numbers with a point, for whoever reads them: every second part of a warning is one.
    """

    counts: dict[str, int] = field(default_factory=lambda: {each.value: 0 for each in Does})
    created: list[Sample] = field(default_factory=list)
    changed: list[Sample] = field(default_factory=list)
    related: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[Parts] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """The warnings, with their numbers as the person reads them."""
        return ["".join(_in_turn(parts)) for parts in self.warnings]

    def samples_in_words(self, numbers: Collection[str]) -> Result:
        """The same with samples whose fields called `numbers` are written as the person reads them."""
        created, changed = (
            [_in_words(each, numbers) for each in samples] for samples in (self.created, self.changed)
        )
        return replace(self, created=created, changed=changed)

    @property
    def number(self) -> int:
        """How many rows there are."""
        return sum(self.counts.values())

    @property
    def writes(self) -> int:
        """How many records are created or changed."""
        return self.counts[Does.CREATE] + self.counts[Does.CHANGE]

    def as_json(self) -> dict[str, Any]:
        """The values that a job stores."""
        return asdict(self)

    def words(self, noun: str) -> str:
        """The numbers in a sentence of their own: what was done."""
        counts = self.counts
        parts = [f"{counted(counts[Does.CREATE], noun)} created"] if counts[Does.CREATE] else []
        parts += [f"{number_words(counts[Does.CHANGE])} changed"] if counts[Does.CHANGE] else []
        parts += [f"{number_words(counts[Does.NOTHING])} as they were"] if counts[Does.NOTHING] else []
        parts += [f"{number_words(counts[Does.REFUSE])} refused"] if counts[Does.REFUSE] else []
        return f"{', '.join(parts) or 'No rows'}."


def read_result(stored: Mapping[str, Any]) -> Result:
    """The result that a job stored."""
    samples = {name: [Sample(**each) for each in stored.get(name, ())] for name in ("created", "changed")}
    counts = {**Result().counts, **stored.get("counts", {})}
    # Older ones are whole sentences.
    warnings = [[each] if isinstance(each, str) else each for each in stored.get("warnings", ())]
    return Result(**{**stored, **samples, "counts": counts, "warnings": warnings})


def number_in_words(text: str) -> str:
    """A number that is written with a point, as the person reads it; any other text stays as it is."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return in_form(text) if "e" in text.lower() else number_words(number)


def _in_turn(parts: Parts) -> Iterable[str]:
    return (number_in_words(part) if at % 2 else part for at, part in enumerate(parts))


def _in_words(sample: Sample, numbers: Collection[str]) -> Sample:
    before, after = (
        {name: number_in_words(text) if name in numbers else text for name, text in texts.items()}
        for texts in (sample.before, sample.after)
    )
    return replace(sample, before=before, after=after)


class Tally:
    """Counts outcomes, keeps samples, and looks for surprising changes."""

    def __init__(self, fields: Sequence[ImportField], result: Result | None = None) -> None:
        self.result = result or Result()
        self.labels = {each.name: each.label for each in fields}
        self.numbers = [each.name for each in fields if each.kind is Kind.NUMBER]
        self.jumps: dict[str, list[tuple[str, ...]]] = {name: [] for name in self.numbers}
        self.jump_counts, self.emptied = Counter[str](), Counter[str]()
        self.before, self.after = Counter[str](), Counter[str]()
        self.found = 0

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Count outcomes."""
        counts = self.result.counts
        for each in outcomes:
            counts[each.does] += 1
            if each.does is Does.CREATE and len(self.result.created) < SAMPLES:
                self.result.created.append(_sample(each))
            elif each.does is Does.CHANGE:
                self._change(each)
            self.found += each.does in (Does.CHANGE, Does.NOTHING)
            for name, related in each.creates:
                self._related(name, related)

    def _related(self, name: str, related: str) -> None:
        known = self.result.related.setdefault(name, [])
        if related not in known and len(known) < CREATED:
            known.append(related)

    def _change(self, outcome: Outcome) -> None:
        if len(self.result.changed) < SAMPLES:
            self.result.changed.append(_sample(outcome))
        for name, after in outcome.after.items():
            before = outcome.before.get(name, "")
            self.emptied[name] += bool(before and not after)
            if name in self.jumps:
                self._number(outcome.number, name, before, after)

    def _number(self, row: int, name: str, before: str, after: str) -> None:
        try:
            old, new = Decimal(before), Decimal(after)
        except InvalidOperation:
            return
        if not (old.is_finite() and new.is_finite()):
            return
        self.before[name] += int(old)
        self.after[name] += int(new)
        if old > 0 and new > 0 and (new >= old * TIMES or old >= new * TIMES):
            self.jump_counts[name] += 1
            if len(self.jumps[name]) < FEW:
                self.jumps[name].append((str(row), " from ", before, " to ", after))

    def ended(self) -> Result:
        """The result, with warnings."""
        self.result.warnings = [*self._warnings()]
        return self.result

    def _warnings(self) -> Iterable[Parts]:
        for name, number in self.jump_counts.items():
            if number:
                rows = noun_for(number, "row")
                become = f"“{self.labels[name]}” becomes {TIMES} times as high or as low in "
                jumps = [part for jump in self.jumps[name] for part in (", row ", *jump)]
                yield [become, str(number), f" {rows}: row ", *jumps[1:], "."]
        for name, number in self.emptied.items():
            if number and number * EMPTIED >= self.found:
                rows = noun_for(self.found, "row")
                yield [
                    f"“{self.labels[name]}” is emptied in ",
                    str(number),
                    " of ",
                    str(self.found),
                    f" {rows}.",
                ]
        for name, old in self.before.items():
            new = self.after[name]
            if old > 0 and new * SHARE < old and self.changes > 1:
                falls = f"“{self.labels[name]}” of all changed rows together falls from "
                yield [falls, str(old), " to ", str(new), "."]

    @property
    def changes(self) -> int:
        """How many rows change a record."""
        return self.result.counts[Does.CHANGE]


def _sample(outcome: Outcome) -> Sample:
    before, after = (
        {name: shortened(text, LONGEST) for name, text in texts.items()}
        for texts in (outcome.before, outcome.after)
    )
    return Sample(outcome.number, shortened(outcome.name, LONGEST), before, after)
