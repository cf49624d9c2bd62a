"""Another rubric in the middle of a year: tables are those of a replay wherever they stand, also inside its commit."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st

from domain import adoption, facts
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.interpretations import apply
from domain.moments import Moment
from domain.rubric.identity import identity
from domain.rubric.model import Rubric
from events.entry import Actor
from tests.domain.extended import HANDED, ITEM, LEAF, NEW, extended
from tests.servers import fresh_database, process_number
from tests.workers.ledger import CYCLE, RUBRIC, Ledger, acts
from tests.workers.year import ADMINISTRATOR, Act, city, publish
from workers.chronicle import Chronicles
from workers.database_url import DatabaseUrl
from workers.rules import Rules

UNITS = 3
FILER = Actor("clerk", "unit", "unit-00")
FIGURES = {LEAF: {"numerator": 1, "denominator": 2}, NEW: {"points": "0.25"}}
# Another reading of leaves; of the whole sheet only, so that no leaf moves but ranks and totals do; and back again;
# at last a leaf and an item that come, and a leaf that another department answers for.
READINGS = (
    apply(RUBRIC, {"Q3": "zero", "Q7": "full"}),
    apply(RUBRIC, {"Q3": "zero", "Q7": "full", "Q6": "limited", "Q15": "scaled", "Q16": "dense"}),
    RUBRIC,
    extended(RUBRIC),
)


def adopting(number: int, before: Rubric, after: Rubric) -> list[Act]:
    """The commit in which a cycle goes on under another rubric, on every sheet."""
    units = {unit: Unit(unit, cohort, "", "") for unit, cohort in city(UNITS).items()}
    said = (f"change-{number}", identity(before), identity(after), "00" * 32)
    stream, cycle, adopted = f"cycle/{CYCLE}", Cycle(CYCLE, units=units), facts.RubricAdopted(*said, "test", "同意")
    return [
        Act(stream, facts.RubricChangeProposed(*said, 0, 0, "test", 1, "按新口径"), ADMINISTRATOR),
        Act(stream, adopted, ADMINISTRATOR),
        *(
            Act(sheet, adoption.applied(cycle, adopted, (before, after), sheet), ADMINISTRATOR)
            for sheet in adoption.sheets(cycle, after)
        ),
    ]


@pytest.fixture(scope="module")
def changed(postgres_server: DatabaseUrl) -> Iterator[tuple[Ledger, list[int]]]:
    """A year whose rubric changes four times, and the position of each change's first event."""
    with fresh_database(postgres_server, f"adoption_{process_number()}") as database:
        made, begun = Ledger.of(database), []
        year = iter(acts(units=UNITS, limit=900))
        made.append(*itertools.islice(year, 300))
        for number, (before, after) in enumerate(itertools.pairwise((RUBRIC, *READINGS))):
            publish(made.service, after)
            begun.append(made.order() + 1)
            made.append(*adopting(number, before, after))
            made.append(*itertools.islice(year, 200))
        for leaf, item in ((LEAF, "1"), (NEW, ITEM)):
            filed = facts.FiguresSubmitted(f"on {leaf}", {leaf: FIGURES[leaf]})
            made.append(Act(f"sheet/{CYCLE}/unit-00/{item}", filed, FILER))
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


@pytest.mark.parametrize("change", [0, 1, 2, 3])
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


def test_what_comes_has_its_rows_and_what_waits_goes_to_who_answers_for_it_now(
    changed: tuple[Ledger, list[int]],
) -> None:
    ledger, begun = changed
    waiting = "SELECT DISTINCT department FROM scores.review_queue WHERE leaf = %s"
    ledger.forget_scores()
    for projector in ledger.projectors():
        projector.advance(begun[3] - 1)
    assert ledger.rows(waiting, HANDED) == [("organisation",)]
    ledger.follow(batch=100)
    assert ledger.rows(waiting, HANDED) == [("legal",)]
    rows = "SELECT unit, leaf, item, department, claimed, status FROM scores.leaf_scores WHERE leaf = ANY(%s)"
    assert sorted(ledger.rows(rows, [LEAF, NEW])) == sorted(
        (f"unit-0{unit}", leaf, item, department, *((claimed, "pending") if unit == 0 else (0, "empty")))
        for unit in range(UNITS)
        for leaf, item, department, claimed in ((LEAF, "1", "legal", 40), (NEW, ITEM, "women", 25))
    )
    assert ledger.rows("SELECT * FROM scores.parked") == []


@pytest.mark.parametrize("inside", [-1, 1, 30, 200])
def test_a_chronicle_tells_of_a_wider_sheet_what_the_tables_tell(
    changed: tuple[Ledger, list[int]], inside: int
) -> None:
    ledger, begun = changed
    position = begun[3] + inside
    ledger.forget_scores()
    for projector in ledger.projectors():
        projector.advance(position)
    told = Chronicles(ledger.workers, Rules(ledger.workers)).of(CYCLE, position).scores(Moment(position))
    rows = ledger.rows("SELECT unit, leaf, claimed, verified, final, maximum, status FROM scores.leaf_scores")
    assert {(unit, leaf): tuple(score) for unit, of in told.items() for leaf, score in of.items()} == {
        (unit, leaf): tuple(score) for unit, leaf, *score in rows
    }
