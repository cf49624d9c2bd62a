"""Roles are granted and revoked by facts; what a role excludes is held against the person."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from domain import admission, facts, people
from domain.people import EXCLUDES, Grant, Person
from domain.scopes import SCOPES
from tests.domain.stage import DEPARTMENTS, person, refused

MOMENT = datetime(2026, 5, 1, 12, tzinfo=UTC)
SCOPE_OF = {"unit": "zhongshan", "department": "legal", "*": "*"}


def known(*grants: tuple[str, str]) -> Person:
    return person("someone", *grants)


def after(who: Person, *happened: facts.Fact) -> Person:
    for fact in happened:
        who = who.evolve(fact)
    return who


def test_a_person_is_registered_once() -> None:
    [fact] = people.register(Person("new"), "commitment")
    registered = after(Person("new"), fact)
    assert registered.registered
    assert registered.name == "commitment"
    with refused("already-exists"):
        people.register(registered, "commitment")


@pytest.mark.parametrize(
    "act",
    [
        lambda who: people.grant_role(who, "auditor", "*", DEPARTMENTS, "because"),
        lambda who: people.revoke_role(who, "auditor", "*", "because"),
        lambda who: people.declare_conflict(who, "zhongshan", "because"),
        lambda who: admission.issue_credential(who, "token", "0" * 64, "2026-01-01T00:00:00Z"),
        lambda who: people.revoke_credential(who, "token", "because"),
    ],
)
def test_nothing_is_given_to_or_taken_from_a_person_nobody_registered(act: object) -> None:
    with refused("unknown-person"):
        act(Person("nobody"))  # type: ignore[operator]


@pytest.mark.parametrize("role", SCOPES)
@pytest.mark.parametrize("sort", SCOPE_OF)
def test_a_role_takes_only_its_own_sort_of_scope(role: str, sort: str) -> None:
    if sort in SCOPES[role]:
        assert people.grant_role(known(), role, SCOPE_OF[sort], DEPARTMENTS, "because") == [
            facts.RoleGranted(role, SCOPE_OF[sort], "because")
        ]
    else:
        with refused("bad-scope", "scope"):
            people.grant_role(known(), role, SCOPE_OF[sort], DEPARTMENTS, "because")


@pytest.mark.parametrize("scope", ["", "a/b", "../x", "中山", "x" * 41, "-x", "zhongshan\n"])
def test_a_unit_scope_that_could_not_be_a_unit_is_refused(scope: str) -> None:
    with refused("bad-id", "scope"):
        people.grant_role(known(), "unit", scope, DEPARTMENTS, "because")


def test_a_scope_that_is_refused_is_told_what_the_role_takes_also_before_any_rubric_names_a_department() -> None:
    with refused("bad-scope", "scope", ", ".join(sorted(DEPARTMENTS))):
        people.grant_role(known(), "reviewer", "zhongshan", DEPARTMENTS, "because")
    with refused("bad-scope", "scope", "legal"):
        people.grant_role(known(), "reviewer", "legal", (), "because")


def test_a_role_nobody_knows_is_refused() -> None:
    with refused("bad-scope"):
        people.grant_role(known(), "emperor", "*", DEPARTMENTS, "because")


def test_nobody_grants_himself_a_role() -> None:
    with refused("own-act"):
        people.grant_role(known(("administrator", "*")), "viewer", "*", DEPARTMENTS, "because", by="someone")
    assert people.grant_role(known(), "viewer", "*", DEPARTMENTS, "because", by="another")


@pytest.mark.parametrize(("role", "other"), [(role, other) for role in EXCLUDES for other in sorted(EXCLUDES[role])])
def test_an_administrator_gives_no_score_an_auditor_writes_none_and_a_unit_judges_none(role: str, other: str) -> None:
    scopes = {each: SCOPE_OF[SCOPES[each][0]] for each in SCOPES}
    for first, then in ((role, other), (other, role)):
        with refused("roles-exclude", "role"):
            people.grant_role(known((first, scopes[first])), then, scopes[then], DEPARTMENTS, "because")


def test_a_reviewer_may_also_approve_and_anybody_may_view() -> None:
    assert people.grant_role(known(("reviewer", "legal")), "approver", "*", DEPARTMENTS, "because")
    assert people.grant_role(known(("auditor", "*")), "viewer", "legal", DEPARTMENTS, "because")


def test_a_role_is_granted_once_and_ends_when_revoked() -> None:
    held = after(known(), facts.RoleGranted("viewer", "*", "because"))
    assert held.holds("viewer")
    assert held.scopes("viewer") == {"*"}
    with refused("already-exists"):
        people.grant_role(held, "viewer", "*", DEPARTMENTS, "because")
    gone = after(held, *people.revoke_role(held, "viewer", "*", "because"))
    assert gone.grants == frozenset()
    with refused("not-granted"):
        people.revoke_role(gone, "viewer", "*", "because")


def test_revoking_one_scope_leaves_the_others() -> None:
    held = known(("reviewer", "legal"), ("reviewer", "women"))
    assert after(held, facts.RoleRevoked("reviewer", "legal", "")).grants == {Grant("reviewer", "women")}


def test_a_conflict_is_declared_once() -> None:
    declared = after(known(), *people.declare_conflict(known(), "zhongshan", "my sister works there"))
    assert declared.conflicts == {"zhongshan"}
    with refused("already-exists"):
        people.declare_conflict(declared, "zhongshan", "again")
    with refused("bad-id", "unit"):
        people.declare_conflict(declared, "*", "everything")


def test_a_token_is_in_force_until_its_last_moment() -> None:
    [issued] = admission.issue_credential(known(), "token", "ab" * 32, "2026-05-01T20:00:00+08:00")
    held = after(known(), issued)
    assert people.accepts(held, "ab" * 32, MOMENT - timedelta(microseconds=1))
    assert not people.accepts(held, "ab" * 32, MOMENT)
    assert not people.accepts(held, "cd" * 32, MOMENT - timedelta(days=1))


def test_a_tokens_last_moment_is_recorded_in_utc() -> None:
    [issued] = admission.issue_credential(known(), "token", "ab" * 32, "2026-05-01T20:00:00+08:00")
    assert issued == facts.CredentialIssued("token", "ab" * 32, "2026-05-01T12:00:00.000000Z")


@pytest.mark.parametrize("expires", ["", "tomorrow", "2026-05-01", "2026-05-01T12:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_token_without_a_real_last_moment_is_refused(expires: str) -> None:
    with refused("bad-moment", "expires"):
        admission.issue_credential(known(), "token", "ab" * 32, expires)


def test_a_revoked_token_ends_at_once_and_the_others_stay() -> None:
    held = after(
        known(),
        facts.CredentialIssued("one", "ab" * 32, "2027-01-01T00:00:00Z"),
        facts.CredentialIssued("two", "cd" * 32, "2027-01-01T00:00:00Z"),
    )
    left = after(held, *people.revoke_credential(held, "one", "lost"))
    assert not people.accepts(left, "ab" * 32, MOMENT)
    assert people.accepts(left, "cd" * 32, MOMENT)
    with refused("unknown-credential"):
        people.revoke_credential(left, "one", "again")
    with refused("already-exists"):
        admission.issue_credential(left, "two", "ef" * 32, "2027-01-01T00:00:00Z")


HAPPENED = st.lists(
    st.one_of(
        st.builds(
            facts.RoleGranted, st.sampled_from(sorted(SCOPES)), st.sampled_from(["*", "legal", "u"]), st.just("")
        ),
        st.builds(
            facts.RoleRevoked, st.sampled_from(sorted(SCOPES)), st.sampled_from(["*", "legal", "u"]), st.just("")
        ),
    )
)


@given(HAPPENED)
def test_a_person_holds_exactly_the_roles_granted_and_not_revoked_since(happened: list[facts.Fact]) -> None:
    held: set[tuple[str, str]] = set()
    for fact in happened:
        (held.add if isinstance(fact, facts.RoleGranted) else held.discard)((fact.role, fact.scope))  # type: ignore[union-attr]
    assert {(grant.role, grant.scope) for grant in after(known(), *happened).grants} == held


def test_facts_of_other_streams_change_nobody() -> None:
    assert after(known(), facts.PhaseAdvanced("draft", "open", "")) == known()
