"""The variables of the environment that hold the settings, each read and checked by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from dashboard.bounds import outside
from dashboard.number_form import number_words

PREFIX = "DASHBOARD_"
VALUE_LENGTH = 4096  # of each variable


class SettingsError(ValueError):
    """The environment holds invalid settings; ``lines`` has one plain sentence for each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Variables:
    """The variables ``DASHBOARD_*`` of `environ`, named without their prefix.

    Every fault is collected in ``complaints``, so that one start shows them all. Raises SettingsError where a
    value is too long to be read.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.values = {k[len(PREFIX) :]: v.strip() for k, v in environ.items() if k.startswith(PREFIX)}
        self.complaints: list[str] = []
        for name, value in sorted(self.values.items()):
            if len(value) > VALUE_LENGTH:
                self.complain(name, f"is longer than {number_words(VALUE_LENGTH)} characters.")
        self.raise_complaints()

    def complain(self, name: str, why: str) -> None:
        """Note what is wrong with a variable."""
        self.complaints.append(f"{PREFIX}{name} {why}")

    def raise_complaints(self) -> None:
        """Raise SettingsError if a variable is wrong."""
        if self.complaints:
            raise SettingsError(self.complaints)

    def one_of(self, name: str, default: str, choices: Collection[str]) -> str:
        """Return the value, which has to be one of `choices`."""
        value = self.values.get(name) or default
        if value not in choices:
            self.complain(name, f"must be one of {', '.join(choices)}; it is {value!r}.")
            return default
        return value

    def whole_number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """Return the value, a whole number within these bounds."""
        text = self.values.get(name)
        if not text:
            return default
        if fault := outside(text, lowest, highest):
            self.complain(name, f"{fault}; it is {text!r}.")
            return default
        return int(text)

    def names(self, name: str, pattern: re.Pattern[str], of: str) -> tuple[str, ...]:
        """Return the parts of a list separated by commas, each of which has to match `pattern`."""
        found = tuple(part.strip() for part in self.values.get(name, "").split(",") if part.strip())
        for wrong in (part for part in found if not pattern.fullmatch(part)):
            self.complain(name, f"must list {of} separated by commas; {wrong!r} is not one.")
        return found

    def checked(self, name: str, fault: Callable[[str], str | None]) -> str | None:
        """Return the value, about which `fault` says what is wrong; None where there is none.

        `fault` is asked about an empty text, too, since a setting may be required.
        """
        value = self.values.get(name, "")
        if complaint := fault(value):
            self.complain(name, complaint)
        return value or None
