"""What the environment may say of notices, and how Kaohe answers when it says nonsense."""

from dataclasses import replace
from pathlib import Path

import pytest

from workers.notices.mailing import Mailing, Smtp
from workers.settings import Settings, SettingsError

NAMES = ("SMTP_URL", "SMTP_FROM", "PUBLIC_URL", "WEBHOOK_INSIDE")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(f"KAOHE_{name}", raising=False)
    monkeypatch.setenv("KAOHE_DATA_DIR", str(Path.cwd()))
    return monkeypatch


def read() -> Mailing:
    return Mailing.from_environment(replace(Settings.from_environment(), host="127.0.0.1", port=8123))


def test_without_a_word_webhooks_go_out_and_mail_waits() -> None:
    assert read() == Mailing(None, "", "http://127.0.0.1:8123", ())
    assert read().channels == ("webhook",)


SERVERS = {
    "smtp://mail.example": Smtp("mail.example", 587, "starttls"),
    "smtps://mail.example/": Smtp("mail.example", 465, "implicit"),
    "smtp://kaohe:p%20w%3A@mail.example:25": Smtp("mail.example", 25, "starttls", "kaohe", "p w:"),
    "smtp://127.0.0.1:25?tls=never": Smtp("127.0.0.1", 25, "never"),
}


@pytest.mark.parametrize("url", SERVERS)
def test_a_mail_server_is_named_by_a_url(bare: pytest.MonkeyPatch, url: str) -> None:
    bare.setenv("KAOHE_SMTP_URL", url)
    bare.setenv("KAOHE_SMTP_FROM", "kaohe@example.org")
    assert read().smtp == SERVERS[url]
    assert read().channels == ("email", "webhook")


NONSENSE = [
    ("SMTP_URL", "mail.example"),
    ("SMTP_URL", "http://mail.example"),
    ("SMTP_URL", "smtp://"),
    ("SMTP_URL", "smtp://hush:hush@mail.example:port"),
    ("SMTP_URL", "smtp://mail.example?tls=maybe"),
    ("SMTP_URL", "smtp://hush:hush@mail.example?tls=never"),
    ("SMTP_URL", "smtps://mail.example?tls=never"),
    ("SMTP_FROM", "Kaohe <hush@example.org>"),
    ("SMTP_FROM", "hush@example.org\nBcc: x"),
    ("PUBLIC_URL", "hush.example"),
    ("PUBLIC_URL", "https://hush@kaohe.example"),
    ("WEBHOOK_INSIDE", "hush"),
    ("WEBHOOK_INSIDE", "10.0.0.1/8"),
]


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_a_setting_that_cannot_be_used_is_named_and_not_quoted(bare: pytest.MonkeyPatch, name: str, value: str) -> None:
    bare.setenv(f"KAOHE_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read()
    assert refused.value.zh.startswith(f"KAOHE_{name}")
    assert refused.value.en.startswith(f"KAOHE_{name}")
    assert "hush" not in str(refused.value)


def test_a_mail_server_needs_a_sender(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("KAOHE_SMTP_URL", "smtp://mail.example")
    with pytest.raises(SettingsError, match="KAOHE_SMTP_FROM"):
        read()


def test_a_password_is_not_shown() -> None:
    assert "hush" not in repr(Smtp("mail.example", 25, "starttls", "kaohe", "hush"))
