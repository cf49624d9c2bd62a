"""Who could have acted as the other: tokens somebody else issued are followed until they are revoked."""

import pytest

from domain import facts
from domain.recheck import Recheck
from domain.reliance import Reliance, Tokens

SHEET = "sheet/2026/zhongshan/1"
ISSUED = facts.CredentialIssued("c", "d", "e")
INVITED = facts.InvitationIssued("v", "d", "e")
PROPOSED = facts.AdjustmentProposed("a1", "1a", "-0.10", "other", "late")
APPROVED = facts.AdjustmentApproved("a1", "1a", "true")
Told = tuple[str, str, facts.Fact]  # whose stream, who acted, what


def between(*told: Told) -> tuple[str, str] | None:
    tokens = Tokens()
    for person, actor, fact in told:
        tokens.take(person, actor, fact)
    return tokens.between("one", "two")


@pytest.mark.parametrize(("person", "actor"), [("one", "two"), ("two", "one")])
def test_a_token_that_one_issued_for_the_other_is_told_whoever_acts_first(person: str, actor: str) -> None:
    assert between((person, actor, ISSUED)) == (actor, person)


def test_tokens_of_oneself_of_the_first_start_and_of_a_third_are_not() -> None:
    assert between(("two", "two", ISSUED)) is None
    assert between(("two", "", ISSUED)) is None
    assert between(("two", "three", ISSUED)) is None


def test_a_revoked_token_is_forgotten_and_a_rotated_one_is_not() -> None:
    rotated = facts.CredentialRotated("c", "n", "d", "e", "u")
    assert between(("two", "one", ISSUED), ("two", "two", facts.CredentialRevoked("c", "x"))) is None
    gone = facts.CredentialRevoked("c", "x")
    assert between(("two", "one", ISSUED), ("two", "two", rotated), ("two", "two", gone)) == ("one", "two")


def test_a_token_taken_for_an_invitation_is_followed_and_a_sign_in_is_not() -> None:
    accepted = ("two", "two", facts.InvitationAccepted("v", "n"))
    token = ("two", "two", facts.CredentialIssued("n", "d", "e"))
    session = ("two", "two", facts.SignedIn("n", "d", "e", "i"))
    assert between(("two", "one", INVITED), accepted, token) == ("one", "two")
    assert between(("two", "one", INVITED), accepted, session) is None


@pytest.mark.parametrize("issuer", ["one", "two"])
def test_a_two_person_act_between_an_issuer_and_a_holder_is_listed_and_is_no_breach(issuer: str) -> None:
    holder = {"one": "two", "two": "one"}[issuer]
    recheck = Recheck("2026")
    told: tuple[Told, ...] = (
        (f"person/{holder}", issuer, ISSUED), (SHEET, "one", PROPOSED), (SHEET, "two", APPROVED),
    )  # fmt: skip
    for position, (stream, actor, fact) in enumerate(told, 1):
        recheck.take(position, stream, actor, fact)
    assert recheck.breaches == []
    assert recheck.reliances == [Reliance(3, SHEET, "two", "AdjustmentApproved", "adjustment", issuer, holder)]
