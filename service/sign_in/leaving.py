"""Out at the provider too, where it publishes how (OpenID Connect RP-Initiated Logout 1.0).

The ID token of the sign-in says to the provider whose session ends (its ``id_token_hint``). It waits in the browser,
sealed, in a cookie that is sent to /sign-out alone; without it the provider asks the person whether to sign out.
"""

from datetime import datetime
from urllib.parse import urlencode

from service.problems import Problem
from service.sign_in import sealing
from service.sign_in.provider import IdentityProvider

BACK = "/account"
_PURPOSE = "kaohe sign-in that was vouched for"
_LARGEST = 3800  # a browser keeps 4096 bytes a cookie, its name and attributes among them


def remembered(provider: IdentityProvider, id_token: str, until: datetime) -> str:
    """What the browser keeps until it signs out; "" where it would be of no use, or is too large for a cookie."""
    if not _endpoint(provider):
        return ""
    sealed = sealing.seal({"hint": id_token}, provider.settings.client_secret, _PURPOSE, until)
    return sealed if len(sealed) <= _LARGEST else ""


def way_out(provider: IdentityProvider, kept: str, now: datetime) -> str:
    """Where the browser goes so that the provider's session ends; "" where the provider offers nothing, or is away."""
    if not (endpoint := _endpoint(provider)):
        return ""
    settings = provider.settings
    claims = sealing.unseal(kept, settings.client_secret, _PURPOSE, now) or {}
    asked = {"client_id": settings.client_id, "post_logout_redirect_uri": settings.public_url + BACK}
    hint = {"id_token_hint": str(claims["hint"])} if "hint" in claims else {}
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(hint | asked)}"


def _endpoint(provider: IdentityProvider) -> str:
    try:
        return provider.end_session_endpoint()
    except Problem:
        return ""
