"""Seeded faults: a change of a file, and the tests that notice it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A line of a script, style sheet or template spoiled: ``old`` becomes ``new``; ``tests`` lie in e2e/."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def spoil(self, text: str) -> str:
        """The text with the fault; ValueError if the line is not there exactly once."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} holds {self.old!r} {text.count(self.old)} times")
        return text.replace(self.old, self.new)
