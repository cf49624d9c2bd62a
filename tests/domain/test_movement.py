"""The difference between two moments: every part is an event's, and the parts add up to the whole."""

from collections import Counter

from hypothesis import given, strategies as st

from domain.moments import Moment
from domain.movement import difference, walk
from tests.domain.histories import History, histories, minute

MOMENTS = st.builds(Moment, st.integers(0, 15), st.none() | st.integers(0, 40).map(minute))


@given(histories(), MOMENTS, MOMENTS)
def test_the_parts_add_up_exactly_to_the_difference(history: History, before: Moment, after: Moment) -> None:
    first, last = history.standing(before), history.standing(after)
    parts: Counter[str] = Counter()
    for moved in walk(frozenset(first), frozenset(last), lambda places: history.points(list(places))):
        parts.update(difference(moved.before, moved.after))
    assert {name: points for name, points in parts.items() if points} == difference(
        history.points(first), history.points(last)
    )


@given(histories(), MOMENTS, MOMENTS)
def test_each_event_is_passed_once_and_only_if_it_stands_at_one_of_the_two(
    history: History, before: Moment, after: Moment
) -> None:
    first, last = set(history.standing(before)), set(history.standing(after))
    walked = list(walk(first, last, len))
    assert sorted(moved.place for moved in walked) == sorted(first ^ last)
    assert {moved.place for moved in walked if moved.gone} == first - last


@given(histories(), MOMENTS)
def test_between_a_moment_and_itself_nothing_moves(history: History, moment: Moment) -> None:
    standing = frozenset(history.standing(moment))
    assert list(walk(standing, standing, lambda places: history.points(list(places)))) == []


@given(histories(), MOMENTS, MOMENTS)
def test_the_way_back_moves_as_much_the_other_way(history: History, one: Moment, two: Moment) -> None:
    there, back = history.points(history.standing(one)), history.points(history.standing(two))
    assert difference(there, back) == {name: -points for name, points in difference(back, there).items()}


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_no_step_of_the_way_stands_outside_the_two_moments(before: set[int], after: set[int]) -> None:
    seen = [set(held) for held in _held(before, after)]
    assert all(before & after <= held <= before | after for held in seen)


def _held(before: set[int], after: set[int]) -> list[tuple[int, ...]]:
    held: list[tuple[int, ...]] = []

    def stands(places: object) -> int:
        held.append(tuple(places))  # type: ignore[call-overload]
        return 0

    list(walk(before, after, stands))
    return held
