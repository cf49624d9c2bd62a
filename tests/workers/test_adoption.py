"""Another rubric in the middle of a year: tables are those of a replay wherever they stand, also inside its commit."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st

from domain import adoption, facts
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.interpretations import apply
from domain.rubric.identity import identity
from domain.rubric.model import Rubric
from tests.servers import fresh_database, process_number
from tests.workers.ledger import CYCLE, RUBRIC, Ledger, acts
from tests.workers.year import ADMINISTRATOR, Act, city, publish
from workers.database_url import DatabaseUrl

UNITS = 3
# Another reading of leaves; of the whole sheet only, so that no leaf moves but ranks and totals do; and back again.
READINGS = (
    apply(RUBRIC, {"Q3": "zero", "Q7": "full"}),
    apply(RUBRIC, {"Q3": "zero", "Q7": "full", "Q6": "limited", "Q15": "scaled", "Q16": "dense"}),
    RUBRIC,
)


def adopting(number: int, before: Rubric, after: Rubric) -> list[Act]:
    """The commit in which a cycle goes on under another rubric, on every sheet."""
    units = {unit: Unit(unit, cohort, "", "") for unit, cohort in city(UNITS).items()}
    said = (f"change-{number}", identity(before), identity(after), "00" * 32)
    cycle = f"cycle/{CYCLE}"
    return [
        Act(cycle, facts.RubricChangeProposed(*said, 0, 0, "test", 1, "按新口径"), ADMINISTRATOR),
        Act(cycle, facts.RubricAdopted(*said, "test", "同意"), ADMINISTRATOR),
        *(
            Act(stream, facts.RubricApplied(identity(after), "同意"), ADMINISTRATOR)
            for stream in adoption.sheets(Cycle(CYCLE, units=units), after)
        ),
    ]


@pytest.fixture(scope="module")
def changed(postgres_server: DatabaseUrl) -> Iterator[tuple[Ledger, list[int]]]:
    """A year whose rubric changes three times, and the position of each change's first event."""
    with fresh_database(postgres_server, f"adoption_{process_number()}") as database:
        made, begun = Ledger.of(database), []
        year = iter(acts(units=UNITS, limit=900))
        made.append(*itertools.islice(year, 300))
        for number, (before, after) in enumerate(itertools.pairwise((RUBRIC, *READINGS))):
            publish(made.service, after)
            begun.append(made.order() + 1)
            made.append(*adopting(number, before, after))
            made.append(*itertools.islice(year, 200))
        made.order()
        yield made, begun
        made.close()


@settings(max_examples=10)
@given(steps=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 500), st.booleans()), max_size=12))
def test_the_tables_do_not_depend_on_batches_nor_on_which_share_is_ahead(
    changed: tuple[Ledger, list[int]], steps: list[tuple[int, int, bool]]
) -> None:
    ledger, _ = changed
    ledger.forget_scores()
    projectors = ledger.projectors()
    for partition, batch, forgetful in steps:
        projectors[partition].advance(batch)
        if forgetful:
            projectors = ledger.projectors()
    ledger.follow()
    assert ledger.digest() == ledger.replayed()


@pytest.mark.parametrize("first", [0, 1])
def test_a_share_that_comes_late_to_an_adoption_leaves_nothing_of_the_old_rubric(
    changed: tuple[Ledger, list[int]], first: int
) -> None:
    ledger, begun = changed
    ledger.forget_scores()
    ahead, behind = ledger.projectors()[:: 1 if first == 0 else -1]
    ahead.advance(begun[0] - 1)
    behind.advance(begun[0] - 1)
    while (progress := ahead.advance(10_000)) and progress.more:
        pass
    for _ in range(6):
        behind.advance(50)
    ledger.follow()
    assert ledger.digest() == ledger.replayed()


@pytest.mark.parametrize("change", [0, 1, 2])
@pytest.mark.parametrize("inside", [-1, 0, 1, 2, 30])
def test_tables_that_stand_inside_the_commit_of_an_adoption_are_those_of_a_replay_to_there(
    changed: tuple[Ledger, list[int]], change: int, inside: int
) -> None:
    ledger, begun = changed
    position = begun[change] + inside
    ledger.forget_scores()
    for projector in ledger.projectors():
        progress = projector.advance(position)
        assert progress
        assert progress.position == position
    assert ledger.digest() == ledger.replayed(upto=position)


def test_each_reading_moves_what_it_should(changed: tuple[Ledger, list[int]]) -> None:
    ledger, begun = changed
    seen = []
    for position in (begun[0] - 1, begun[1] - 1, begun[1] + 200):
        ledger.forget_scores()
        for projector in ledger.projectors():
            projector.advance(position)
        ranks = ledger.rows("SELECT unit, rank, base + bonus FROM scores.unit_scores ORDER BY unit")
        seen.append((ranks, ledger.rows("SELECT count(*) FROM scores.score_history WHERE type = 'RubricApplied'")))
    assert seen[0] != seen[1] != seen[2]
    before, after, _ = [moved for _, [(moved,)] in seen]
    assert before == 0 < after
