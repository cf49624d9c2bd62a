"""What every request works with: the record, the vault, folded states, the nudge and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from celery import Celery
from flask import current_app
from redis import Redis
from sqlalchemy import Engine, create_engine

from events.log.signers import SignerKey
from events.names import names
from events.store import EventStore
from events.vault import Vault
from service.evidence import EvidenceStore
from service.sign_in.failures import failed
from service.sign_in.provider import IdentityProvider
from service.states import States
from workers.app import create_app
from workers.chronicle import Chronicles
from workers.log_keys import receipt_keys
from workers.notices.mailing import Mailing
from workers.nudge import Nudge
from workers.progress import Progress
from workers.readmodels import ReadModels
from workers.rules import Rules
from workers.settings import Settings

# An act that hangs between its statements, on a host that lost its power, holds the year for everybody: it is ended.
_ENDED = "-c idle_in_transaction_session_timeout=10s"


@dataclass
class Office(States):
    """One process's wiring; nothing connects before it is used."""

    settings: Settings

    @cached_property
    def engine(self) -> Engine:
        """The service role's connections, one a thread."""
        return create_engine(
            self.settings.service_database.sqlalchemy,
            pool_size=8,
            max_overflow=8,
            pool_timeout=5,
            pool_reset_on_return=None,  # the store gives connections back as it got them
            isolation_level="AUTOCOMMIT",  # the store's statements are whole transactions; it says where not
            # A plan costs five times the execution of most of our statements, so plan once.
            connect_args={"connect_timeout": 3, "options": f"-c plan_cache_mode=force_generic_plan {_ENDED}"},
        )

    @cached_property
    def store(self) -> EventStore:  # type: ignore[override]
        """The record."""
        return EventStore(self.engine, self.settings.origin)

    @cached_property
    def vault(self) -> Vault:
        """Names behind commitments."""
        return Vault(self.store)

    @cached_property
    def identity_provider(self) -> IdentityProvider:
        """Who vouches for people; raises the problem where nobody does."""
        if self.settings.admission.provider is None:
            raise failed("sign-in-not-offered")
        return IdentityProvider(self.settings.admission.provider)

    @cached_property
    def receipt_keys(self) -> Sequence[SignerKey]:
        """What receipts are signed with; none where this server has no key."""
        return receipt_keys(self.settings)

    @cached_property
    def evidence(self) -> EvidenceStore:
        """Files by their SHA-256."""
        return EvidenceStore(self.settings.evidence, self.settings.max_upload)

    @cached_property
    def rules(self) -> Rules:
        """Rubrics and compiled items of cycles."""
        return Rules(self.store)

    @cached_property
    def chronicles(self) -> Chronicles:
        """Every cycle's year event by event, for looks at other moments than now."""
        return Chronicles(self.store, self.rules)

    @cached_property
    def moved(self) -> dict[str, tuple[str, int, int]]:
        """By cycle: the results, the position, and how many units had moved, when somebody looked last."""
        return {}

    @cached_property
    def reads(self) -> ReadModels:
        """The score tables."""
        return ReadModels(self.store)

    @cached_property
    def mailing(self) -> Mailing:
        """How notices leave this machine."""
        return Mailing.from_environment(self.settings)

    @cached_property
    def progress(self) -> Progress:
        """How far long work of the workers has come."""
        return Progress(self.broker)

    @cached_property
    def queue(self) -> Celery:
        """Sends messages to the workers."""
        return create_app(self.settings)

    @cached_property
    def broker(self) -> Redis:
        """Knows whether a nudge is waiting already."""
        return Redis.from_url(self.settings.broker, socket_timeout=0.5, socket_connect_timeout=0.5)

    @cached_property
    def nudge(self) -> Nudge:
        """Wakes the workers."""
        return Nudge(self.queue, self.broker)

    def names(self, prefix: str) -> list[str]:
        """The keys of the streams under a prefix."""
        return names(self.store, prefix)

    def departments(self) -> frozenset[str]:
        """The departments of every published rubric."""
        lives = [self.rubrics.get(key)[0] for key in self.names("rubric/")]
        published = [self.rules.rubric(digest) for life in lives for digest in life.published]
        return frozenset(department.id for rubric in published for department in rubric.departments)

    def close(self) -> None:
        """Gives the connections back; what is used afterwards connects again."""
        self.engine.dispose()
        self.broker.close()
        self.queue.close()

    def now(self) -> datetime:
        """The time of an act (UTC)."""
        return datetime.now(UTC)


def office() -> Office:
    """The office of the current request's app."""
    found: Office = current_app.extensions["kaohe"]
    return found
