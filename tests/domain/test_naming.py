"""Names are told to who has to know them, and a viewer, or another unit, is told none."""

import pytest

from domain.naming import may_name
from domain.people import Grant, Person


def somebody(key: str, *grants: tuple[str, str], once: tuple[tuple[str, str], ...] = ()) -> Person:
    held = frozenset(Grant(*each) for each in grants)
    return Person(key, registered=True, grants=held, served=held | {Grant(*each) for each in once})


CLERK = somebody("clerk", ("unit", "xigang"))
FORMER = somebody("former", once=(("unit", "xigang"),))
REVIEWER = somebody("reviewer", ("reviewer", "legal"))
VIEWER = somebody("viewer", ("viewer", "*"))
NOBODY = somebody("nobody")
EVERYBODY = (CLERK, FORMER, REVIEWER, VIEWER, NOBODY)
COLLEAGUE = somebody("colleague", ("unit", "xigang"))
OTHER = somebody("other", ("unit", "zhongshan"))
APPROVER = somebody("approver", ("approver", "women"))
AUDITOR = somebody("auditor", ("auditor", "*"))
BOTH = somebody("both", ("viewer", "*"), ("unit", "zhongshan"))


@pytest.mark.parametrize(
    ("reader", "named"),
    [
        (AUDITOR, EVERYBODY),
        (somebody("administrator", ("administrator", "*")), EVERYBODY),
        (APPROVER, (CLERK, FORMER, REVIEWER)),
        (somebody("second", ("reviewer", "women"), ("viewer", "*")), (CLERK, FORMER, REVIEWER)),
        (COLLEAGUE, (CLERK, FORMER)),
        (OTHER, ()),
        (BOTH, ()),
        (VIEWER, (VIEWER,)),
        (FORMER, (FORMER,)),
        (NOBODY, (NOBODY,)),
    ],
    ids=lambda each: each.id if isinstance(each, Person) else "",
)
def test_a_reader_is_told_exactly_the_names_he_has_to_know(reader: Person, named: tuple[Person, ...]) -> None:
    assert tuple(each for each in EVERYBODY if may_name(reader, each)) == named
