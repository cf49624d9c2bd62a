"""Who is told what, by the table: whoever may do the act that an event calls for, and never who caused the event."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain import duties, facts, notices
from domain.channels import KINDS
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.notices import Place
from domain.people import Grant, Person
from domain.scopes import SCOPES
from domain.told.row import EVERYBODY, ONESELF
from domain.told.table import ALSO, DEAD_LETTERS, NOBODY, ON_KEYS, TOLD
from domain.told.work import ADDRESS
from events.codec import TYPES
from tests.events.examples import EXAMPLES

DEPARTMENTS = {"6a": "democracy", "10a": "women"}
CYCLE = Cycle(
    "2026", phase="open", units={each: Unit(each, "district", each, each) for each in ("zhongshan", "xigang")}
)
SHEET = "sheet/2026/zhongshan/6"


def person(name: str, *grants: tuple[str, str], conflicts: tuple[str, ...] = ()) -> Person:
    return Person(name, True, grants=frozenset(Grant(*each) for each in grants), conflicts=frozenset(conflicts))


PEOPLE = [
    person("unit", ("unit", "zhongshan")),
    person("other unit", ("unit", "xigang")),
    person("unit elsewhere", ("unit", "lushun")),
    person("reviewer", ("reviewer", "democracy")),
    person("other reviewer", ("reviewer", "women")),
    person("conflicted reviewer", ("reviewer", "democracy"), conflicts=("zhongshan", "xigang")),
    person("approver", ("approver", "democracy")),
    person("chief", ("approver", "*")),
    person("administrator", ("administrator", "*")),
    person("auditor", ("auditor", "*")),
    person("viewer", ("viewer", "*")),
    person("nobody"),
]


KEY = "claim/2026/10a/" + "0" * 32
ROWS = [*TOLD.values(), *ALSO.values(), *ON_KEYS.values(), DEAD_LETTERS]
SHARES = {"zhongshan": "1.00", "xigang": "1.00"}


def told(
    fact: facts.Fact, stream: str = SHEET, by: str = "", earlier: Sequence[tuple[facts.Fact, str]] = ()
) -> set[str]:
    where = notices.place(stream, fact, {"2026": CYCLE}, DEPARTMENTS)
    return {each.person for each in notices.told(fact, stream, by, where, PEOPLE, earlier)}


def verified(*, corrected: bool) -> facts.Fact:
    return facts.FiguresVerified("6a", "s", {}, corrected, "")


CASES: list[tuple[facts.Fact, str, set[str]]] = [
    (facts.EvidenceReviewed("e", "6a", "returned", ""), SHEET, {"unit"}),
    (facts.EvidenceReviewed("e", "6a", "rejected", ""), SHEET, {"unit"}),
    (facts.EvidenceReviewed("e", "6a", "accepted", ""), SHEET, set()),
    (verified(corrected=True), SHEET, {"unit"}),
    (verified(corrected=False), SHEET, set()),
    (facts.LeafJudged("6a", "1.00", ""), SHEET, {"unit"}),
    (facts.AdjustmentApproved("a", "6a", ""), SHEET, {"unit"}),
    (facts.BonusGranted("b", "6a", ""), SHEET, {"unit"}),
    (facts.BonusDeclined("b", "6a", ""), SHEET, {"unit"}),
    (facts.AppealDecided("a", "6a", "dismissed", "0.00", "", ""), SHEET, {"unit"}),
    (facts.FiguresSubmitted("s", {"6a": {}}), SHEET, {"reviewer"}),
    (facts.FiguresSubmitted("s", {"6a": {}, "10a": {}}), SHEET, {"reviewer", "other reviewer"}),
    (facts.FiguresSubmitted("s", {"nowhere": {}}), SHEET, set()),
    (facts.EvidenceAttached("e", "10a", "", "", 1, ""), SHEET, {"other reviewer"}),
    (facts.JudgementSealed("6a", "m", "0.50", "c"), SHEET, {"reviewer"}),
    (facts.AdjustmentProposed("a", "6a", "1.00", "", ""), SHEET, {"approver", "chief"}),
    (facts.BonusProposed("b", "10a", "", "", "", ""), SHEET, {"chief"}),
    (facts.AppealFiled("a", "6a", ""), SHEET, {"administrator"}),
    (facts.AppealAssigned("a", "6a", "chief", ""), SHEET, {"chief"}),
    (facts.AppealAssigned("a", "6a", "viewer", ""), SHEET, set()),
    (facts.TargetIssued("zhongshan", "1a", 1, ""), "cycle/2026", {"unit"}),
    (
        facts.TargetChangeProposed("c", "zhongshan", "1a", 0, 1, "", "", 0, 0, "", 1, ""),
        "cycle/2026",
        {"administrator"},
    ),
    (facts.ExtensionGranted("e", "xigang", "open", "", ""), "cycle/2026", {"other unit"}),
    (facts.ObjectionFiled("o", 1, "xigang", "zhongshan", ""), "cycle/2026", {"administrator"}),
    (
        facts.ObjectionAnswered("o", "xigang", "zhongshan", "dismissed", ""),
        "cycle/2026",
        {"unit", "other unit"},
    ),
    (facts.WaiverSigned("conflicted reviewer", "zhongshan", "democracy", ""), "cycle/2026", {"conflicted reviewer"}),
    (
        facts.PhaseAdvanced("appeal", "final", ""),
        "cycle/2026",
        {"unit", "other unit", "reviewer", "other reviewer", "approver", "chief"},
    ),
    (facts.ResultsProposed(1, "", "", "", {}, "", 1, ""), "cycle/2026", {"administrator"}),
    (facts.RubricDrafted("h", "t"), "rubric/six-actions", {"administrator"}),
    (facts.ErasureRequested("x", ""), "erasure/x", {"administrator", "chief"}),
    (facts.RecomputationFinished("r", 1, "", 1, 1, "", ""), "recomputation/r", {"administrator", "auditor"}),
    (facts.RecomputationFinished("r", 1, "", 1, 0, "", ""), "recomputation/r", set()),
    (facts.JointClaimed("b", "10a", "", "", "", "zhongshan", "10", SHARES, ""), SHEET, {"other unit"}),
    (
        facts.JointClaimDisputed("b", "10a", "", "", "", "zhongshan", SHARES, ""),
        SHEET,
        {"other unit", "other reviewer"},
    ),
    (facts.JointSplitProposed("b", "10a", "", SHARES, ""), SHEET, set()),
    (facts.JointSplitProposed("b", "10a", "", SHARES, ""), KEY, {"chief"}),
    (facts.JointSplitDecided("b", "10a", "", "", "", "zhongshan", SHARES, ""), SHEET, {"unit"}),
    (facts.JointSplitDecided("b", "10a", "", "", "", "", SHARES, ""), KEY, set()),
    (facts.NoticeChannelSet("email", "", "zh", []), "person/viewer", {"viewer"}),
    (facts.NoticeCheckRequested("email"), "person/nobody", {"nobody"}),
    (facts.UnitEnrolled("zhongshan", "district", "", ""), "cycle/2026", {"unit"}),
    (facts.UnitWithdrawn("zhongshan", ""), "cycle/2026", {"unit"}),
    (facts.RoleGranted("viewer", "*", ""), "person/viewer", {"viewer"}),
    (facts.RoleRevoked("unit", "lushun", ""), "person/nobody", {"nobody"}),
    (facts.ConflictDeclared("zhongshan", ""), "person/reviewer", {"reviewer"}),
    (facts.CredentialIssued("c", "", ""), "person/administrator", {"administrator"}),
    (facts.CredentialRevoked("c", ""), "person/unit", {"unit"}),
    (facts.InvitationIssued("i", "", ""), "person/unit", {"unit"}),
    (facts.IdentityLinked("i", ""), "person/unit", {"unit"}),
    (facts.IdentityUnlinked("i", ""), "person/unit", {"unit"}),
    (facts.CredentialRotated("c", "d", "", "", ""), "person/unit", set()),
    (facts.ActRefused("a", "own-act", SHEET, ""), "refusals/2026-01-01", set()),
]


@pytest.mark.parametrize(("fact", "stream", "expected"), CASES, ids=lambda each: type(each).__name__)
def test_whom_an_event_concerns_is_told(fact: facts.Fact, stream: str, expected: set[str]) -> None:
    assert told(fact, stream) == expected


@pytest.mark.parametrize("name", sorted(each.__name__ for each, row in TOLD.items() if row.kind != ADDRESS))
def test_who_caused_an_event_is_never_told_of_it(name: str) -> None:
    stream, fact = EXAMPLES[name]
    for each in PEOPLE:
        assert each.id not in told(fact, f"person/{each.id}" if stream.startswith("person/") else stream, by=each.id)


ROLES = st.sets(
    st.sampled_from([(role, scope) for role in SCOPES for scope in ("zhongshan", "xigang", "democracy", "women", "*")]),
    max_size=4,
)


@given(st.sampled_from(sorted(EXAMPLES)), ROLES, st.sets(st.sampled_from(["zhongshan", "xigang"])))
def test_nobody_is_told_what_he_may_not_act_on(name: str, roles: set[tuple[str, str]], conflicts: set[str]) -> None:
    stream, fact = EXAMPLES[name]
    someone = person("someone", *roles, conflicts=tuple(conflicts))
    where = notices.place(stream, fact, {"2026": CYCLE}, DEPARTMENTS)
    earlier = [(each, "someone") for _, each in EXAMPLES.values()]
    found = list(notices.told(fact, stream, "another", where, [someone], earlier))
    assert len(found) <= 1
    for each in found:
        if each.act == ONESELF:
            assert stream == "person/someone"
            continue
        assert roles
        assert each.act == EVERYBODY or duties.may(someone, each.act, unit=each.unit, departments=each.departments)
        assert notices.concerns(each.act, each.unit, each.departments, someone)
        assert not notices.concerns(each.act, each.unit, each.departments, person("someone"))


def test_every_row_is_of_an_event_and_of_a_kind_that_can_be_asked_for_and_of_acts_that_there_are() -> None:
    assert {row.kind for row in ROWS} == {*KINDS, ADDRESS}
    assert {act for row in ROWS for act in row.tell} <= {*duties.ACTS, EVERYBODY, ONESELF}


def test_every_event_there_is_says_whom_it_tells_or_is_named_as_telling_nobody() -> None:
    tells = TOLD.keys() | ON_KEYS.keys()
    assert tells | NOBODY == set(TYPES.values())
    assert not tells & NOBODY


OTHERS: list[tuple[facts.Fact, str]] = [
    (facts.AdjustmentProposed("b", "6a", "1.00", "", ""), "other reviewer"),
    (facts.LeafJudged("6a", "1.00", ""), "viewer"),
]
PROPOSED = facts.AdjustmentProposed("a", "6a", "1.00", "", "")
CHANGE = facts.RubricChangeProposed("c", "", "", "", 1, 1, "", 1, "")
TARGET = facts.TargetChangeProposed("c", "zhongshan", "1a", 0, 1, "", "", 0, 0, "", 1, "")
RESULTS = facts.ResultsProposed(1, "", "", "", {}, "", 1, "")
BONUS = facts.BonusProposed("a", "6a", "", "", "", "")
SEALED = facts.JudgementSealed("6a", "", "", "")
SPLIT = facts.JointSplitDecided("b", "10a", "", "", "", "", SHARES, "")
# by stream: (the decision, what was begun, who began it)
DECIDED: dict[str, list[tuple[facts.Fact, facts.Fact, str]]] = {
    SHEET: [
        (facts.AdjustmentApproved("a", "6a", ""), PROPOSED, "reviewer"),
        (facts.AdjustmentDeclined("a", "6a", ""), PROPOSED, "reviewer"),
        (facts.AdjustmentRevoked("a", "6a", ""), facts.AppealDecided("x", "6a", "", "1.00", "a", ""), "chief"),
        (facts.BonusGranted("a", "6a", ""), BONUS, "reviewer"),
        (facts.BonusDeclined("a", "6a", ""), BONUS, "reviewer"),
        (facts.BonusRevoked("a", "6a", ""), BONUS, "reviewer"),
        (facts.JudgementModerated("6a", "", ""), facts.SecondJudgementGiven("6a", "", ""), "reviewer"),
        (facts.SecondJudgementGiven("6a", "", ""), SEALED, "reviewer"),
        (facts.SecondJudgementWaived("6a", ""), SEALED, "reviewer"),
    ],
    KEY: [(SPLIT, facts.JointSplitProposed("b", "10a", "", SHARES, ""), "other reviewer")],
    "cycle/2026": [
        (
            facts.ExtensionGranted("e", "xigang", "open", "", ""),
            facts.ExtensionProposed("e", "xigang", "open", "", ""),
            "administrator",
        ),
        (facts.CycleReopened("r", 2, {}, ""), facts.ReopeningProposed("r", {}, ""), "administrator"),
        (facts.MarkingSet("m", 1, {}, "", "", ""), facts.MarkingProposed("m", 1, {}, "", ""), "administrator"),
        (facts.RubricAdopted("c", "", "", "", "", ""), CHANGE, "administrator"),
        (facts.RubricChangeWithdrawn("c", ""), CHANGE, "administrator"),
        (facts.TargetChangeConfirmed("c", "", "", ""), TARGET, "administrator"),
        (facts.TargetChangeWithdrawn("c", ""), TARGET, "administrator"),
        (facts.ResultsPublished(1, "", "", {}, "", 1, ""), RESULTS, "administrator"),
        (facts.CycleFinalised(1, "", "", {}, "", 1, ""), RESULTS, "administrator"),
    ],
    "rubric/six-actions": [
        (facts.RubricPublished("h"), facts.RubricDrafted("h", ""), "administrator"),
        (facts.RubricPublished("h"), facts.InterpretationDecided("", "", "", "h", "", ""), "administrator"),
        (facts.RubricDraftWithdrawn("h", ""), facts.RubricDrafted("h", ""), "administrator"),
        (facts.RubricDraftWithdrawn("h", ""), facts.InterpretationDecided("", "", "", "h", "", ""), "administrator"),
    ],
    "recomputation/r": [(facts.RecomputationApproved("r", ""), facts.RecomputationRequested("r", ""), "auditor")],
    "person/x": [
        (each, facts.ReadmissionProposed("p", ""), "administrator")
        for each in (
            facts.CredentialIssued("c", "", ""),
            facts.InvitationIssued("i", "", ""),
            facts.IdentityLinked("i", ""),
        )
    ],
    "erasure/x": [(facts.ErasureApproved("x", "", [], []), facts.ErasureRequested("x", ""), "chief")],
}


@pytest.mark.parametrize("stream", DECIDED)
def test_who_began_something_is_told_what_another_decided(stream: str) -> None:
    for fact, earlier, who in DECIDED[stream]:
        before = [*OTHERS, (earlier, who)]
        assert told(fact, stream, "another", before) - told(fact, stream, "another", OTHERS) == {who}, fact
        assert who not in told(fact, stream, who, before)  # he decided it himself
        # and nobody who may not look there any more
        assert told(fact, stream, "another", [(earlier, "nobody"), (earlier, "")]) == told(fact, stream, "another")


def test_every_row_that_names_what_was_begun_is_among_these() -> None:
    named = {type(fact) for cases in DECIDED.values() for fact, *_ in cases}
    every = [*TOLD.items(), *ALSO.items(), *ON_KEYS.items()]
    assert named == {kind for kind, row in every if row.looks_back} - {facts.JudgementOpened}


@pytest.mark.parametrize("past", [facts.InvitationIssued("i", "", ""), facts.SignedIn("c", "", "", "i")])
def test_who_proposed_a_readmission_is_told_of_the_one_that_followed_alone(past: facts.Fact) -> None:
    proposed = (facts.ReadmissionProposed("p", ""), "administrator")
    assert told(facts.CredentialIssued("c", "", ""), "person/viewer", "another", [proposed]) == {
        "viewer", "administrator",
    }  # fmt: skip
    assert told(facts.CredentialIssued("c", "", ""), "person/viewer", "another", [proposed, (past, "another")]) == {
        "viewer"
    }
    by_himself = told(facts.CredentialIssued("c", "", ""), "person/viewer", "administrator", [proposed])
    assert by_himself == {"viewer"}


JUDGES = [
    person("first", ("reviewer", "democracy"), ("approver", "democracy")),
    person("second", ("reviewer", "democracy"), ("approver", "democracy")),
    person("once a clerk", ("approver", "democracy")),
    person("kin", ("approver", "*"), conflicts=("zhongshan",)),
]


@pytest.mark.parametrize(
    ("opened", "second", "expected"),
    [
        ("2.00", "1.50", {"unit"}),
        ("2.00", "1.40", {"approver", "chief"}),
        ("1.00", "1.60", {"approver", "chief"}),
        ("2.00", None, {"unit"}),
    ],
    ids=["at the limit", "beyond it", "beyond it the other way", "waived"],
)
def test_judgements_that_differ_are_told_to_exactly_those_who_may_moderate(
    opened: str, second: str | None, expected: set[str]
) -> None:
    earlier: list[tuple[facts.Fact, str]] = [
        (facts.FiguresSubmitted("s", {"6a": {}}), "once a clerk"),
        (facts.AppealFiled("a", "6a", "", [], "o"), "chief"),  # referred, when he was something else
        (facts.JudgementSealed("6a", "m", "0.10", ""), "unit elsewhere"),  # an earlier round
        (facts.SecondJudgementGiven("6a", "9.00", ""), "chief"),
        (facts.JudgementSealed("6a", "m", "0.50", ""), "first"),
        (facts.SecondJudgementGiven("6b", "9.00", ""), "chief"),
        (facts.SecondJudgementGiven("6a", second, ""), "second")
        if second
        else (facts.SecondJudgementWaived("6a", ""), "second"),
    ]
    fact = facts.JudgementOpened("6a", opened, "", "")
    where = notices.place(SHEET, fact, {"2026": CYCLE}, DEPARTMENTS)
    found = list(notices.told(fact, SHEET, "second", where, [*PEOPLE, *JUDGES], earlier))
    assert {each.person for each in found} == expected
    assert {each.act for each in found} == ({"file"} if expected == {"unit"} else {"approve"})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.en)
def test_every_title_speaks_both_languages(row: Any) -> None:
    assert re.search("[\u4e00-\u9fff]", row.zh)
    assert row.en.isascii()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.en)
def test_a_title_names_nobody_and_no_figure(row: Any) -> None:
    assert not re.search(r"[0-9]", row.zh + row.en)


def test_a_place_without_rubric_or_cycle_is_no_error() -> None:
    fact = facts.PhaseAdvanced("draft", "open", "")
    assert notices.place("cycle/2099", fact, {}, {}) == Place()
