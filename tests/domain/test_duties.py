"""Who may do what: the table of roles, and the rules that look at people instead of roles."""

import pytest

from domain.duties import ACTS, conflicted, may, permit, second_person
from domain.people import Grant
from tests.domain.stage import person, refused

PEOPLE = {
    "unit": person("unit", ("unit", "zhongshan")),
    "other unit": person("other unit", ("unit", "xigang")),
    "reviewer": person("reviewer", ("reviewer", "legal")),
    "other reviewer": person("other reviewer", ("reviewer", "women")),
    "approver": person("approver", ("approver", "legal")),
    "other approver": person("other approver", ("approver", "women")),
    "chief approver": person("chief approver", ("approver", "*")),
    "auditor": person("auditor", ("auditor", "*")),
    "administrator": person("administrator", ("administrator", "*")),
    "viewer": person("viewer", ("viewer", "legal")),
    "nobody": person("nobody"),
}
SCORING = {"file", "review", "approve", "decide-appeal"}
MAY = {
    "unit": {
        "see-register",
        "import-figures",
        "see-imports",
        "file",
        "see-sheet",
        "see-evidence",
        "see-unit",
        "see-published",
    },
    "other unit": {"see-register", "import-figures", "see-imports", "see-published"},
    "reviewer": {
        "compare",
        "see-register",
        "review",
        "see-sheet",
        "see-evidence",
        "see-unit",
        "see-board",
        "see-published",
    },
    "other reviewer": {"see-unit", "see-board", "see-published"},
    "approver": {
        "compare",
        "see-register",
        "sign-waiver",
        "approve",
        "decide-appeal",
        "see-sheet",
        "see-evidence",
        "see-unit",
        "see-board",
        "see-published",
    },
    "other approver": {"sign-waiver", "see-unit", "see-board", "see-published"},
    "chief approver": {
        "compare",
        "see-register",
        "sign-waiver",
        "approve",
        "decide-appeal",
        "erase",
        "see-erasures",
        "see-sheet",
        "see-evidence",
        "see-unit",
        "see-board",
        "see-published",
    },
    "auditor": {
        "compare",
        "see-register",
        "audit",
        "see-appeals",
        "see-imports",
        "recompute",
        "see-erasures",
        "see-sheet",
        "see-evidence",
        "see-unit",
        "see-board",
        "see-published",
    },
    "administrator": {
        "compare",
        "see-register",
        "sign-waiver",
        "administer",
        "see-appeals",
        "see-imports",
        "recompute",
        "erase",
        "see-erasures",
        "see-unit",
        "see-board",
        "see-published",
    },
    "viewer": {"see-unit", "see-board", "see-published"},
    "nobody": set(),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_may_do_on_a_units_leaf_what_the_table_says_and_nothing_else(who: str) -> None:
    allowed = {act for act in ACTS if may(PEOPLE[who], act, unit="zhongshan", departments=frozenset({"legal"}))}
    assert allowed == MAY[who]


def test_a_unit_may_never_see_another_units_evidence() -> None:
    with refused("not-permitted"):
        permit(PEOPLE["unit"], "see-evidence", unit="xigang", departments=frozenset({"legal"}))


def test_a_viewer_reads_scores_but_no_evidence() -> None:
    viewer = person("viewer", ("viewer", "*"))
    assert may(viewer, "see-board")
    assert not may(viewer, "see-evidence", unit="zhongshan", departments=frozenset({"legal"}))


@pytest.mark.parametrize("who", ["auditor", "administrator", "viewer"])
def test_who_only_looks_or_administers_neither_files_nor_reviews_nor_approves(who: str) -> None:
    assert not MAY[who] & SCORING
    for act in SCORING:
        with refused("not-permitted"):
            permit(PEOPLE[who], act, unit="zhongshan", departments=frozenset({"legal"}))


def test_a_units_role_never_reaches_beyond_its_unit() -> None:
    # Not even a grant of "*", which no rule would give.
    assert not may(person("odd", ("unit", "*")), "file", unit="zhongshan")


def test_the_answer_is_the_grant_under_which_somebody_acts() -> None:
    both = person("both", ("reviewer", "legal"), ("approver", "*"))
    assert permit(both, "review", unit="zhongshan", departments=frozenset({"legal"})) == Grant("reviewer", "legal")
    assert permit(both, "approve", unit="zhongshan", departments=frozenset({"legal"})) == Grant("approver", "*")


@pytest.mark.parametrize("act", ["review", "approve"])
def test_a_declared_conflict_blocks_reviewing_and_approving(act: str) -> None:
    role = {"review": "reviewer", "approve": "approver"}[act]
    torn = person("torn", (role, "legal"), conflicts=("zhongshan",))
    with refused("conflict-of-interest"):
        permit(torn, act, unit="zhongshan", departments=frozenset({"legal"}))
    assert permit(torn, act, unit="xigang", departments=frozenset({"legal"}))


@pytest.mark.parametrize("act", ["review", "approve"])
def test_nobody_judges_the_unit_he_acts_for_though_he_declared_nothing(act: str) -> None:
    role = {"review": "reviewer", "approve": "approver"}[act]
    insider = person("insider", ("unit", "zhongshan"), (role, "legal"))
    assert conflicted(insider, "zhongshan")
    with refused("conflict-of-interest"):
        permit(insider, act, unit="zhongshan", departments=frozenset({"legal"}))
    assert permit(insider, act, unit="xigang", departments=frozenset({"legal"}))


def test_a_conflict_gives_no_hint_to_somebody_without_the_role() -> None:
    with refused("not-permitted"):
        permit(person("torn", ("viewer", "*"), conflicts=("zhongshan",)), "review", unit="zhongshan")


def test_a_conflict_does_not_keep_somebody_from_reading_scores() -> None:
    assert may(person("torn", ("reviewer", "legal"), conflicts=("zhongshan",)), "see-unit", unit="zhongshan")


def test_two_person_rules_compare_people_and_not_roles() -> None:
    one = person("one", ("reviewer", "legal"), ("approver", "*"))
    with refused("own-act"):
        second_person(one, "somebody", "one")
    second_person(one, "another", "")
