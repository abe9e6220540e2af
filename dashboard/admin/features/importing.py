"""Importing records of a list from a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.screen import Screen
from dashboard.importing import applying, checking, undoing
from dashboard.importing.fields import Importer
from dashboard.jobs.run import Run
from dashboard.jobs.works import Work
from dashboard.permissions import Access
from dashboard.refusal import Refusal

NO_SCREEN = "This console can't import into {} any more."
NOT_ALLOWED = "You may no longer change these records."


class Import(Feature[Screen]):
    """Records can be imported from files; ``make`` gives the importer of a screen."""

    def __init__(self, make: Callable[[Screen], Importer]) -> None:
        self.make = make

    @property
    def importer(self) -> Importer:
        """The importer of the records of this screen."""
        return self.make(self.screen)


def import_works(screens: Sequence[Screen]) -> Sequence[Work]:
    """The work of import jobs into the lists of `screens`, which may still grow."""
    does: Mapping[str, Callable[[Run, Importer], str]] = {
        checking.WORK: checking.check,
        applying.WORK: applying.apply,
        undoing.WORK: undoing.undo,
    }

    def work(name: str) -> Work:
        def do(run: Run) -> str:
            return does[name](run, importer_of(screens, run.params["screen"]))

        return Work(name, do, undoes=name == applying.WORK)

    return [work(name) for name in does]


def importer_of(screens: Sequence[Screen], endpoint: str) -> Importer:
    """The importer of a screen; raises Refusal where there is none, or the user may change no records."""
    screen = next((each for each in screens if each.endpoint == endpoint), None)
    feature = screen.feature(Import) if screen is not None else None
    if screen is None or feature is None:
        raise Refusal(NO_SCREEN.format(endpoint))
    if not screen.holds(Access.WRITE):
        raise Refusal(NOT_ALLOWED)
    return feature.importer
