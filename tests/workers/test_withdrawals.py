"""A unit that left and came again in an open year: tables are those of a replay, whichever share is ahead."""

import itertools

import pytest

from domain import adoption, facts
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.interpretations import apply
from domain.rubric.identity import identity
from tests.workers.ledger import CYCLE, RUBRIC, Ledger, acts
from tests.workers.year import ADMINISTRATOR, Act, city, publish

CAPPED = apply(RUBRIC, {"Q5": "capped"})  # moves the most that a leaf can earn, also on an empty sheet
GUEST = Unit("guest", "district", "客", "Guest")
STREAM = f"cycle/{CYCLE}"
UNITS = {unit: Unit(unit, cohort, "", "") for unit, cohort in city(2).items()} | {"guest": GUEST}
SHEETS = adoption.sheets(Cycle(CYCLE, units=UNITS), RUBRIC)
ENROLLED = Act(STREAM, facts.UnitEnrolled("guest", "district", "客", "Guest"), ADMINISTRATOR)
WITHDRAWN = [
    Act(STREAM, facts.UnitWithdrawn("guest", "名册有误"), ADMINISTRATOR),
    *(Act(stream, facts.WithdrawalApplied("名册有误"), ADMINISTRATOR) for stream in SHEETS if "/guest/" in stream),
]
STEPS = ([ENROLLED], [], WITHDRAWN, [ENROLLED], WITHDRAWN)


def adopted() -> list[Act]:
    said = ("change", identity(RUBRIC), identity(CAPPED), "00" * 32, "test", "同意")
    applied = facts.RubricApplied(identity(CAPPED), "同意")
    return [
        Act(STREAM, facts.RubricAdopted(*said), ADMINISTRATOR),
        *(Act(stream, applied, ADMINISTRATOR) for stream in SHEETS),
    ]


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("adoption_at", [1, 3])
def test_the_tables_of_a_year_in_which_a_unit_comes_and_goes_are_those_of_a_replay(
    ledger: Ledger, first: int, adoption_at: int
) -> None:
    publish(ledger.service, CAPPED)
    year, stands = iter(acts(units=2, limit=120)), []
    ledger.append(*itertools.islice(year, 40))
    for number, step in enumerate(STEPS):
        if number == adoption_at:  # while it takes part, and while it is away
            ledger.append(*adopted())
        if step:
            ledger.append(*step)
        ledger.append(*itertools.islice(year, 10))
        stands.append(ledger.order())
    ahead, behind = ledger.projectors()[:: 1 if first == 0 else -1]
    before = 0
    for position, here in zip(stands, (True, True, False, True, False), strict=True):
        ahead.advance(position - before)
        for after in range(before, position, 20):
            behind.advance(min(20, position - after))
        assert ledger.checkpoints() == [(position, 1)] * 2
        assert ledger.digest() == ledger.replayed(upto=position)
        assert here == bool(ledger.rows("SELECT FROM scores.unit_scores WHERE unit = 'guest'"))
        before = position
    capped = "SELECT unit FROM scores.leaf_scores WHERE leaf = '1f' AND maximum = 200 AND unit <> 'guest'"
    assert len(ledger.rows(capped)) == 2
