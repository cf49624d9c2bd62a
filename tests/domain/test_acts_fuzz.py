"""Whatever the API could let through, the rules answer with facts or a named refusal, and facts can be recorded."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given, strategies as st

from domain import admission, claims, facts, keys, people, phases, publication, recomputation, year
from domain.acts import adjustments, bonuses, filing, review
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.deadlines import allow
from domain.people import Person
from domain.publication import RubricLife
from domain.recomputation import Recomputation
from domain.refusals import Refused
from domain.rubric.texts import Text
from domain.scopes import SCOPES
from domain.sheet import Sheet
from events.canonical import NotCanonical
from events.codec import to_event, to_fact
from events.entry import Actor, Context, EntryTooLarge, Head, build, decode
from tests.domain.guesses import ANYTHING, TEXTS, figures_for
from tests.domain.stage import (
    APPROVER,
    BOTH,
    CLERK,
    DEPARTMENTS,
    MOMENTS,
    REVIEWER,
    RUBRIC,
    STRANGER,
    Stage,
    bonus,
    cycle as known_cycle,
    file,
)  # fmt: skip

WHO = st.sampled_from([CLERK, REVIEWER, APPROVER, BOTH, STRANGER])
ITEMS = st.sampled_from([item.id for item in RUBRIC.items if "district" in item.points])
IDS = st.sampled_from(["s1", "e1", "a1", "b1", "b2", ""]) | TEXTS
LEAVES = st.sampled_from([leaf.id for leaf in RUBRIC.leaves]) | TEXTS
POINTS = st.from_regex(r"-?(0|[1-9][0-9]{0,12})\.[0-9]{2}", fullmatch=True) | st.sampled_from(["1.00", "0.50"]) | TEXTS
REASONS = TEXTS | st.just("because")
TIMES = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat) | st.datetimes().map(datetime.isoformat) | TEXTS
CONTEXT = Context("test", Actor("x"), "2026-01-01T00:00:00.000000Z")


def answered(act: Callable[..., Any], *details: Any) -> list[facts.Fact]:
    """The facts of an act, or none when it is refused by name; each of them can be recorded and read again."""
    try:
        decided = act(*details)
    except Refused as no:
        _in_both_languages(no)
        return []
    happened: list[facts.Fact] = getattr(decided, "facts", decided)
    for fact in happened:
        try:
            entry = build("stream", Head(), to_event(fact), CONTEXT)
        except (NotCanonical, EntryTooLarge):  # the record's own refusals: NUL in a text, too long
            continue
        assert to_fact(decode(entry)) == fact
    return happened


def _in_both_languages(no: Refused) -> None:
    assert bool(no.detail_zh) == bool(no.detail_en)


def stage(item: str, data: st.DataObject) -> Stage:
    """A sheet on which something has happened already."""
    made = Stage(item, phase=data.draw(st.sampled_from(["open", "review", "appeal"])))
    leaf = next(iter(made.rules))
    filed = facts.FiguresSubmitted("s1", {each: data.draw(figures_for(rule)) for each, rule in made.rules.items()})
    for fact, by in (
        (filed, "clerk"),
        (file("e1", leaf), "clerk"),
        (facts.AdjustmentProposed("a1", leaf, "0.10", "other", "text"), "reviewer"),
        (facts.BonusClaimed("b1", leaf, "A1", "title"), "clerk"),
        (bonus("b2", leaf, "B2"), "reviewer"),
    ):
        if data.draw(st.booleans()):
            made.record(fact, by)
    return made


@given(st.data(), ITEMS, WHO, LEAVES, ANYTHING)
def test_whatever_is_filed_is_recorded_or_refused_by_name(
    data: st.DataObject, item: str, who: Any, leaf: str, figures: Any
) -> None:
    made = stage(item, data)
    own = data.draw(st.sampled_from(list(made.rules)))
    case = made.case(who)
    answered(filing.submit, case, data.draw(IDS), {leaf: figures})
    answered(filing.submit, case, data.draw(IDS), {own: figures, leaf: data.draw(ANYTHING)})
    answered(filing.submit, case, data.draw(IDS), {own: data.draw(figures_for(made.rules[own]))})
    answered(filing.withdraw, case, data.draw(IDS), data.draw(REASONS))
    answered(filing.attach, case, file(data.draw(IDS), leaf, data.draw(IDS)))
    answered(filing.withdraw_evidence, case, data.draw(IDS), data.draw(REASONS))
    answered(filing.claim, case, data.draw(IDS), data.draw(st.sampled_from([own, leaf])), data.draw(TEXTS), "title")


@given(st.data(), ITEMS, WHO, LEAVES, POINTS, REASONS)
def test_whatever_is_reviewed_is_recorded_or_refused_by_name(
    data: st.DataObject, item: str, who: Any, leaf: str, points: str, reason: str
) -> None:
    made = stage(item, data)
    case = made.case(who)
    own = data.draw(st.sampled_from([leaf, *made.rules]))
    answered(review.review_evidence, case, data.draw(IDS), data.draw(st.sampled_from(["accepted", "x"])), reason)
    answered(review.verify, case, own, data.draw(IDS), data.draw(st.none() | ANYTHING), reason)
    answered(review.judge, case, own, points, reason)
    for fact in answered(review.confirm_not_applicable, case, own, reason):
        made.record(fact, who.id)
    answered(review.judge, case, own, points, reason)
    made.scores()


@given(st.data(), ITEMS, WHO, LEAVES, POINTS, REASONS)
def test_whatever_is_adjusted_is_recorded_or_refused_by_name(
    data: st.DataObject, item: str, who: Any, leaf: str, points: str, reason: str
) -> None:
    made = stage(item, data)
    case = made.case(who)
    own = data.draw(st.sampled_from([leaf, *made.rules]))
    room = made.room(own) if own in made.rules else (0, None)
    for fact in answered(adjustments.propose, case, data.draw(IDS), own, points, "other", reason, room):
        made.record(fact, who.id)
    answered(adjustments.approve, case, data.draw(IDS), reason, room)
    answered(adjustments.decline, case, data.draw(IDS), reason)
    answered(adjustments.revoke, case, data.draw(IDS), reason)
    made.scores()


@given(st.data(), ITEMS, WHO, LEAVES, TEXTS, REASONS)
def test_whatever_bonus_is_brought_forward_is_recorded_or_refused_by_name(
    data: st.DataObject, item: str, who: Any, leaf: str, key: str, reason: str
) -> None:
    made = stage(item, data)
    case = made.case(who)
    own = data.draw(st.sampled_from([leaf, *made.rules]))
    level = data.draw(st.sampled_from(["", "city", "nation"]) | TEXTS)
    proposal = bonus(
        data.draw(IDS), own, key, level, justification=reason, evidence=data.draw(st.lists(IDS, max_size=2))
    )
    for fact in answered(bonuses.propose, case, proposal):
        made.record(fact, who.id)
        assert claims.follow(claims.Claim(), made.sheet, fact)
    for act in (bonuses.grant, bonuses.decline, bonuses.revoke):
        answered(act, case, data.draw(IDS), reason)
    made.scores()


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@example("2026", "7a", "\x00", "b")
def test_whatever_key_is_given_is_reserved_or_refused_by_name(cycle_id: str, leaf: str, key: str, other: str) -> None:
    with suppress(Refused):
        assert keys.stream(cycle_id, leaf, key).startswith(f"claim/{cycle_id}/{leaf}/")
    holder = claims.Holder(other, other, other)
    answered(claims.reserve, claims.Claim((holder,)), claims.Holder("u", "7", "b1"), key)
    answered(claims.release, claims.Claim(), key)
    assert keys.stream_of(Sheet("c", "u", "7"), facts.PersonRegistered(key), RUBRIC) is None


@given(st.sampled_from(sorted(SCOPES)) | TEXTS, TEXTS | st.just("*"), TIMES, REASONS, st.booleans())
def test_whatever_is_done_to_a_person_is_recorded_or_refused_by_name(
    role: str, scope: str, expires: str, reason: str, registered: bool
) -> None:
    who = Person("someone", registered=registered)
    answered(people.register, who, scope)
    answered(people.grant_role, who, role, scope, DEPARTMENTS, reason, scope)
    answered(people.revoke_role, who, role, scope, reason)
    answered(people.declare_conflict, who, scope, reason)
    answered(people.revoke_credential, who, scope, reason)
    for fact in answered(admission.issue_credential, who, scope, "ab", expires):
        people.accepts(who.evolve(fact), "ab", datetime(2026, 1, 1, tzinfo=UTC))


@given(TEXTS, TIMES, TEXTS | st.sampled_from(phases.PHASES), REASONS)
@example("2026", "2026-01-01T00:00:00", "open", "because")
def test_whatever_is_done_to_a_cycle_is_recorded_or_refused_by_name_and_never_stops_the_year(
    key: str, moment: str, phase: str, reason: str
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for fresh in (Cycle(key), Cycle("2026")):
        for fact in answered(year.create, fresh, Text("题", "title"), "rubric", "0" * 64, {**MOMENTS, phase: moment}):
            answered(lambda state: allow(state, "file", now) or [], fresh.evolve(fact))
    known = known_cycle()
    answered(year.enroll, known, Unit(key, key, key, key), frozenset({"district"}))
    answered(year.advance, known, phase, reason)
    for fact in answered(year.move_deadline, known, phase, moment, reason, now):
        answered(lambda state: allow(state, "file", now) or [], known.evolve(fact))


@given(TEXTS, TEXTS, WHO, REASONS)
def test_whatever_is_drafted_published_or_recomputed_is_recorded_or_refused_by_name(
    digest: str, title: str, who: Any, reason: str
) -> None:
    life = RubricLife("six-actions")
    for fact in answered(publication.draft, life, digest, title):
        life = life.evolve(fact, "one")
    answered(publication.publish, life, digest, who)
    found = Recomputation(title)
    for fact in answered(recomputation.request, found, reason):
        found = found.evolve(fact, "one")
    answered(recomputation.approve, found, who, reason, "1")
    answered(recomputation.apply, found, 1, digest)
