"""What a second person put into force is what the first had proposed: the verifier compares them from entries alone."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain import facts
from domain.interpretations import decide
from domain.rubric.identity import canonical, identity
from domain.rubric.questions import Decision
from events.codec import to_event
from events.entry import Actor, Context, Head, build, leaf_of, utc_text
from service.rubric_files import load
from service.verify.audit import Audit

RUBRIC, REASON, CYCLE = load("six-actions"), "经核查属实", "cycle/2026"
HASH = identity(RUBRIC)
SHEET = "sheet/2026/zhongshan/1"
MARCH = "2026-03-01T00:00:00.000000Z"


@dataclass
class Written:
    """Entries as the record would hold them, given to the verifier one by one."""

    audit: Audit = field(default_factory=lambda: Audit({HASH: canonical(RUBRIC)}, 0))
    heads: dict[str, Head] = field(default_factory=dict)
    position: int = 0
    clock: datetime = datetime(2026, 6, 1, tzinfo=UTC)

    def add(self, who: str, stream: str, *told: facts.Fact, effective: str | None = None, role: str = "") -> int:
        """Facts of a person; gives the position of the last."""
        scope = "zhongshan" if role == "unit" else "*"
        by = Actor(who, role or "administrator", scope) if role != "bootstrap" else Actor("", role)
        for fact in told:
            self._append(by, stream, fact, effective)
        return self.position

    def forge(self, who: str, role: str, scope: str, stream: str, fact: facts.Fact) -> int:
        """A fact under any role, or none; gives its position."""
        self._append(Actor(who, role, scope), stream, fact, None)
        return self.position

    def wait(self) -> None:
        """Longer than an act may lag behind what it was decided before."""
        self.clock += timedelta(minutes=1)

    def _append(self, by: Actor, stream: str, fact: facts.Fact, effective: str | None) -> None:
        self.position, self.clock = self.position + 1, self.clock + timedelta(seconds=1)
        head = self.heads.get(stream, Head())
        context = Context("kaohe.example/test", by, utc_text(self.clock))
        raw = build(stream, head, to_event(fact, effective), context)
        self.heads[stream] = Head(head.version + 1, leaf_of(raw))
        self.audit.take(self.position, raw)

    def found(self) -> list[tuple[str, str]]:
        """Where something does not hold, and in which members."""
        return [(each.place.removeprefix("position "), each.detail) for each in self.audit.findings]


@pytest.fixture
def written() -> Written:
    """Two administrators, a clerk, and a year that is open."""
    made = Written()
    for who in ("one", "two", "clerk"):
        role = facts.RoleGranted("unit", "zhongshan", REASON) if who == "clerk" else facts.RoleGranted(
            "administrator", "*", REASON
        )  # fmt: skip
        first = "bootstrap" if who == "one" else ""
        made.add("one", f"person/{who}", facts.PersonRegistered("0" * 64), role, role=first)
    made.add("one", "rubric/six-actions", facts.RubricDrafted(HASH, "t"))
    made.add("two", "rubric/six-actions", facts.RubricPublished(HASH))
    made.add(
        "one", CYCLE,
        facts.CycleCreated("t", "t", "six-actions", HASH, {}),
        facts.UnitEnrolled("zhongshan", "district", "中山", "Zhongshan"),
        facts.PhaseAdvanced("draft", "open", REASON),
    )  # fmt: skip
    return made


EXTENSION = facts.ExtensionProposed("x", "zhongshan", "open", "2026-07-01T00:00:00Z", REASON)
GRANTED = facts.ExtensionGranted("x", "zhongshan", "open", "2026-07-01T00:00:00Z", "同意")
MARKING = facts.MarkingProposed("m", 20, {"legal": 50}, "0.50", REASON)
SET = facts.MarkingSet("m", 20, {"legal": 50}, "0.50", "ab" * 32, "同意")
REOPENING = facts.ReopeningProposed("r", {"review": "2026-07-01T00:00:00Z"}, REASON)
REOPENED = facts.CycleReopened("r", 2, {"review": "2026-07-01T00:00:00Z"}, "同意")
CHANGE = facts.RubricChangeProposed("c", HASH, HASH, "cd" * 32, 1, 1, "kaohe", 1, REASON)
ADOPTED = facts.RubricAdopted("c", HASH, HASH, "cd" * 32, "kaohe", "同意")
Pair = tuple[Any, Any]


@pytest.mark.parametrize("pair", [(EXTENSION, GRANTED), (MARKING, SET), (REOPENING, REOPENED)])
def test_what_was_confirmed_as_it_was_proposed_holds(written: Written, pair: Pair) -> None:
    written.add("one", CYCLE, pair[0])
    written.add("two", CYCLE, pair[1])
    assert written.found() == []


@pytest.mark.parametrize(
    ("pair", "member", "value"),
    [
        ((EXTENSION, GRANTED), "unit", "xigang"),
        ((EXTENSION, GRANTED), "phase", "review"),
        ((EXTENSION, GRANTED), "moment", "2026-12-31T00:00:00Z"),
        ((MARKING, SET), "percent", 0),
        ((MARKING, SET), "departments", {}),
        ((MARKING, SET), "limit", "9.00"),
        ((REOPENING, REOPENED), "calendar", {}),
        ((CHANGE, ADOPTED), "difference", "ef" * 32),
    ],
)
def test_what_was_confirmed_otherwise_than_proposed_is_found_by_its_member(
    written: Written, pair: Pair, member: str, value: Any
) -> None:
    written.add("one", CYCLE, pair[0])
    position = written.add("two", CYCLE, replace(pair[1], **{member: value}))
    assert (str(position), member) in written.found()


@pytest.mark.parametrize("fact", [GRANTED, SET, REOPENED])
def test_what_nobody_proposed_or_was_decided_before_is_found(written: Written, fact: Any) -> None:
    position = written.add("two", CYCLE, fact)
    assert written.found() == [(str(position), type(fact).__name__)]


def test_a_rubric_is_published_as_the_draft_that_waited_and_a_withdrawn_one_never(written: Written) -> None:
    written.add("one", "rubric/six-actions", facts.RubricDrafted("b" * 64, "t"))
    written.add("two", "rubric/six-actions", facts.RubricDraftWithdrawn("b" * 64, REASON))
    assert written.found() == []
    gone = written.add("two", "rubric/six-actions", facts.RubricPublished("b" * 64))
    other = written.add("one", "rubric/six-actions", facts.RubricDraftWithdrawn("c" * 64, REASON))
    assert written.found() == [(str(gone), "b" * 64), (str(other), "c" * 64)]


def test_what_a_program_asked_for_is_found_where_one_person_alone_approved_it(written: Written) -> None:
    written.add("", "recomputation/r1", facts.RecomputationRequested("r1", REASON), role="worker")
    position = written.add("one", "recomputation/r1", facts.RecomputationApproved("r1", "同意"))
    assert written.found() == [(str(position), "one")]


STRICT = decide(RUBRIC, "Q3", Decision("zero", "one", REASON))
SIMULATED = facts.SimulationRequested("s", "2026", "", {"Q3": "zero"}, {}, REASON)
FINISHED = facts.SimulationFinished("s", 9, HASH, "ab" * 32, 1, 0, "kaohe", "cd" * 32)
DECIDED = facts.InterpretationDecided("Q3", "zero", HASH, identity(STRICT), "s", REASON)


@pytest.mark.parametrize(
    ("told", "decided", "holds"),
    [
        ((SIMULATED, FINISHED), DECIDED, True),
        ((replace(SIMULATED, rubric=HASH), replace(FINISHED, before="ef" * 32)), DECIDED, True),
        ((), replace(DECIDED, question="Q9", option="other", simulation=""), True),  # no score follows from it
        ((), replace(DECIDED, simulation=""), False),
        ((), DECIDED, False),
        ((SIMULATED,), DECIDED, False),
        ((SIMULATED, replace(FINISHED, failure="ValueError")), DECIDED, False),
        ((SIMULATED, replace(FINISHED, before="ef" * 32)), DECIDED, False),
        ((replace(SIMULATED, interpretations={"Q3": "tiers"}), FINISHED), DECIDED, False),
        ((replace(SIMULATED, targets={"zhongshan": {"1a": 5}}), FINISHED), DECIDED, False),
    ],
)
def test_a_question_that_was_decided_before_its_effect_was_simulated_is_found(
    written: Written, told: tuple[facts.Fact, ...], decided: facts.Fact, holds: bool
) -> None:
    for fact in told:
        program = isinstance(fact, facts.SimulationFinished)
        written.add("" if program else "one", "simulation/s", fact, role="worker" if program else "")
    position = written.add("one", "rubric/six-actions", decided)
    assert written.found() == ([] if holds else [(str(position), "Q3")])


@pytest.mark.parametrize("other", [{}, {"option": "tiers"}, {"question": "Q5"}, {"reason": "另一理由"}])
def test_a_question_that_an_adopted_rubric_has_decided_without_its_event_is_found(
    other: dict[str, str],
) -> None:
    strict = identity(STRICT)
    made = Written(Audit({HASH: canonical(RUBRIC), strict: canonical(STRICT)}, 0))
    made.add("one", "simulation/s", SIMULATED, FINISHED)
    made.add("one", "rubric/six-actions", replace(DECIDED, **other))
    made.add("two", "rubric/six-actions", facts.RubricPublished(strict))
    made.add("one", CYCLE, facts.CycleCreated("t", "t", "six-actions", HASH, {}), replace(CHANGE, hash=strict))
    position = made.add("two", CYCLE, replace(ADOPTED, hash=strict))
    assert ((str(position), "Q3") in made.found()) == bool(other)


ISSUED = facts.TargetIssued("zhongshan", "1a", 150, REASON)
APPLIED = facts.TargetApplied("1a", 150, REASON)
ASKED = facts.TargetChangeProposed("t", "zhongshan", "1a", 0, 150, "", "ef" * 32, 1, 0, "kaohe", 1, REASON)
CONFIRMED = facts.TargetChangeConfirmed("t", "ef" * 32, "kaohe", "同意")
FILED = facts.FiguresSubmitted("s", {"1a": {"actual": 80, "target": 100}})


def test_a_first_target_of_one_person_holds_and_one_that_could_move_a_score_does_not(written: Written) -> None:
    written.add("one", CYCLE, ISSUED)
    written.add("one", SHEET, APPLIED)
    assert written.found() == []
    again = written.add("one", CYCLE, replace(ISSUED, target=90))
    written.add("one", SHEET, replace(APPLIED, target=90))
    assert written.found() == [(str(again), f"{CYCLE} 1a")]


@pytest.mark.parametrize("holds", ["", MARCH])
def test_a_target_that_two_people_changed_as_proposed_holds(written: Written, holds: str) -> None:
    written.add("clerk", SHEET, FILED, role="unit")
    written.add("one", CYCLE, replace(ASKED, effective=holds))
    written.add("two", CYCLE, CONFIRMED, ISSUED, effective=holds or None)
    written.add("two", SHEET, APPLIED, effective=holds or None)
    assert written.found() == []


def test_a_target_confirmed_by_who_proposed_it_or_with_another_difference_is_found(written: Written) -> None:
    written.add("clerk", SHEET, FILED, role="unit")
    written.add("one", CYCLE, ASKED)
    position = written.add("one", CYCLE, replace(CONFIRMED, difference="00" * 32))
    written.add("one", CYCLE, ISSUED)
    written.add("one", SHEET, APPLIED)
    assert written.found() == [(str(position), "one"), (str(position), "difference")]


@pytest.mark.parametrize(
    ("issued", "applied", "holds"),
    [
        (replace(ISSUED, target=151), APPLIED, None),
        (replace(ISSUED, unit="xigang"), APPLIED, None),
        (replace(ISSUED, reason="另一理由"), APPLIED, None),
        (ISSUED, replace(APPLIED, target=151), None),
        (ISSUED, APPLIED, MARCH),
    ],
    ids=["target", "unit", "reason", "on the sheet", "since when"],
)
def test_a_target_that_came_otherwise_than_two_people_decided_is_found_where_they_did(
    written: Written, issued: facts.Fact, applied: facts.Fact, holds: str | None
) -> None:
    written.add("clerk", SHEET, FILED, role="unit")
    written.add("one", CYCLE, ASKED)
    position = written.add("two", CYCLE, CONFIRMED)
    written.add("two", CYCLE, issued, effective=holds)
    written.add("two", SHEET, applied, effective=holds)
    assert str(position) in [place for place, _ in written.found()]


def test_a_target_on_a_sheet_that_nobody_issued_is_found(written: Written) -> None:
    position = written.add("one", SHEET, APPLIED)
    assert written.found() == [(str(position), f"{SHEET} 1a")]


@pytest.mark.parametrize("fact", [EXTENSION, MARKING, REOPENING, CHANGE, ASKED, ISSUED])
def test_what_only_administrators_propose_and_issue_is_found_under_another_role(written: Written, fact: Any) -> None:
    position = written.add("clerk", CYCLE, fact, role="unit")
    assert written.found() == [(str(position), "unit zhongshan")]
