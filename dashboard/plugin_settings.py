"""Settings of plug-ins: variables of the environment, read as strictly as the console's own.

A plug-in has a prefix for all of them. A variable with this prefix that it does not know stops the start, as
do one without a value and one with a wrong value; a line names each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask import Flask, current_app

from dashboard.bounds import outside
from dashboard.config import Settings
from dashboard.database.secret_columns import sounds_secret
from dashboard.log_lines import escaped
from dashboard.number_form import number_words
from dashboard.text.characters import is_unicode
from dashboard.variables import PREFIX, VALUE_LENGTH, SettingsError

T = TypeVar("T", str, int, bool)
PLUGIN_SETTINGS = "plugin_settings"
"""The key of an application's extensions under which are its `Given` settings."""
NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", re.ASCII)
SWITCH = ("true", "false")
BOUNDS = (0, 999_999_999)


@dataclass(frozen=True, eq=False)
class Setting(Generic[T]):
    """A setting of a plug-in: its name, and the type of its value, which is `str`, `int` or `bool`.

    It is required where it has no `default`. `choices` are the texts that it may be, `lowest` and `highest`
    the bounds of a number. A `secret` is never shown; names with a word such as ``TOKEN`` or ``API_KEY`` are
    secrets anyway. Raises ValueError for a declaration that does not fit together, also by its default.
    """

    name: str
    holds: type[T] = str  # type: ignore[assignment]
    default: T | None = None
    choices: Sequence[str] = ()
    lowest: int = BOUNDS[0]
    highest: int = BOUNDS[1]
    secret: bool = False

    def __post_init__(self) -> None:
        if fault := self._declared_wrongly():
            raise ValueError(f"The setting {self.name} {fault}")

    def _declared_wrongly(self) -> str | None:
        if not NAME.fullmatch(self.name) or self.name.startswith(PREFIX):
            return f"has no name of a plug-in: capitals, digits and _, but no {PREFIX} at its beginning."
        if self.holds not in (str, int, bool):
            return "holds a str, an int or a bool."
        if (self.lowest, self.highest) != BOUNDS and self.holds is not int:
            return "has bounds, but holds no int."
        if self.choices and self.holds is not str:
            return "has choices, but holds no str."
        return None if self.default is None else self._default_fault(self.default)

    def _default_fault(self, default: T) -> str | None:
        fits = type(default) is self.holds and (default == "" or not self._fault(_written(default)))
        return None if fits else "has a default that it could not be set to."

    @property
    def value(self) -> T:
        """The value in the current application; raises LookupError where no plug-in added the setting."""
        given = _given(current_app._get_current_object()).by_name.get(self.name)  # type: ignore[attr-defined]
        if given is None:
            raise LookupError(f"Nothing added the setting {self.name}; console.add_settings does.")
        value: T = given.value
        return value

    @property
    def is_secret(self) -> bool:
        """Whether the value is never shown."""
        return self.secret or sounds_secret(self.name)

    def read(self, text: str) -> T:
        """The value that `text` stands for; raises ValueError with what is wrong with it."""
        if fault := self._length_fault(text):
            raise ValueError(fault)
        if fault := self._fault(text):
            raise ValueError(f"{fault}." if self.is_secret else f"{fault}; it is {text!r}.")
        found: Any = text == SWITCH[0] if self.holds is bool else self.holds(text)
        value: T = found
        return value

    def _length_fault(self, text: str) -> str | None:
        if not text:
            remove = "" if self.default is None else ", or remove it to have the default"
            return f"is empty. Give it a value{remove}."
        return (
            f"is longer than {number_words(VALUE_LENGTH)} characters." if len(text) > VALUE_LENGTH else None
        )

    def _fault(self, text: str) -> str | None:
        if self.holds is int:
            return outside(text, self.lowest, self.highest)
        choices = SWITCH if self.holds is bool else self.choices
        if choices:
            return None if text in choices else f"must be one of {', '.join(choices)}"
        return None if is_unicode(text) else "must be text in UTF-8"


@dataclass(frozen=True)
class _Value:
    """The value of a setting in one application, and whether the environment has it."""

    setting: Setting[Any]
    value: Any
    is_set: bool


@dataclass
class Given:
    """The settings of all plug-ins of one application."""

    prefixes: list[str] = field(default_factory=list)
    by_name: dict[str, _Value] = field(default_factory=dict)


def add_settings(app: Flask, prefix: str, settings: Sequence[Setting[Any]]) -> None:
    """Read settings whose names begin with `prefix` from the environment of the console.

    Raises ValueError for a prefix that cannot be told from another and for a name without it, SettingsError
    with a line for each setting that is missing, empty, wrong or unknown.
    """
    given, names = _given(app), [each.name for each in settings]
    _refuse_prefix(prefix, given.prefixes)
    for name in names:
        if not name.startswith(prefix) or names.count(name) > 1:
            raise ValueError(f"The setting {name} has to begin with {prefix}, and to be there once.")
    console: Settings = app.extensions["settings"]
    sent = {name: text.strip() for name, text in console.environment.items() if name.startswith(prefix)}
    found, lines = list[_Value](), [*_unknown(sent, names, prefix)]
    for setting in settings:
        try:
            found.append(_read(setting, sent.get(setting.name)))
        except ValueError as error:
            lines.append(f"{setting.name} {error}")
    if lines:
        raise SettingsError(sorted(lines))
    given.prefixes.append(prefix)
    given.by_name.update({each.setting.name: each for each in found})


def _read(setting: Setting[Any], text: str | None) -> _Value:
    """The value of a setting; raises ValueError with what is wrong."""
    if text is not None:
        return _Value(setting, setting.read(text), True)
    if setting.default is None:
        raise ValueError("is required.")
    return _Value(setting, setting.default, False)


def _refuse_prefix(prefix: str, taken: Sequence[str]) -> None:
    if not prefix.endswith("_") or not NAME.fullmatch(prefix[:-1]) or prefix.startswith(PREFIX):
        raise ValueError(
            f"The prefix of settings is capitals and a _ at the end, such as SHOP_, not {prefix!r}."
        )
    for other in taken:
        if prefix.startswith(other) or other.startswith(prefix):
            raise ValueError(
                f"Settings that begin with {other} are there already, so {prefix} cannot be used."
            )


def _unknown(sent: dict[str, str], names: Sequence[str], prefix: str) -> Iterator[str]:
    for name in sent.keys() - {*names}:
        yield f"{escaped(name)} is not a setting; those with {prefix} are {', '.join(names)}."


def settings_told(app: Flask) -> list[str]:
    """A line for each setting of a plug-in, without the values of secrets."""
    return [_told(each) for each in _given(app).by_name.values()]


def _told(each: _Value) -> str:
    name, source = each.setting.name, "set" if each.is_set else "the default"
    if each.setting.is_secret:
        return f"{name} is a secret, {source}"
    return f"{name} is {escaped(_written(each.value)) or 'empty'}, {source}"


def _written(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _given(app: Flask) -> Given:
    found: Given = app.extensions.setdefault(PLUGIN_SETTINGS, Given())
    return found
