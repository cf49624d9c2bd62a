"""Notices of what somebody does to another person's account: roles, conflicts, and what lets him in."""

from domain import facts
from domain.admission import LETTING_IN
from domain.told.row import ONESELF, Earlier, Past, Row

ACCOUNT = "account"


def proposed(_: facts.Fact, earlier: Earlier) -> Past | None:
    """Who proposed to let the person in anew, where that was waiting."""
    by = ""
    for each, who in earlier:
        if isinstance(each, facts.ReadmissionProposed):
            by = who
        elif isinstance(each, (*LETTING_IN, facts.SignedIn)):
            by = ""
    return Past(frozenset({by})) if by else None


def _own(zh: str, en: str) -> Row:
    return Row(ACCOUNT, (ONESELF,), zh, en, own=True)


ACCOUNTS: dict[type, Row] = {
    facts.RoleGranted: _own("您被授予一个角色", "a role was granted to you"),
    facts.RoleRevoked: _own("您的一个角色已终止", "a role of yours was ended"),
    facts.ConflictDeclared: _own("已为您登记利益冲突", "a conflict of interest was declared for you"),
    facts.CredentialIssued: _own("已为您签发凭证", "a credential was issued for you"),
    facts.CredentialRevoked: _own("您的一个凭证已被终止", "a credential of yours was ended"),
    facts.InvitationIssued: _own("已为您发出邀请", "an invitation was issued for you"),
    facts.IdentityLinked: _own("您的账户已关联一个登录身份", "an identity to sign in with was linked to your account"),
    facts.IdentityUnlinked: _own("您的一个登录身份已解除关联", "an identity was unlinked from your account"),
}
READMITTED = Row(
    "decided", (), "您提请再次放行的人员已获放行", "somebody was let in anew as you proposed", look=proposed
)
