"""What may go wrong while somebody signs in, by name, in both languages; never what the provider wrote."""

import structlog

from service.problems import Problem

log = structlog.get_logger()

# name -> (status, Chinese, English)
FAILURES = {
    "sign-in-not-offered": (404, "此处未启用统一身份登录", "signing in is not set up here; tokens work"),
    "provider-unavailable": (
        503,
        "统一身份平台暂时不可用，请稍后再试；令牌仍可使用",
        "the identity provider is not available just now: try again later; tokens work",
    ),
    "sign-in-lost": (
        400,
        "此次登录已过期、已用过或不是从本浏览器开始的，请重新登录",
        "this sign-in is over, was used, or began in another browser: begin again",
    ),
    "sign-in-declined": (403, "统一身份平台未同意此次登录", "the identity provider declined this sign-in"),
    "code-refused": (
        400,
        "统一身份平台不接受此授权码，请重新登录",
        "the provider does not take this code: begin again",
    ),
    "id-token-refused": (
        403,
        "统一身份平台的身份凭证未通过核验，已拒绝登录",
        "the provider's ID token does not pass the checks, so nobody was signed in",
    ),
    "identity-unknown": (
        403,
        "该登录身份尚未与任何人员关联，请向管理员索取邀请",
        "this identity is linked to nobody here: ask an administrator for an invitation",
    ),
    "invitation-over": (
        403,
        "邀请无效、已用过或已过期",
        "the invitation is none, was used, or is over",
    ),
}
_SOON = "30"


def failed(name: str, cause: BaseException | None = None) -> Problem:
    """The problem of that name; the log learns what sort of error was its cause, and nothing that it quotes."""
    status, zh, en = FAILURES[name]
    log.warning("sign-in failed", problem=name, cause=type(cause).__name__ if cause else None)
    return Problem(status, name, zh, en)
