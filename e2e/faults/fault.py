"""The declaration of a seeded fault."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A fault in a script, style sheet or template: ``old`` becomes ``new``. ``tests`` are paths under e2e/."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def spoil(self, text: str) -> str:
        """Return the text with the fault; raises ValueError unless ``old`` is in it exactly once."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} holds {self.old!r} {text.count(self.old)} times")
        return text.replace(self.old, self.new)
