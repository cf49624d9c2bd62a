"""Tokens, invitations, identities and sessions: issued within limits, used once, ended at once."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import admission, credentials, facts, people
from domain.credentials import INVITATION, found
from domain.people import Person
from domain.refusals import REASONS, Refused

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ONE, TWO, THREE = "aa" * 32, "bb" * 32, "cc" * 32
LATER, LATEST = "2026-06-01T00:00:00.000000Z", "2026-07-01T00:00:00.000000Z"
SUBJECT = "dd" * 32


def at(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def known(*happened: facts.Fact) -> Person:
    return after(Person("someone"), facts.PersonRegistered("c"), *happened)


def after(person: Person, *happened: facts.Fact) -> Person:
    for fact in happened:
        person = person.evolve(fact)
    return person


def token(credential: str = "new", digest: str = TWO, expires: str = LATER) -> facts.CredentialIssued:
    return facts.CredentialIssued(credential, digest, expires)


def session(credential: str = "s", digest: str = THREE, identity: str = "i", ends: datetime = NOW) -> facts.SignedIn:
    return facts.SignedIn(credential, digest, at(ends + timedelta(hours=8)), identity)


class refused:  # noqa: N801 - reads as a sentence
    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: object, _trace: object) -> bool:
        assert isinstance(error, Refused), f"not refused, but should be: {self.code}"
        assert (error.code, self.code in REASONS) == (self.code, True)
        return True


def test_no_token_outlives_the_limit() -> None:
    assert admission.issue_credential(known(), "one", ONE, LATEST, latest=LATEST)
    for too_long in (
        lambda: admission.issue_credential(known(), "one", ONE, at(NOW + timedelta(days=400)), latest=LATEST),
        lambda: admission.invite(known(), "one", ONE, at(NOW + timedelta(days=400)), latest=LATEST),
        lambda: admission.rotate(
            known(token("one")), "one", token(expires="2027-01-01T00:00:00Z"), LATER, latest=LATEST
        ),
        lambda: admission.redeem(
            known(facts.InvitationIssued("v", ONE, LATER)), "v", token(expires="2027-01-01T00:00:00Z"), latest=LATEST
        ),
    ):
        with refused("bad-lifetime"):
            too_long()


def test_a_rotated_token_ends_when_it_was_said_to_and_the_new_one_goes_on() -> None:
    held = known(token("old", ONE))
    grace = NOW + timedelta(minutes=5)
    rotated = after(held, *admission.rotate(held, "old", token(), at(grace)))
    assert people.accepts(rotated, ONE, grace - timedelta(microseconds=1))
    assert not people.accepts(rotated, ONE, grace)
    assert people.accepts(rotated, TWO, grace)


def test_a_rotation_never_lengthens_the_life_of_the_old_token() -> None:
    held = known(token("old", ONE, at(NOW + timedelta(minutes=1))))
    rotated = after(held, *admission.rotate(held, "old", token(), at(NOW + timedelta(minutes=5))))
    assert not people.accepts(rotated, ONE, NOW + timedelta(minutes=1))


def test_a_token_is_rotated_once_and_a_session_or_an_invitation_never() -> None:
    held = known(token("old", ONE), facts.IdentityLinked("i", SUBJECT), session())
    rotated = after(held, *admission.rotate(held, "old", token(), LATER))
    with refused("already-rotated"):
        admission.rotate(rotated, "old", token("third"), LATER)
    with refused("not-rotated"):
        admission.rotate(held, "s", token(), LATER)
    with refused("not-rotated"):
        admission.rotate(known(facts.InvitationIssued("v", ONE, LATER)), "v", token(), LATER)
    with refused("unknown-credential"):
        admission.rotate(held, "gone", token(), LATER)


def test_an_invitation_opens_nothing_but_the_taking_of_one_credential() -> None:
    invited = after(known(), *admission.invite(known(), "v", ONE, LATER))
    assert not people.accepts(invited, ONE, NOW)
    assert found(invited.credentials, ONE, NOW, INVITATION) == "v"
    redeemed = after(invited, *admission.redeem(invited, "v", token()))
    assert people.accepts(redeemed, TWO, NOW)
    assert found(redeemed.credentials, ONE, NOW, INVITATION) is None
    with refused("unknown-credential"):
        admission.redeem(redeemed, "v", token("again"))


def test_a_newer_invitation_ends_the_one_before() -> None:
    twice = known(facts.InvitationIssued("v", ONE, LATER), facts.InvitationIssued("w", TWO, LATER))
    assert found(twice.credentials, ONE, NOW, INVITATION) is None
    assert found(twice.credentials, TWO, NOW, INVITATION) == "w"


def test_a_token_is_no_invitation() -> None:
    with refused("unknown-credential"):
        admission.redeem(known(token("t", ONE)), "t", token())
    with refused("unknown-credential"):
        admission.accept(known(token("t", ONE)), "t", SUBJECT, session())


def test_an_invited_person_brings_his_identity_and_is_signed_in() -> None:
    invited = known(facts.InvitationIssued("v", ONE, LATER))
    signed = after(invited, *admission.accept(invited, "v", SUBJECT, session()))
    assert signed.identities == {"i": SUBJECT}
    assert people.accepts(signed, THREE, NOW)
    assert found(signed.credentials, ONE, NOW, INVITATION) is None


def test_nobody_issues_or_invites_for_whom_signs_in_himself() -> None:
    linked = known(facts.IdentityLinked("i", SUBJECT))
    for issue in (admission.issue_credential, admission.invite):
        with refused("signs-in-himself"):
            issue(linked, "one", ONE, LATER, by="administrator")
        assert issue(linked, "one", ONE, LATER, by="someone")
    unlinked = after(linked, *admission.unlink(linked, "i", "lost his key"))
    assert admission.invite(unlinked, "one", ONE, LATER, by="administrator")


def deciding(*happened: facts.Fact) -> Person:
    """A reviewer who was let in before."""
    return known(facts.RoleGranted("reviewer", "legal", "test"), token("t", ONE), *happened)


def let_in(person: Person, by: str) -> list[list[facts.Fact]]:
    """All the ways by which an administrator lets somebody in."""
    return [
        admission.issue_credential(person, "one", TWO, LATER, by=by),
        admission.invite(person, "one", TWO, LATER, by=by),
        admission.link(person, "i", SUBJECT, by=by),
    ]


def test_who_decides_and_was_let_in_before_is_let_in_anew_by_two_administrators() -> None:
    revoked = (facts.CredentialRevoked("t", "lost"), facts.RoleRevoked("reviewer", "legal", "for a minute"))
    for again in (deciding(), after(deciding(), *revoked)):
        for way in (admission.issue_credential, admission.invite):
            with refused("second-administrator"):
                way(again, "one", TWO, LATER, by="first")
        with refused("second-administrator"):
            admission.link(again, "i", SUBJECT, by="first")
        [proposed] = admission.propose(again, "x", "lost his token", by="first")
        asked = again.evolve(proposed, "first")
        with refused("own-act"):
            admission.invite(asked, "one", TWO, LATER, by="first")
        for done in let_in(asked, "second"):
            with refused("second-administrator"):  # each takes a proposal of its own
                admission.link(after(asked, *done), "j", SUBJECT, by="second")
    with refused("own-act"):
        admission.propose(deciding(), "x", "lost my token", by=deciding().id)


def test_the_first_token_and_whoever_decides_nothing_take_one_administrator() -> None:
    granted = facts.RoleGranted("approver", "*", "test")
    assert let_in(known(granted), "first")
    assert let_in(known(granted, facts.InvitationIssued("v", ONE, LATER)), "first")  # never used
    assert let_in(known(facts.RoleGranted("unit", "zhongshan", "test"), token("t", ONE)), "first")
    assert let_in(deciding(), deciding().id)


def test_an_unlinked_identity_takes_its_sessions_along_and_nothing_else() -> None:
    held = known(
        token("t", ONE), facts.IdentityLinked("i", SUBJECT), facts.IdentityLinked("j", SUBJECT), session(),
        session("s2", TWO, "j"),
    )  # fmt: skip
    left = after(held, *admission.unlink(held, "i", "left"))
    assert [people.accepts(left, digest, NOW) for digest in (ONE, TWO, THREE)] == [True, True, False]
    with refused("unknown-identity"):
        admission.sign_in(left, session("s3"))
    with refused("unknown-identity"):
        admission.unlink(left, "i", "again")


def test_sessions_that_are_over_are_not_collected_for_ever() -> None:
    person = known(facts.IdentityLinked("i", SUBJECT), token("t", ONE))
    for day in range(100):
        begun = NOW + timedelta(days=day)
        person = after(person, *admission.sign_in(person, session(f"s{day}", f"{day:064x}", ends=begun)))
        assert people.accepts(person, f"{day:064x}", begun)
    assert len(person.credentials) < 5
    assert "t" in person.credentials


@pytest.mark.parametrize("act", ["issue", "invite", "link", "unlink"])
def test_nothing_is_given_to_somebody_unknown(act: str) -> None:
    nobody = Person("nobody")
    with refused("unknown-person"):
        match act:
            case "issue":
                admission.issue_credential(nobody, "one", ONE, LATER)
            case "invite":
                admission.invite(nobody, "one", ONE, LATER)
            case "link":
                admission.link(nobody, "i", SUBJECT)
            case _:
                admission.unlink(nobody, "i", "because")


@pytest.mark.parametrize(
    ("lasts", "days"),
    [
        (timedelta(days=30), 30),
        (timedelta(days=30, seconds=-2), 30),
        (timedelta(days=30, minutes=9), 30),
        (timedelta(minutes=5), 1),
    ],
)
def test_for_how_many_days_a_token_was_issued_is_known_to_the_nearest(lasts: timedelta, days: int) -> None:
    held = credentials.after({}, token("one", expires=at(NOW + lasts)), at(NOW))
    assert credentials.days(held["one"]) == days
    rotated = facts.CredentialRotated("one", "two", TWO, at(NOW + lasts), at(NOW))
    assert credentials.days(credentials.after(held, rotated, at(NOW))["two"]) == days


def test_of_a_token_of_unknown_beginning_nobody_says_how_long_it_was_to_last() -> None:
    assert credentials.days(known(token("one")).credentials["one"]) is None
