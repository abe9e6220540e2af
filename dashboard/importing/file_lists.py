"""The lists of files that rows give their records: files that are there already stay, with their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.files.lists import Attached, AttachedFile, keys_in
from dashboard.files.models import StoredFile
from dashboard.files.storing import clean_file_name
from dashboard.importing.fields import Given
from dashboard.importing.named_files import NamedFile
from dashboard.search.index import among


class FileChange(NamedTuple):
    """A new list of files, the names in it before and after, and the files in it that are to be stored."""

    new: Attached
    before: str
    after: str
    needs: Sequence[NamedFile]


class FileLists:
    """The changes of lists of files; `listed` are those that records have now."""

    def __init__(self, listed: Iterable[Attached | None]) -> None:
        self.names: dict[str, str] = {}
        self.digests: Mapping[str, set[str]] = defaultdict(set)
        if keys := {key for each in listed for key in keys_in(each)}:
            its = (StoredFile.key, StoredFile.name, StoredFile.digest, StoredFile.upload_digest)
            for key, name, *digests in db.session.execute(select(*its).where(among(StoredFile.key, [*keys]))):
                self.names[key] = name
                self.digests[key].update(filter(None, digests))

    def changes(
        self, given: Given, now: Mapping[str, Attached | None], *, clears: bool
    ) -> tuple[dict[str, FileChange], dict[str, str]]:
        """The changes of a row in the lists of its record, and the sentences about files that are not taken.

        A blank cell empties a list where `clears`.
        """
        found, errors = dict[str, FileChange](), dict[str, str]()
        for name, files in given.files.items():
            if faults := [each.fault for each in files if each.fault]:
                errors[name] = " ".join(dict.fromkeys(faults))
            elif files or clears:
                change = self._change(files, now.get(name) or ())
                if keys_in(change.new) != keys_in(now.get(name)):
                    found[name] = change
        return found, errors

    def _change(self, files: Sequence[NamedFile], now: Attached) -> FileChange:
        there = {digest: each for each in reversed(now) for digest in self.digests[each.key]}
        listed = {file.digest: there.get(file.digest) or _new(file) for file in files}
        needs = [file for file in files if file.digest not in there]
        before = ", ".join(self.names.get(each.key, "") for each in now)
        new = {each.key: each for each in listed.values()}
        return FileChange((*new.values(),), before, ", ".join(file.name for file in files), needs)


def _new(file: NamedFile) -> AttachedFile:
    """A file as a list has it: pictures are described later, other files have their name.

    A check has no key for it, and compares by its digest.
    """
    words = "" if file.declared.are_pictures else clean_file_name(file.name)
    return AttachedFile(file.key or file.digest, words)
