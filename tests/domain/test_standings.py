from hypothesis import given, strategies as st

from domain.scoring import score
from domain.standings import DepartmentStanding, UnitScore, departments, rank, rank_by_cohort, rank_departments
from service.rubric_files import load

SHEET = load("six-actions")
TOTALS = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 12000), max_size=30)


def test_ties_share_a_rank_and_the_next_one_is_left_out() -> None:
    assert rank({"a": 90, "b": 80, "c": 80, "d": 70}) == {"a": 1, "b": 2, "c": 2, "d": 4}


@given(TOTALS)
def test_a_rank_is_one_more_than_the_units_above(totals: dict[str, int]) -> None:
    ranks = rank(totals)
    assert ranks == {unit: 1 + sum(other > own for other in totals.values()) for unit, own in totals.items()}


def test_units_are_ranked_inside_their_cohort() -> None:
    totals = {"a": 9000, "x": 7500, "b": 8000, "y": 7900}
    cohorts = {"a": "district", "b": "district", "x": "industry", "y": "industry"}
    assert rank_by_cohort(totals, cohorts) == {"a": 1, "x": 2, "b": 2, "y": 1}


def _unit(cohort: str, leaves: dict[str, dict[str, object]]) -> UnitScore:
    result = score(SHEET, cohort, leaves)
    return UnitScore(cohort, result.leaves, result.maximum)


def test_a_department_stands_by_the_leaves_it_answers_for_over_all_units() -> None:
    units = [
        _unit("district", {"10a": {"numerator": 1, "denominator": 1}, "1d": {"not_applicable": True}}),
        _unit("industry", {"1d": {"numerator": 1, "denominator": 1}, "7a": {"claims": 1}}),
    ]
    standings = departments(SHEET, units)
    assert standings["women"] == DepartmentStanding(won=260, possible=360, bonus=0)
    assert standings["democracy"] == DepartmentStanding(won=0, possible=4200, bonus=300)
    assert sum(each.possible for each in standings.values()) == 18000


def test_departments_are_ranked_by_the_exact_share() -> None:
    third = DepartmentStanding(10**16, 3 * 10**16, 0)
    above = DepartmentStanding(10**16 + 1, 3 * 10**16, 0)
    nothing = DepartmentStanding(0, 0, 500)
    ranks = rank_departments({"a": third, "b": above, "c": DepartmentStanding(1, 3, 0), "d": nothing})
    assert ranks == {"b": 1, "a": 2, "c": 2}
