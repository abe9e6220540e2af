"""New files in a folder of migrations: which revision they follow, and which number they get."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from dashboard.database.migrating import scripts

LONGEST_REVISION = 32
"""Characters of the column in which Alembic keeps revisions."""
NUMBERED = re.compile(r"(.*?)(\d+)")


@dataclass(frozen=True)
class Following:
    """A new revision: its number, what comes before it, and the label of its branch where it begins one."""

    revision: str
    down_revision: str | None
    label: str | None = None


def following(folder: Path, folders: Sequence[Path], label: str) -> Following:
    """The revision after those in `folder`; `folders` are all that the console knows besides its own.

    In an empty folder it begins the branch `label`. Raises ValueError where the folder has several newest
    revisions.
    """
    script = scripts([*dict.fromkeys([*folders, folder])])
    every = [*script.walk_revisions()]
    taken = {each.revision for each in every}
    own = [each for each in every if Path(each.path).parent.resolve() == folder.resolve()]
    followed = {down for each in every for down in each._all_down_revisions}
    heads = sorted(each.revision for each in own if each.revision not in followed)
    if len(heads) > 1:
        raise ValueError(f"{folder} has several newest migrations: {', '.join(heads)}. Merge them first.")
    if not heads:
        first = f"{label}_0001"
        is_free = len(first) <= LONGEST_REVISION and first not in taken
        return Following(first if is_free else token_hex(6), None, label)
    return Following(_after(heads[0], taken), heads[0])


def _after(revision: str, taken: set[str]) -> str:
    """The number after a revision, such as ``shop_0002`` after ``shop_0001``; any where it has no number."""
    if found := NUMBERED.fullmatch(revision):
        number = int(found[2]) + 1
        after = f"{found[1]}{number:0{len(found[2])}}"
        if after not in taken and len(after) <= LONGEST_REVISION:
            return after
    return token_hex(6)
