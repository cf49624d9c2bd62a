"""Signing in with a real OpenID provider: in by an event, out by an event, and never by anything that is off."""

import html
import http.client
import json
import logging
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain import facts
from events.codec import to_event
from events.entry import Actor, new_id
from events.sealed import Secret, seal
from events.store import Append
from service.app import create_app
from service.commands import identities
from service.commands.identities import CONTEXT
from service.verify.database import Kept, verify_database
from tests.servers import Database, fresh_database, process_number
from tests.service import city as cities
from tests.service.city import API, CYCLE, City, sheet
from tests.service.openid import CLIENT, SECRET, OpenId, served
from workers.database_url import DatabaseUrl
from workers.settings_admission import Admission, Provider

HERE = "http://localhost:8000"
SUBJECT = "zhang.san@example.org"


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenId]:
    with served() as made:
        yield made


@pytest.fixture(scope="module")
def shared(
    provider: OpenId, postgres_server: DatabaseUrl, servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    """A city whose unit is known to the provider, for all tests of this module."""
    redis = servers["valkey"].rsplit("/", 1)[0] + f"/{200 + process_number()}"
    folder = tmp_path_factory.mktemp("town")
    with (
        fresh_database(postgres_server, f"town_{process_number()}") as database,
        cities.opened(database, redis, folder, admission=known(provider)) as made,
    ):
        made.done("administrator", f"/people/{made.people['unit']}/identities", {"subject": SUBJECT})
        yield made


@pytest.fixture
def openid(provider: OpenId) -> OpenId:
    """The provider, right in everything."""
    provider.reset()
    return provider


@pytest.fixture
def town(shared: City, openid: OpenId) -> City:
    """The city, which remembers nothing of the provider."""
    shared.office.__dict__.pop("identity_provider", None)
    return shared


def known(openid: OpenId, public_url: str = HERE) -> Admission:
    return Admission(provider=Provider(openid.issuer, CLIENT, SECRET, public_url))


@pytest.fixture
def own_town(openid: OpenId, database: Database, redis_url: str, tmp_path: Path) -> Iterator[City]:
    """A city of the test's own, for what cannot be undone."""
    with cities.opened(database, redis_url, tmp_path, admission=known(openid)) as made:
        made.done("administrator", f"/people/{made.people['unit']}/identities", {"subject": SUBJECT})
        yield made


@dataclass
class Browser:
    """Keeps cookies, goes where it is sent, and tells the page a request comes from, as browsers do."""

    client: FlaskClient
    base: str = HERE

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=self.base, headers={"Accept": "text/html"} | headers)

    def post(self, path: str, data: Any = None, **headers: str) -> TestResponse:
        named = {"Origin": self.base, "Accept": "text/html"} | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.post(path, base_url=self.base, data=data, headers=named)

    def act(self, path: str, body: Any, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(API + path, base_url=self.base, json=body, headers=named)

    def begin(self, path: str = "/sign-in") -> str:
        """Goes to the provider and is signed in there; the way back, not yet gone."""
        answer = self.get(path)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return back_from(answer.headers["Location"])

    def sign_in(self, path: str = "/sign-in") -> TestResponse:
        return self.get(self.begin(path))

    def cookie(self, name: str) -> str:
        found = self.client.get_cookie(name, domain=str(urlsplit(self.base).hostname))
        return found.value if found else ""


def back_from(url: str) -> str:
    """What the provider answers to the browser: a place at ours."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        back = urlsplit(str(connection.getresponse().getheader("Location")))
    finally:
        connection.close()
    return f"{back.path}?{back.query}"


@pytest.fixture
def browser(town: City) -> Browser:
    return Browser(town.app.test_client())


def happened(city: City, who: str = "unit") -> list[str]:
    return [event.type for event in city.office.store.read(f"person/{city.people[who]}")]


def refused(answer: TestResponse) -> tuple[int, str]:
    """The problem of a page, by name; the page tells nothing of what the provider or the program wrote."""
    text = answer.get_data(as_text=True)
    assert "Traceback" not in text
    assert "<b>no</b>" not in text
    return answer.status_code, text.partition("urn:kaohe:problem:")[2].split(" ")[0]


def test_a_person_signs_in_acts_and_is_out_with_the_next_request_when_the_session_is_revoked(
    town: City, browser: Browser
) -> None:
    answer = browser.sign_in("/sign-in?next=/api/v1/me")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/api/v1/me")
    assert happened(town)[-1] == "SignedIn"
    me = browser.get("/api/v1/me").get_json()
    assert me["id"] == town.people["unit"]
    figures = {"figures": {"1a": {"actual": 80, "target": 100}}}
    filed = browser.act(sheet() + "/submissions", figures, Origin=HERE)
    assert filed.status_code == 201
    assert town.office.store.read(f"sheet/{CYCLE}/zhongshan/1")[-1].envelope.actor == town.people["unit"]
    [session] = [each for each in browser.get("/api/v1/me/credentials").get_json()["credentials"] if each["current"]]
    place = f"/people/{town.people['unit']}/credentials/{session['id']}/revocation"
    town.done("administrator", place, {"reason": "设备丢失 the laptop is lost"})
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.act(sheet() + "/submissions", figures, Origin=HERE).status_code == 401
    assert town.get("unit", "/me").status_code == 200, "the token is another credential"


def test_signing_out_is_an_event_that_ends_the_session_everywhere(town: City, browser: Browser) -> None:
    browser.sign_in()
    stolen = browser.cookie("kaohe")
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert happened(town)[-1] == "CredentialRevoked"
    assert browser.cookie("kaohe") == ""
    thief = {"Cookie": f"kaohe={stolen}"}
    assert town.call("stranger", "GET", "/api/v1/me", headers=thief).status_code == 401


def test_signing_out_ends_the_providers_session_too_where_it_says_how(
    town: City, browser: Browser, openid: OpenId
) -> None:
    openid.discovery = {"end_session_endpoint": f"{openid.issuer}/logout?from=here"}
    browser.sign_in()
    kept = browser.client.get_cookie("kaohe-vouched", domain="localhost", path="/sign-out")
    assert kept is not None
    assert SUBJECT not in kept.value
    answer = browser.post("/sign-out")
    assert answer.status_code == 200
    assert happened(town)[-1] == "CredentialRevoked"
    assert browser.client.get_cookie("kaohe-vouched", domain="localhost", path="/sign-out") is None
    text = html.unescape(answer.get_data(as_text=True))
    [url] = re.findall(r'content="0; url=([^"]+)"', text)
    assert f'href="{url}"' in text
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{openid.issuer}/logout?from=here&")
    assert (asked["client_id"], asked["post_logout_redirect_uri"]) == ([CLIENT], [f"{HERE}/account"])
    assert openid.vouched(asked["id_token_hint"][0]) == SUBJECT


@pytest.mark.parametrize(
    "published",
    [
        {"end_session_endpoint": "http://evil.example.org/logout"},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": 7},
        {},
    ],
)
def test_a_provider_that_does_not_say_how_to_sign_out_is_left_alone(
    browser: Browser, openid: OpenId, published: dict[str, Any]
) -> None:
    openid.discovery = published
    browser.sign_in()
    assert browser.client.get_cookie("kaohe-vouched", domain="localhost", path="/sign-out") is None
    assert browser.post("/sign-out").headers["Location"] == "/account"


def test_without_the_providers_word_or_the_provider_itself_one_is_signed_out_here_all_the_same(
    town: City, browser: Browser, openid: OpenId
) -> None:
    openid.discovery = {"end_session_endpoint": f"{openid.issuer}/logout"}
    openid.claims = {"groups": "x" * 4000}  # no cookie is large enough for such a token
    browser.sign_in()
    text = html.unescape(browser.post("/sign-out").get_data(as_text=True))
    assert "client_id=" in text
    assert "id_token_hint" not in text
    browser.sign_in()
    town.office.identity_provider._metadata = {}
    openid.down = True
    assert browser.post("/sign-out").headers["Location"] == "/account"
    assert happened(town)[-1] == "CredentialRevoked"


def test_a_session_ends_by_the_clock(town: City, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in()
    moment = town.office.now()
    monkeypatch.setattr(town.office, "now", lambda: moment + timedelta(hours=7, minutes=59))
    assert browser.get("/api/v1/me").status_code == 200
    monkeypatch.setattr(town.office, "now", lambda: moment + timedelta(hours=8, minutes=1))
    assert browser.get("/api/v1/me").status_code == 401


def test_an_identity_that_is_unlinked_ends_its_sessions_and_signs_nobody_in(own_town: City) -> None:
    browser = Browser(own_town.app.test_client())
    browser.sign_in()
    [identity] = own_town.seen("unit", "/me")["identities"]
    place = f"/people/{own_town.people['unit']}/identities/{identity}/unlinking"
    own_town.done("administrator", place, {"reason": "调离 moved"})
    assert browser.get("/api/v1/me").status_code == 401
    assert refused(browser.sign_in()) == (403, "identity-unknown")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_each_allowed_algorithm_signs_in(town: City, browser: Browser, openid: OpenId, algorithm: str) -> None:
    openid.algorithm = algorithm
    assert browser.sign_in().status_code == 303


WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another audience": {"claims": {"aud": "somebody-else"}},
    "an audience among others, and not the authorised party": {"claims": {"aud": [CLIENT, "x"], "azp": "x"}},
    "no audience": {"claims": {"aud": None}},
    "another issuer": {"claims": {"iss": "https://evil.example.org"}},
    "no issuer": {"claims": {"iss": None}},
    "expired": {"claims": {"exp": int(time.time()) - 3600}},
    "expired beyond the skew": {"claims": {"exp": int(time.time()) - 120}},
    "no end": {"claims": {"exp": None}},
    "an end that is no number": {"claims": {"exp": "tomorrow"}},
    "issued in the future": {"claims": {"iat": int(time.time()) + 3600}},
    "no subject": {"claims": {"sub": None}},
    "a subject that is no text": {"claims": {"sub": {"$ne": ""}}},
    "an empty subject": {"claims": {"sub": ""}},
    "another access token's hash": {"claims": {"at_hash": "AAAA"}},
    "no signature": {"algorithm": "none"},
    "the public key as a shared secret": {"algorithm": "HS256"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_id_token_that_is_off_signs_nobody_in(town: City, browser: Browser, openid: OpenId, wrong: str) -> None:
    before = town.size()
    for knob, value in WRONG[wrong].items():
        setattr(openid, knob, value)
    assert refused(browser.sign_in()) == (403, "id-token-refused")
    assert town.size() == before
    assert browser.cookie("kaohe") == ""
    openid.claims, openid.algorithm = {}, "RS256"
    assert browser.sign_in().status_code == 303, "it was off by nothing else"


def test_a_token_response_without_an_id_token_signs_nobody_in(browser: Browser, openid: OpenId) -> None:
    back = browser.begin()
    openid.token_body = b'{"access_token": "a", "token_type": "Bearer"}'
    assert refused(browser.get(back)) == (403, "id-token-refused")


def test_clocks_may_differ_by_less_than_a_minute(browser: Browser, openid: OpenId) -> None:
    openid.claims = {"exp": int(time.time()) - 20, "iat": int(time.time()) + 20}
    assert browser.sign_in().status_code == 303


def test_changed_keys_are_read_again_once(browser: Browser, openid: OpenId) -> None:
    browser.sign_in()
    openid.rotate()
    openid.asked.clear()
    assert browser.sign_in().status_code == 303
    assert openid.asked.count("/jwks") == 1
    published = openid.public()
    openid.rotate()
    openid.jwks_body = json.dumps(published).encode()  # signs with a key it does not publish
    openid.asked.clear()
    assert refused(browser.sign_in()) == (403, "id-token-refused")
    assert openid.asked.count("/jwks") == 1


def test_a_key_of_the_right_name_and_another_content_proves_nothing(browser: Browser, openid: OpenId) -> None:
    published = openid.public()
    kids = {name: key.kid for name, key in openid.keys.items()}
    openid.rotate()
    for name, key in openid.keys.items():
        openid.keys[name] = type(key).import_key(key.as_dict(private=True) | {"kid": kids[name]})
    openid.jwks_body = json.dumps(published).encode()
    assert refused(browser.sign_in()) == (403, "id-token-refused")


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("token_status", 500),
        ("token_body", b"<html>"),
        ("token_body", b"[1]"),
        ("token_body", b"[" * 100_000),
        ("token_body", b'{"access_token": "a", "expires_in": 1e999}'),
        ("token_body", b'{"padding": "' + b" " * (2 << 20) + b'"}'),
        ("jwks_body", b"{"),
        ("jwks_body", b'{"keys": [{"kty": "RSA"}]}'),
        ("jwks_body", b" " * (2 << 20)),
        ("discovery", {"issuer": "https://evil.example.org"}),
        ("discovery", {"token_endpoint": "http://evil.example.org/token"}),
        ("discovery", {"jwks_uri": None}),
        ("discovery", {"authorization_endpoint": "http://127.0.0.1/in?\ud800"}),
        ("down", True),
    ],
)
def test_a_broken_provider_is_a_named_503_and_tokens_go_on(
    town: City, browser: Browser, openid: OpenId, knob: str, value: Any
) -> None:
    begun = None if knob in {"discovery", "down"} else browser.begin()
    setattr(openid, knob, value)
    answer = browser.get(begun or "/sign-in")
    assert refused(answer) == (503, "provider-unavailable")
    assert answer.headers["Retry-After"] == "30"
    assert town.get("unit", "/me").status_code == 200


def test_a_provider_that_is_not_there_is_a_named_503_and_a_session_goes_on(
    town: City, browser: Browser, openid: OpenId
) -> None:
    browser.sign_in()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
    town.office.identity_provider.settings = replace(town.office.identity_provider.settings, issuer=gone)
    town.office.identity_provider._metadata = {}
    assert refused(browser.get("/sign-in")) == (503, "provider-unavailable")
    assert browser.get("/api/v1/me").status_code == 200


def test_a_provider_that_says_nothing_is_waited_for_a_while_and_no_longer(
    browser: Browser, openid: OpenId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.sign_in.provider._TIMEOUT", (0.5, 0.2))
    back = browser.begin()
    openid.nap = 2.0
    assert refused(browser.get(back)) == (503, "provider-unavailable")


@pytest.mark.parametrize("path", ["/token", "/jwks"])
def test_a_provider_that_drips_is_not_waited_for_to_the_last_drop(
    browser: Browser, openid: OpenId, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("service.sign_in.bounded._LONGEST", 0.2)
    back = browser.begin()
    openid.drips = path
    assert refused(browser.get(back)) == (503, "provider-unavailable")


def test_a_key_that_we_cannot_use_spoils_no_other(browser: Browser, openid: OpenId) -> None:
    others: list[Any] = [{"kty": "AKP", "alg": "ML-DSA-44", "kid": "new"}, {"kty": "RSA"}, {}, 5]
    openid.jwks_body = json.dumps({"keys": others + openid.public()["keys"]}).encode()
    assert browser.sign_in().status_code == 303


def test_a_provider_that_does_not_say_how_clients_show_themselves_is_shown_the_standards_way(
    browser: Browser, openid: OpenId
) -> None:
    openid.discovery = {"token_endpoint_auth_methods_supported": 5}
    assert browser.sign_in().status_code == 303


def test_a_code_is_taken_once_and_the_way_back_leads_once(town: City, browser: Browser) -> None:
    back = browser.begin()
    kept = browser.cookie("kaohe-sign-in")
    assert browser.get(back).status_code == 303
    assert refused(browser.get(back)) == (400, "sign-in-lost"), "the browser has forgotten it"
    replayed = town.call("stranger", "GET", back, headers={"Cookie": f"kaohe-sign-in={kept}", "Accept": "text/html"})
    assert refused(replayed) == (400, "code-refused"), "the provider has too"


def test_a_wrong_client_secret_is_no_sign_in(browser: Browser, openid: OpenId) -> None:
    openid.secret = "another"
    assert refused(browser.sign_in()) == (400, "code-refused")


def test_a_sign_in_of_another_browser_leads_nowhere(town: City, browser: Browser) -> None:
    back = browser.begin()
    victim = Browser(town.app.test_client())
    assert refused(victim.get(back)) == (400, "sign-in-lost")
    victim.begin()
    assert refused(victim.get(back)) == (400, "sign-in-lost"), "its own cookie is of another state"
    assert victim.cookie("kaohe") == ""


def test_of_two_tabs_the_one_that_began_last_signs_in_whichever_comes_back_first(browser: Browser) -> None:
    first, last = browser.begin(), browser.begin()
    assert refused(browser.get(first)) == (400, "sign-in-lost")
    assert browser.get(last).status_code == 303
    assert refused(browser.get(last)) == (400, "sign-in-lost"), "once"


@pytest.mark.parametrize("spoil", ["", "x", "a.b.c.d.e", "state"])
def test_a_cookie_that_is_none_of_ours_leads_nowhere(town: City, browser: Browser, spoil: str) -> None:
    back = browser.begin()
    sealed = browser.cookie("kaohe-sign-in")
    cookie = sealed[:-4] + "AAAA" if spoil == "state" else spoil
    answer = town.call("stranger", "GET", back, headers={"Cookie": f"kaohe-sign-in={cookie}", "Accept": "text/html"})
    assert refused(answer) == (400, "sign-in-lost")


def test_a_sign_in_is_over_after_ten_minutes(town: City, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    back, moment = browser.begin(), town.office.now()
    monkeypatch.setattr(town.office, "now", lambda: moment + timedelta(minutes=10, seconds=1))
    assert refused(browser.get(back)) == (400, "sign-in-lost")


def test_a_provider_that_declines_is_told_as_that(browser: Browser) -> None:
    state = parse_qs(urlsplit(browser.begin()).query)["state"][0]
    answer = browser.get(f"/sign-in/callback?error=access_denied&error_description=%3Cb%3Eno%3C/b%3E&state={state}")
    assert refused(answer) == (403, "sign-in-declined")


def test_an_answer_in_the_name_of_another_provider_is_declined(browser: Browser, openid: OpenId) -> None:
    back = browser.begin()
    assert refused(browser.get(back + "&iss=https%3A%2F%2Fevil.example.org")) == (403, "sign-in-declined")


@pytest.mark.parametrize("method", ["/sign-in", "/sign-in/callback?state=x&code=y"])
def test_where_nobody_vouches_signing_in_is_not_offered(
    database: Database, redis_url: str, tmp_path: Path, method: str
) -> None:
    with cities.opened(database, redis_url, tmp_path, admission=Admission()) as city:
        browser = Browser(city.app.test_client())
        assert refused(browser.get(method)) == (404, "sign-in-not-offered")
        assert "未启用" in browser.get("/account").get_data(as_text=True)
        assert refused(browser.post("/sign-out")) == (404, "sign-in-not-offered")
        told = city.post("administrator", f"/people/{city.people['unit']}/identities", {"subject": "x"})
        assert told.status_code == 404


@pytest.mark.parametrize(
    "next_",
    ["https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "evil", "/a\\b", "/a b", "/\n/x"],
)
def test_signing_in_leads_to_no_other_site(browser: Browser, next_: str) -> None:
    answer = browser.get("/sign-in?" + urlencode({"next": next_}))
    answer = browser.get(back_from(answer.headers["Location"]))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")


def test_a_sign_in_begun_at_one_web_server_ends_at_another(town: City, browser: Browser) -> None:
    back = browser.begin()
    other = create_app(town.office.settings)
    try:
        second = Browser(other.test_client())
        second.client.set_cookie("kaohe-sign-in", browser.cookie("kaohe-sign-in"), domain="localhost")
        assert second.get(back).status_code == 303
        browser.client.set_cookie("kaohe", second.cookie("kaohe"), domain="localhost")
        assert browser.get("/api/v1/me").get_json()["id"] == town.people["unit"]
    finally:
        other.extensions["kaohe"].close()


def test_the_provider_is_asked_with_pkce_state_and_nonce_and_for_nothing_but_who_it_is(browser: Browser) -> None:
    asked = parse_qs(urlsplit(browser.get("/sign-in").headers["Location"]).query)
    assert (asked["response_type"], asked["scope"], asked["code_challenge_method"]) == (["code"], ["openid"], ["S256"])
    assert asked["redirect_uri"] == [HERE + "/sign-in/callback"]
    again = parse_qs(urlsplit(browser.get("/sign-in").headers["Location"]).query)
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 43
        assert asked[name] != again[name]


def cookies_of(answer: TestResponse) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_cookies_are_out_of_reach_of_scripts_other_sites_and_plain_networks(
    openid: OpenId, database: Database, redis_url: str, tmp_path: Path
) -> None:
    admission = known(openid, "https://kaohe.example.org")
    with cities.opened(database, redis_url, tmp_path, admission=admission) as city:
        city.done("administrator", f"/people/{city.people['unit']}/identities", {"subject": SUBJECT})
        browser = Browser(city.app.test_client(), "https://kaohe.example.org")
        began = browser.get("/sign-in")
        ended = browser.get(back_from(began.headers["Location"]))
        for answer, name in ((began, "__Host-kaohe-sign-in"), (ended, "__Host-kaohe")):
            line = cookies_of(answer)[name]
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
            assert "Domain" not in line
        assert "Max-Age=0" in cookies_of(ended)["__Host-kaohe-sign-in"]
        assert ended.headers["Cache-Control"] == "no-store"
        assert browser.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, 201),
        ({}, 403),
        ({"Origin": "https://evil.example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": HERE + ".evil.example.org"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example.org", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
def test_no_other_site_acts_with_the_cookie(town: City, browser: Browser, headers: dict[str, str], status: int) -> None:
    browser.sign_in()
    before, figures = town.size(), {"figures": {"1a": {"actual": 80, "target": 100}}}
    answer = browser.act(sheet() + "/submissions", figures, **headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.get_json()["type"] == "urn:kaohe:problem:cross-site"
        assert town.size() == before


def test_a_bearer_token_needs_no_origin_also_where_there_is_a_cookie(town: City, browser: Browser) -> None:
    browser.sign_in()
    body = {"unit": "xigang", "reason": "亲属 a relative"}
    bearer = f"Bearer {town.tokens['reviewer']}"
    answer = browser.act(f"/people/{town.people['reviewer']}/conflicts", body, Authorization=bearer)
    assert answer.status_code == 201


def test_other_sites_sign_nobody_out_and_bring_nobody_an_invitation(town: City, browser: Browser) -> None:
    browser.sign_in()
    assert refused(browser.post("/sign-out", Origin="https://evil.example.org")) == (403, "cross-site")
    assert browser.get("/api/v1/me").status_code == 200
    assert refused(browser.post("/sign-in", {"invitation": "x"}, Origin="null")) == (403, "cross-site")


def invitation(town: City, who: str) -> str:
    return str(town.done("administrator", f"/people/{town.people[who]}/invitations")["invitation"])


def follow(page: TestResponse) -> str:
    """The link of the page that greets the invited."""
    text = page.get_data(as_text=True).replace("&amp;", "&")
    return back_from(text.partition('href="http://127')[2].partition('"')[0].join(("http://127", "")))


def test_an_invited_person_links_his_identity_himself_and_the_invitation_is_used_up(
    town: City, browser: Browser, openid: OpenId
) -> None:
    openid.subject = "li.si@example.org"
    code = invitation(town, "department-viewer")
    greeted = browser.post("/sign-in", {"invitation": code})
    assert greeted.status_code == 200
    assert code not in greeted.get_data(as_text=True)
    assert browser.get(follow(greeted)).status_code == 303
    assert happened(town, "department-viewer")[-3:] == ["InvitationAccepted", "IdentityLinked", "SignedIn"]
    assert browser.get("/api/v1/me").get_json()["id"] == town.people["department-viewer"]
    other = Browser(town.app.test_client())
    assert refused(other.post("/sign-in", {"invitation": code})) == (403, "invitation-over")
    assert other.sign_in().status_code == 303, "from now on without one"


@pytest.mark.parametrize("code", ["", "x", "kaohe_" + "0" * 32 + "_" + "a" * 43])
def test_what_is_no_invitation_is_told_so(browser: Browser, code: str) -> None:
    assert refused(browser.post("/sign-in", {"invitation": code})) == (403, "invitation-over")


def test_a_token_is_no_invitation(town: City, browser: Browser) -> None:
    assert refused(browser.post("/sign-in", {"invitation": town.tokens["unit"]})) == (403, "invitation-over")


def test_an_identity_is_one_persons_whoever_links_it(town: City, browser: Browser) -> None:
    taken = town.post("administrator", f"/people/{town.people['viewer']}/identities", {"subject": SUBJECT})
    assert (taken.status_code, taken.get_json()["type"]) == (409, "urn:kaohe:problem:identity-taken")
    greeted = browser.post("/sign-in", {"invitation": invitation(town, "viewer")})
    assert refused(browser.get(follow(greeted))) == (409, "identity-taken")
    assert "IdentityLinked" not in happened(town, "viewer")
    assert browser.get("/api/v1/me").status_code == 401


def test_of_two_that_link_one_identity_at_once_the_second_is_refused_by_the_database(town: City) -> None:
    """The other one's link commits between our look and our commit."""
    other, text = town.people["second-reviewer"], f"{town.office.identity_provider.settings.issuer} wang.wu"
    secret = Secret(other, CONTEXT, text, sought=True)
    with town.app.test_request_context(), town.office.store.connection() as connection, connection.transaction():
        ours = identities._alone(Secret(town.people["unit"], CONTEXT, text), text)
        town.office.store.append_all(
            [appended(town, other, facts.IdentityLinked(new_id(), secret.commitment))], within=seal(secret)
        )
        with pytest.raises(Exception, match="identity-taken"):
            ours(connection)


def appended(town: City, person: str, fact: facts.Fact) -> Append:
    stream = f"person/{person}"
    return Append(stream, town.office.store.head(stream), [to_event(fact)])


def test_whoever_signs_in_himself_gets_no_token_and_no_invitation_from_an_administrator(own_town: City) -> None:
    for what in ("credentials", "invitations"):
        told = own_town.post("administrator", f"/people/{own_town.people['unit']}/{what}", {})
        assert (told.status_code, told.get_json()["type"]) == (409, "urn:kaohe:problem:signs-in-himself")
    own_town.settle()
    traces = own_town.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in traces] == ["signs-in-himself"] * 2


def test_whoever_signs_in_himself_takes_his_own_tokens(town: City, browser: Browser) -> None:
    browser.sign_in()
    taken = browser.act("/me/credentials", {"days": 2}, Origin=HERE)
    assert taken.status_code == 201
    town.tokens["taken"] = taken.get_json()["token"]
    assert town.seen("taken", "/me")["id"] == town.people["unit"]
    assert (
        browser.act("/me/credentials/rotation", {}, Origin=HERE).get_json()["type"] == "urn:kaohe:problem:not-rotated"
    )


def test_a_subject_stands_in_no_event_and_no_log_and_secrets_neither(
    town: City, browser: Browser, openid: OpenId, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    back = browser.begin()
    code = parse_qs(urlsplit(back).query)["code"][0]
    browser.get(back)
    session = browser.cookie("kaohe")
    openid.claims = {"nonce": "another"}
    browser.sign_in()
    town.settle()
    record = b"".join(event.entry for event in town.office.store.read(f"person/{town.people['unit']}"))
    told = record.decode() + capfd.readouterr().err + caplog.text
    for secret in (SUBJECT, SECRET, session, code):
        assert secret not in told


def test_an_erased_person_is_recognised_no_more(own_town: City) -> None:
    browser = Browser(own_town.app.test_client())
    person = own_town.people["unit"]
    own_town.done("administrator", "/erasures", {"subject": person, "basis": "《个人信息保护法》第四十七条"})
    own_town.done("second-administrator", f"/erasures/{person}/approval", {"reason": "已核实 checked"})
    assert refused(browser.sign_in()) == (403, "identity-unknown")


def test_the_account_page_says_who_is_signed_in_in_the_readers_language(town: City, browser: Browser) -> None:
    text = browser.get("/account").get_data(as_text=True)
    assert "用统一身份登录" in text
    browser.sign_in()
    text = browser.get("/account").get_data(as_text=True)
    assert "名 unit" in text
    assert "单位 zhongshan" in text
    english = browser.get("/account?lang=en").get_data(as_text=True)
    assert "Sign out" in english
    assert "退出" not in english


def test_no_step_of_signing_in_offers_a_language_that_would_repeat_it_and_each_keeps_the_one_it_has(
    town: City, browser: Browser, openid: OpenId
) -> None:
    # Switching on the page after an invitation began another sign-in, without the invitation.
    account = browser.get("/account?lang=en").get_data(as_text=True)
    assert 'action="/sign-in?lang=en"' in account
    assert 'href="/account?lang=zh"' in account
    newcomer = town.done("administrator", "/people", {"name": "新人"})["stream"].removeprefix("person/")
    code = town.done("administrator", f"/people/{newcomer}/invitations", {})["invitation"]
    invited = browser.post("/sign-in?lang=en", {"invitation": code}).get_data(as_text=True)
    assert "Your invitation is good" in invited
    openid.subject = "a stranger"
    unknown = browser.sign_in().get_data(as_text=True)
    for page in (invited, unknown):
        assert 'hreflang="' not in page
        assert 'href="/?lang=' in page


def test_a_person_without_a_role_may_sign_in_and_sees_that_he_has_none(
    town: City, browser: Browser, openid: OpenId
) -> None:
    openid.subject = "nobody"
    town.done("administrator", f"/people/{town.people['nobody']}/identities", {"subject": "nobody"})
    assert browser.sign_in().status_code == 303
    assert browser.act("/people", {"name": "x"}, Origin=HERE).status_code == 403
    assert "无" in browser.get("/account").get_data(as_text=True)


def findings(city: City) -> str:
    """What the verifier finds in the database."""
    city.settle()
    return str(verify_database(city.office.store, Kept()).findings)


def test_the_verifier_finds_who_was_let_in_in_anothers_name(own_town: City, openid: OpenId) -> None:
    Browser(own_town.app.test_client()).sign_in()
    openid.subject, browser = "wang.wu", Browser(own_town.app.test_client())
    assert (
        browser.get(follow(browser.post("/sign-in", {"invitation": invitation(own_town, "viewer")}))).status_code == 303
    )
    before = findings(own_town)
    wrong = ("somebody else's name", "no administrator", "not linked", "that was none", "one administrator alone")
    for finding in wrong:
        assert finding not in before
    forged(own_town, "reviewer", facts.SignedIn(new_id(), "0" * 64, "2030-01-01T00:00:00Z", new_id()))
    forged(own_town, "reviewer", facts.InvitationIssued(new_id(), "0" * 64, "2030-01-01T00:00:00Z"))
    forged(own_town, "reviewer", facts.InvitationAccepted(new_id(), new_id()))
    after = findings(own_town)
    for finding in wrong:
        assert finding in after


def forged(city: City, person: str, fact: facts.Fact) -> None:
    """Recorded past the doors, under an auditor's name."""
    append = appended(city, city.people[person], fact)
    city.office.store.append_all([append], by=Actor(city.people["auditor"], "auditor", "*"))
