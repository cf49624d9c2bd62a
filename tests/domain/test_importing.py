"""A table of figures is compared with the sheets in time that grows as the table does, whatever stands in it."""

from domain.acts import importing
from domain.imports import Line
from tests.domain.stage import CLERK, Stage


class Counted(str):
    """A text that counts how often it was compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_a_row_that_is_repeated_a_thousand_times_is_compared_with_few_others() -> None:
    values = {"unit": "zhongshan", "item": "1", "leaf": "1a", "value": "1"}
    lines = [Line(row, values | {"figure": Counted("actual")}) for row in range(2, 1002)]
    [change] = importing.difference(lines, lambda _unit, _item: Stage("1").case(CLERK))
    assert [flaw.code for flaw in change.flaws] == ["duplicate-row"] * 1000
    assert Counted.compared < 10 * len(lines)
