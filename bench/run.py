"""One run over one database: load, time, weigh, export and write."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from time import perf_counter

from bench.consoles import MODULES, OURS, STOCK, start_filling
from bench.databases import Databases, is_filled
from bench.measure import Place, Results, measure, rates, working
from bench.processor import one_processor
from bench.writes import writes

SMALL = 10_000
"""The catalogue that a larger one is compared with."""
RATE_SECONDS, RATE_TURNS = 0.4, 25  # many short turns: a shared machine may be slow for seconds
MOST_EXPORTED, EXPORT_TURNS = 1_000_000, 3


@dataclass
class Run:
    """Everything measured over one database."""

    version: str
    results: Results = field(default_factory=dict)
    rates: dict[Place, float] = field(default_factory=dict)
    compressed: dict[Place, float] = field(default_factory=dict)
    memory: dict[Place, dict[str, float]] = field(default_factory=dict)
    exports: dict[Place, dict[str, float]] = field(default_factory=dict)
    writes: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Seconds of each kind of write: with search and tallies, and without."""

    def has_peers(self, count: int) -> bool:
        """Whether the others were asked over `count` products as well."""
        return Place(count, STOCK) in self.results

    @property
    def sizes(self) -> list[int]:
        """The sizes of the catalogues, the smallest first."""
        return sorted({place.count for place in self.results})


def run(databases: Databases, counts: list[int], rounds: int, peers_up_to: int) -> Run:
    """Measure everything over catalogues of the sizes `counts`, ours alone beyond `peers_up_to` products."""
    found = Run(databases.version())
    places = loaded(databases, counts, peers_up_to)
    with one_processor():
        ask(found, databases, places, rounds)
    return found


def ask(found: Run, databases: Databases, places: Mapping[Place, str], rounds: int) -> None:
    """Measure everything over the catalogues that are loaded."""
    say("asking for pages")
    with working(places) as workers:
        found.results = measure(workers, rounds)
        found.memory = {worker.place: worker.do("memory") for worker in workers}
        compared = [worker for worker in workers if worker.place.name in (OURS, STOCK)]
        found.rates = rates(compared, RATE_SECONDS, RATE_TURNS)
        ours = [worker for worker in workers if worker.place.name == OURS]
        found.compressed = rates(ours, RATE_SECONDS, RATE_TURNS, compressed=True)
    found.exports = exports(places)
    say("writing")
    largest = Place(max(found.sizes), OURS)
    found.writes = writes(databases, database_name(OURS, largest.count), largest)


def exports(places: Mapping[Place, str]) -> dict[Place, dict[str, float]]:
    """Downloads of ours and of stock from the largest catalogue of both: the median of some in turn."""
    largest = max(place.count for place in places if place.name == STOCK)
    found: dict[Place, list[dict[str, float]]] = {}
    for turn in range(EXPORT_TURNS):
        for name in (OURS, STOCK):
            place = Place(largest, name)
            say(f"exporting: {name}, {turn + 1} of {EXPORT_TURNS}")
            with working({place: places[place]}) as workers:  # new each time, for memory that grew stays
                found.setdefault(place, []).append(workers[0].do("export", most=MOST_EXPORTED))
    return {place: sorted(each, key=itemgetter("seconds"))[len(each) // 2] for place, each in found.items()}


def loaded(databases: Databases, counts: list[int], peers_up_to: int) -> dict[Place, str]:
    """The addresses of every console's catalogues; those that were not kept are loaded, two at a time."""
    places = {}
    for count in counts:
        names = MODULES if count <= peers_up_to else [OURS]
        urls = {name: databases.url(database_name(name, count)) for name in names}
        places.update({Place(count, name): database_url for name, database_url in urls.items()})
        load({name: urls[name] for name in (STOCK, OURS) if name in urls}, count)
    return places


def load(urls: dict[str, str], count: int) -> None:
    """Load `count` products into the databases that are empty; raises RuntimeError where that fails."""
    begun = perf_counter()
    missing = {name: database_url for name, database_url in urls.items() if not is_filled(database_url)}
    processes = [start_filling(name, database_url, count) for name, database_url in missing.items()]
    statuses = [process.wait() for process in processes]
    if any(statuses):
        raise RuntimeError(f"{count:,} products could not be loaded")
    if processes:
        say(f"loaded {count:,} products in {perf_counter() - begun:.0f} s")


def database_name(name: str, count: int) -> str:
    """One database for ours, and one that the others share."""
    return f"bench_{OURS if name == OURS else 'peers'}_{count}"


def say(words: str) -> None:
    """Tell what goes on to whoever waits; the figures are printed when all are there."""
    print(f"... {words}", file=sys.stderr, flush=True)
