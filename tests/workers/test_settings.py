"""What the environment may say, and how Kaohe answers when it says nonsense."""

from pathlib import Path

import psycopg
import pytest
from hypothesis import given, strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from service.stack import commands
from tests.servers import Database
from workers.database_url import DatabaseUrl
from workers.settings import Settings, SettingsError

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment that says nothing."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_DIR", "PORT", "HOST", "ORIGIN", "MAX_UPLOAD", "EVIDENCE_DIR", "EVIDENCE_URL"):
        monkeypatch.delenv(f"KAOHE_{name}", raising=False)
    for name in ("DATABASE_URL", "SERVICE_DATABASE_URL", "WORKER_DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(f"KAOHE_{name}", raising=False)
    return monkeypatch


def test_an_empty_environment_is_a_laptop(tmp_path: Path) -> None:
    settings = Settings.from_environment()
    assert (settings.host, settings.port, settings.data) == ("127.0.0.1", 8000, tmp_path / ".kaohe")
    assert settings.evidence == (tmp_path / ".kaohe" / "evidence").as_uri()
    assert settings.max_upload == 50 * 1024 * 1024
    assert settings.owner is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAOHE_PORT", "eighty"),
        ("KAOHE_PORT", "0"),
        ("KAOHE_PORT", "65536"),
        ("KAOHE_PORT", "８０"),
        ("KAOHE_HOST", "http://here"),
        ("KAOHE_DATABASE_URL", "mysql://root:hush@here/x"),
        ("KAOHE_DATABASE_URL", "postgresql://root:hush@here:port/x"),
        ("KAOHE_SERVICE_DATABASE_URL", "hush"),
        ("KAOHE_WORKER_DATABASE_URL", "hush"),
        ("KAOHE_REDIS_URL", "unix:///hush"),
        ("KAOHE_MAX_UPLOAD", "50 MB"),
        ("KAOHE_MAX_UPLOAD", "0"),
        ("KAOHE_ORIGIN", "two words"),
        ("KAOHE_EVIDENCE_URL", "folder"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_not_quoted(bare: pytest.MonkeyPatch, name: str, value: str) -> None:
    bare.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment()
    assert refused.value.zh.startswith(name)
    assert refused.value.en.startswith(name)
    assert "hush" not in str(refused.value)


PROVIDER = {
    "KAOHE_OIDC_ISSUER": "https://id.example.org",
    "KAOHE_OIDC_CLIENT_ID": "kaohe",
    "KAOHE_OIDC_CLIENT_SECRET": "hush, this is a secret",
    "KAOHE_PUBLIC_URL": "https://kaohe.example.org/",
}


def named(bare: pytest.MonkeyPatch, **changed: str) -> Settings:
    for name, value in (PROVIDER | changed).items():
        bare.setenv(name, value)
    return Settings.from_environment()


def test_a_provider_is_named_whole_or_not_at_all(bare: pytest.MonkeyPatch) -> None:
    assert Settings.from_environment().admission.provider is None
    provider = named(bare).admission.provider
    assert provider is not None
    assert (provider.issuer, provider.public_url) == ("https://id.example.org", "https://kaohe.example.org")
    for name in PROVIDER.keys() - {"KAOHE_OIDC_ISSUER"}:
        with pytest.raises(SettingsError, match=name):
            named(bare, **{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAOHE_OIDC_ISSUER", "http://id.example.org"),
        ("KAOHE_OIDC_ISSUER", "https://id.example.org/?x"),
        ("KAOHE_OIDC_ISSUER", "https://user@id.example.org"),
        ("KAOHE_PUBLIC_URL", "https://kaohe.example.org/path"),
        ("KAOHE_OIDC_CLIENT_SECRET", "hush"),
        ("KAOHE_OIDC_CLIENT_SECRET", "hush, 这不是可见ASCII字符"),
        ("KAOHE_OIDC_CLIENT_SECRET_FILE", "/nowhere/hush"),
        ("KAOHE_SESSION_HOURS", "25"),
        ("KAOHE_SESSION_HOURS", "0"),
        ("KAOHE_TOKEN_MOST_DAYS", "366"),
        ("KAOHE_TOKEN_DAYS", "366"),
    ],
)
def test_a_setting_of_admission_that_cannot_be_used_is_named_and_not_quoted(
    bare: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        named(bare, **{name: value})
    assert name.removesuffix("_FILE") in refused.value.zh
    assert name.removesuffix("_FILE") in refused.value.en
    assert "hush" not in str(refused.value)


def test_the_client_secret_is_read_from_a_file_and_shown_nowhere(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush, this is another\n", "utf-8")
    settings = named(bare, KAOHE_OIDC_CLIENT_SECRET="", KAOHE_OIDC_CLIENT_SECRET_FILE=str(tmp_path / "secret"))
    provider = settings.admission.provider
    assert provider is not None
    assert provider.client_secret == "hush, this is another"
    assert "hush" not in repr(settings)
    assert "hush" not in str(settings.environment("worker"))


def test_the_web_server_is_told_of_the_provider_and_the_worker_is_not(bare: pytest.MonkeyPatch) -> None:
    settings = named(bare)
    assert "hush" in str(commands.web(settings).environment)
    assert "hush" not in str(commands.worker(settings).environment)


def test_two_places_for_evidence_are_one_too_many(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("KAOHE_EVIDENCE_DIR", "here")
    bare.setenv("KAOHE_EVIDENCE_URL", "s3://there")
    with pytest.raises(SettingsError, match="not both"):
        Settings.from_environment()


def test_what_nobody_named_is_asked_for_by_its_variable() -> None:
    settings = Settings.from_environment()
    with pytest.raises(SettingsError, match="KAOHE_REDIS_URL is not set"):
        _ = settings.broker
    with pytest.raises(SettingsError, match="KAOHE_SERVICE_DATABASE_URL is not set"):
        _ = settings.service_database


def test_printing_the_settings_shows_no_secret(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("KAOHE_DATABASE_URL", "postgresql://a:hush@here/x?sslpassword=hush")
    bare.setenv("KAOHE_REDIS_URL", "redis://:hush@here/0")
    bare.setenv("KAOHE_EVIDENCE_URL", "s3://key:hush@there")
    assert "hush" not in repr(Settings.from_environment())


def test_a_child_reads_the_same_settings_but_only_its_own_address(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("KAOHE_DATABASE_URL", "postgresql://a:b@here/x")
    bare.setenv("KAOHE_MAX_UPLOAD", "2 MiB")
    parent = Settings.from_environment()
    bare.delenv("KAOHE_DATABASE_URL")
    for name, value in parent.environment("service").items():
        bare.setenv(name, value)
    child = Settings.from_environment()
    assert (child.owner, child.worker) == (None, None)
    assert child.service == parent.service
    assert (child.data, child.evidence, child.max_upload) == (parent.data, parent.evidence, parent.max_upload)


@given(user=TEXT, password=TEXT, database=TEXT, folder=TEXT)
def test_an_address_written_is_read_again_as_it_was(user: str, password: str, database: str, folder: str) -> None:
    url = DatabaseUrl(user, database, f"/{folder}", "5432", password, (("application_name", user),))
    assert DatabaseUrl.parse(url.libpq) == url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_an_address_reaches_the_same_database(database: Database, scheme: str) -> None:
    url = DatabaseUrl.parse(database.service.libpq.replace("postgresql", scheme, 1))
    with psycopg.connect(url.libpq) as connection:
        assert connection.info.dbname == database.name
    engine = create_engine(url.sqlalchemy, poolclass=NullPool)
    with engine.connect() as session:
        assert session.execute(text("SELECT current_user")).scalar() == "kaohe_service"
