"""Changes of a list of files: each is pure, takes the list of now, and returns the new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.bounds import excess
from dashboard.files.lists import WORDS_LENGTH, Attached, AttachedFile, Files
from dashboard.refusal import Refusal
from dashboard.text.characters import is_control
from dashboard.text.titles import title_fault
from dashboard.words import counted

EARLIER, LATER, REMOVE = "earlier", "later", "remove"


def added(listed: Attached, new: Sequence[AttachedFile], declared: Files) -> Attached:
    """The list with files at its end; raises Refusal where there are too many then."""
    known = {each.key for each in listed}
    found = (*listed, *(each for each in new if each.key not in known))
    if len(found) > declared.max:
        raise Refusal(f"At most {counted(declared.max, 'file')}. Remove some first.")
    return found


def moved(listed: Attached, key: str, step: str) -> Attached:
    """The list with a file one place `EARLIER` or `LATER`; the same where it is not in it, or at its end."""
    keys = [each.key for each in listed]
    if key not in keys:
        return listed
    at = keys.index(key)
    other = max(at - 1, 0) if step == EARLIER else min(at + 1, len(keys) - 1)
    found = [*listed]
    found.insert(other, found.pop(at))
    return tuple(found)


def removed(listed: Attached, key: str) -> Attached:
    """The list without a file."""
    return tuple(each for each in listed if each.key != key)


def arranged(listed: Attached, keys: Sequence[str]) -> Attached:
    """The list in the order of `keys`; files that another user added since stay at the end."""
    places = {key: at for at, key in enumerate(keys)}
    return tuple(sorted(listed, key=lambda each: places.get(each.key, len(places))))


def described(listed: Attached, typed: Mapping[str, str], opened: Mapping[str, str]) -> Attached:
    """The list with the words that a user typed over those that they had opened.

    Words that were not typed over stay as another user left them. Raises Refusal, whose field is the key of
    a file, where both typed other words, and for words that are too long.
    """
    return tuple(_described(each, typed.get(each.key), opened.get(each.key)) for each in listed)


def _described(file: AttachedFile, typed: str | None, opened: str | None) -> AttachedFile:
    if typed is None or typed == opened:
        return file
    words = clean_words(typed, file.key)
    if opened is not None and file.words not in (opened, words):
        raise Refusal(f"Another user has just written “{file.words}” here.", file.key)
    return file._replace(words=words)


def clean_words(text: str, field: str | None = None) -> str:
    """Words for a file, in one line; raises Refusal where they are too long."""
    line = " ".join("".join(" " if is_control(sign) else sign for sign in text).split())
    fault = excess(line, WORDS_LENGTH) or (title_fault(line, "a description") if line else None)
    if fault:
        raise Refusal(fault, field)
    return line
