"""States folded from the record's streams and kept in memory, one kind a property; never behind the record."""

from collections.abc import Callable
from functools import cached_property
from typing import Protocol, Self, TypeVar

from domain import facts
from domain.channels import Channels
from domain.cycle import Cycle
from domain.erasure import Erasure
from domain.imports import Import
from domain.notice import Dates
from domain.people import Person
from domain.publication import RubricLife
from domain.recomputation import Recomputation
from domain.resendings import Resendings
from domain.simulation import Simulation
from events.codec import to_fact
from events.folds import Folds
from events.store import EventStore

Acted = TypeVar("Acted", bound="Acting")


class Acting(Protocol):
    """A state that is moved by what was done, and by whom or when."""

    def evolve(self, fact: facts.Fact, about: str, /) -> Self:
        """The state afterwards."""


class States:
    """What is known by folding; whoever has a ``store`` has all of it."""

    store: EventStore

    @cached_property
    def people(self) -> Folds[Person]:
        """Persons, never behind: a revoked token ends at once."""
        return Folds(
            self.store,
            "person/",
            Person,
            lambda state, event: state.evolve(to_fact(event.envelope), event.envelope.actor, event.envelope.time),
        )

    @cached_property
    def cycles(self) -> Folds[Cycle]:
        """Cycles, never behind."""
        return self._by_actor("cycle/", Cycle)

    @cached_property
    def rubrics(self) -> Folds[RubricLife]:
        """Drafted and published rubrics."""
        return self._by_actor("rubric/", RubricLife)

    @cached_property
    def recomputations(self) -> Folds[Recomputation]:
        """Replays that were asked for."""
        return self._by_actor("recomputation/", Recomputation)

    @cached_property
    def simulations(self) -> Folds[Simulation]:
        """Simulations that were asked for."""
        return self._by_actor("simulation/", Simulation)

    @cached_property
    def erasures(self) -> Folds[Erasure]:
        """Erasures by their subject, never behind: what is erased is gone with the next request."""
        return self._by_actor("erasure/", Erasure)

    @cached_property
    def channels(self) -> Folds[Channels]:
        """How people want to be told, from the streams that say who they are."""
        return self._by_time("person/", Channels)

    @cached_property
    def notices(self) -> Folds[Dates]:
        """When results were published and notices began, never behind."""
        return self._by_time("cycle/", Dates)

    @cached_property
    def resendings(self) -> Folds[Resendings]:
        """Dead letters that were sent again."""
        return Folds(self.store, "notice/", Resendings, lambda state, event: state.evolve(to_fact(event.envelope)))

    @cached_property
    def imports(self) -> Folds[Import]:
        """Files that were taken in, by cycle and id."""
        return Folds(
            self.store,
            "import/",
            Import,
            lambda state, event: state.evolve(
                to_fact(event.envelope), event.envelope.actor, event.envelope.time, event.envelope.effectivetime or ""
            ),
        )

    def _by_actor(self, prefix: str, empty: Callable[[str], Acted]) -> Folds[Acted]:
        return Folds(
            self.store, prefix, empty, lambda state, event: state.evolve(to_fact(event.envelope), event.envelope.actor)
        )

    def _by_time(self, prefix: str, empty: Callable[[str], Acted]) -> Folds[Acted]:
        return Folds(
            self.store, prefix, empty, lambda state, event: state.evolve(to_fact(event.envelope), event.envelope.time)
        )
