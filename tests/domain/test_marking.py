"""The rule of double marking: set by two people, drawn by a secret that nobody chose, checkable once it is over."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from domain import facts, marking
from domain.commitments import SALT, commitment, opens
from domain.cycle import Cycle
from domain.people import Person
from tests.domain.stage import DEPARTMENTS, cycle, person, refused

ONE, TWO = (person(name, ("administrator", "*")) for name in ("one", "two"))
SEED, BYTES = "5e" * 32, b"s" * SALT
COMMITTED = commitment(BYTES, marking.SEED_CONTEXT, SEED).hex()
WANTED = facts.MarkingProposed("m1", 20, {"legal": 50}, "0.50", "from this year on")
PERCENTS = st.integers(0, 100)


def proposed(phase: str = "open", wanted: facts.MarkingProposed = WANTED, known: Cycle | None = None) -> Cycle:
    found = known or cycle(phase)
    for fact in marking.propose(found, wanted, DEPARTMENTS):
        found = found.evolve(fact, "one")
    return found


def in_force(known: Cycle, marked: str = "m1", committed: str = COMMITTED) -> Cycle:
    for fact in marking.confirm(known, marked, TWO, committed, "agreed"):
        known = known.evolve(fact, "two")
    return known


def test_a_rule_holds_once_a_second_administrator_sets_exactly_what_was_proposed() -> None:
    waiting = proposed()
    assert waiting.marking is None
    found = in_force(waiting).marking
    assert found is not None
    assert found.fact == facts.MarkingSet("m1", 20, {"legal": 50}, "0.50", COMMITTED, "agreed")
    assert [marking.percent_of(found.fact, each) for each in ("legal", "women")] == [50, 20]


def test_nobody_sets_what_he_proposed() -> None:
    with refused("own-act"):
        marking.confirm(proposed(), "m1", ONE, COMMITTED, "agreed")


def test_a_rule_is_set_once_and_an_unknown_one_never() -> None:
    with refused("already-decided"):
        in_force(in_force(proposed()))
    with refused("unknown-marking"):
        marking.confirm(cycle(), "m1", TWO, COMMITTED, "agreed")


@pytest.mark.parametrize("phase", ["provisional", "notice", "appeal", "final", "archived"])
def test_the_rule_does_not_change_once_nothing_is_judged_any_more(phase: str) -> None:
    with refused("wrong-phase"):
        proposed(phase)
    with refused("wrong-phase"):
        marking.confirm(replace(proposed(), phase=phase), "m1", TWO, COMMITTED, "agreed")


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"percent": 101}, "bad-percent", "percent"),
        ({"percent": -1}, "bad-percent", "percent"),
        ({"departments": {"legal": 101}}, "bad-percent", "legal"),
        ({"departments": {"moon": 1}}, "bad-scope", "departments.moon"),
        ({"limit": "-0.01"}, "bad-points", "limit"),
        ({"limit": "half"}, "bad-points", "limit"),
        ({"reason": " "}, "no-reason", "reason"),
    ],
)
def test_a_rule_nobody_could_follow_is_refused_with_its_place(change: dict[str, object], code: str, place: str) -> None:
    with refused(code, place):
        proposed(wanted=replace(WANTED, **change))  # type: ignore[arg-type]


def test_a_later_rule_takes_the_place_of_an_earlier_one() -> None:
    later = proposed(known=in_force(proposed()), wanted=replace(WANTED, marking="m2", percent=0))
    found = in_force(later, "m2", "0" * 64)
    assert found.marking is not None
    assert found.marking.proposal.percent == 0
    assert set(found.markings) == {"m1", "m2"}


def test_a_seed_stays_secret_while_it_draws() -> None:
    found = in_force(proposed())
    for phase in ("draft", "open", "closed", "review"):
        with refused("wrong-phase"):
            marking.reveal(replace(found, phase=phase), "m1", SEED, BYTES.hex())


def test_a_seed_is_revealed_once_the_judging_is_over_or_another_rule_draws() -> None:
    over = replace(in_force(proposed()), phase="provisional")
    assert marking.reveal(over, "m1", SEED, BYTES.hex()) == [facts.MarkingRevealed("m1", SEED, BYTES.hex())]
    later = in_force(proposed(known=in_force(proposed()), wanted=replace(WANTED, marking="m2")), "m2", "0" * 64)
    [fact] = marking.reveal(later, "m1", SEED, BYTES.hex())
    told = later.evolve(fact)
    assert told.marking is later.marking
    assert told.markings["m1"].revealed == SEED
    with refused("already-decided"):
        marking.reveal(told, "m1", SEED, BYTES.hex())


def test_a_seed_that_everybody_knows_draws_nothing_in_a_reopened_review() -> None:
    over = replace(in_force(proposed()), phase="provisional")
    [fact] = marking.reveal(over, "m1", SEED, BYTES.hex())
    assert over.evolve(fact).marking is None


@pytest.mark.parametrize(("seed", "salt"), [("5f" * 32, BYTES.hex()), (SEED, "00" * SALT), ("", ""), (SEED, "no hex")])
def test_another_seed_than_the_one_committed_to_is_never_revealed(seed: str, salt: str) -> None:
    with refused("seal-broken"):
        marking.reveal(replace(in_force(proposed()), phase="final"), "m1", seed, salt)


def test_a_rule_that_was_never_set_has_no_seed_to_reveal() -> None:
    with refused("not-approved"):
        marking.reveal(replace(proposed(), phase="final"), "m1", SEED, BYTES.hex())


def leaves() -> Iterator[tuple[str, str]]:
    return ((f"u{unit}", f"{leaf}a") for unit in range(40) for leaf in range(25))


@given(st.text(max_size=8), PERCENTS, PERCENTS)
def test_more_percent_draw_more_leaves_and_let_none_go(seed: str, some: int, more: int) -> None:
    fewer, many = sorted((some, more))
    if marking.drawn(seed, "2026", "u", "6b", fewer):
        assert marking.drawn(seed, "2026", "u", "6b", many)
    assert marking.drawn(seed, "2026", "u", "6b", 100)
    assert not marking.drawn(seed, "2026", "u", "6b", 0)


def test_a_draw_takes_about_its_share_and_other_leaves_under_another_seed() -> None:
    one, other = (
        {each for each in leaves() if marking.drawn(seed, "2026", *each, 20)} for seed in (SEED, "another seed")
    )
    # 1,000 leaves of one chance in five: 200, and a standard deviation of 13; both draws are fixed by their seeds.
    assert 150 < len(one) < 250
    assert 150 < len(other) < 250
    assert len(one & other) < 80


def test_the_draw_is_the_one_the_adr_describes() -> None:
    # The first byte of SHA-256("seed" ‖ 00 ‖ "2026/zhongshan/6b") is 0xbb: the leaf's place is 73.14… of 100.
    assert [marking.drawn("seed", "2026", "zhongshan", "6b", percent) for percent in (73, 74)] == [False, True]


@given(st.binary(min_size=SALT, max_size=SALT), st.text(), st.text(), st.text())
def test_a_commitment_opens_to_its_text_and_no_other(salt: bytes, context: str, text: str, other: str) -> None:
    context = context.replace("\x00", "")
    committed = commitment(salt, context, text).hex()
    assert opens(committed, salt.hex(), context, text)
    assert opens(committed, salt.hex(), context, other) == (text == other)
    assert not opens(committed, salt.hex() + "00", context, text)


def test_one_persons_two_roles_do_not_make_two_people() -> None:
    both: Person = person("one", ("administrator", "*"), ("auditor", "*"))
    with refused("own-act"):
        marking.confirm(proposed(), "m1", both, COMMITTED, "agreed")
