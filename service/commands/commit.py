"""How every command ends: one commit, answered the same way each time; refused acts that matter leave a trace."""

from collections.abc import Sequence
from typing import Any

import msgspec
import structlog
from flask import g, request

from domain import facts
from domain.refusals import Refused
from events.codec import to_event
from events.conflicts import RecordRefused, WrongVersion
from events.entry import Actor, Head
from events.store import Append, Commit, Recorded, Request, Within
from service.auth import as_read, ask_again, caller
from service.office import office
from service.problems import Problem
from service.receipts import receipt_note

log = structlog.get_logger()
_TRIES = 20


def idempotent() -> Request | None:
    """The request's idempotency key with the hash of what is asked under it."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    return Request.of(
        key, request.method.encode(), request.full_path.encode(), g.get("body_digest") or request.get_data()
    )


def answered() -> Commit | None:
    """The commit this very request led to before, if it did."""
    asked = idempotent()
    return office().store.answered(caller().id, asked) if asked else None


def current(expected: int | None, head: Head, by: Actor, act: str, stream: str) -> None:
    """Refuses an act on a stream that has moved on since its version ``expected`` was seen (None: any will do).

    That too leaves a trace: who decided on what is no longer so (design, "refusals").
    """
    if expected is None or expected == head.version:
        return
    seen = (f"所见版本{expected}，现为{head.version}", f"saw version {expected}, it is at {head.version}")
    trace(Refused("stale", *seen), by, act, stream)
    raise Problem(412, detail_zh=seen[0], detail_en=seen[1], extra={"version": head.version})


def append(actor: Actor, *appends: Append, keyed: bool = True, within: Within | None = None) -> Commit:
    """Commits under the request's idempotency key, if it has one, and nudges the workers.

    ``within`` writes what the events only name, in the same transaction. A keyed commit is what somebody decided, so
    it stands on the roles and tokens he had: where they have moved, WrongVersion, and who calls is asked again.
    """
    key, ground = (idempotent(), as_read()) if keyed else (None, None)
    try:
        commit = office().store.append_all(
            appends, by=actor, request=key, correlation=g.request_id, now=office().now(), within=within, ground=ground
        )
    except WrongVersion:
        if ground:
            ask_again()
        raise
    office().nudge.send()
    return commit


def to(
    stream: str,
    head: Head,
    happened: Sequence[facts.Fact],
    effective: str | None = None,
    by: Actor | None = None,
    ground: tuple[str, int] | None = None,
) -> Append:
    """Facts for the end of a stream; ``by`` and ``ground``: see ``events.store.Append``.

    What is done on sheets is decided on their cycle: on its phase, its deadlines, its exceptions; and everything on
    who does it: his roles, his conflicts, his token.
    """
    held = stream.startswith(("cycle/", "person/"))
    return Append(stream, head, [to_event(fact, effective) for fact in happened], by, ground, held)


def trace(refused: Refused, actor: Actor, act: str, stream: str) -> None:
    """Records a blocked act; a blocked act is evidence too. Failing to record it never hides the refusal."""
    if not refused.reason.traced:
        return
    fact = facts.ActRefused(act, refused.code, stream, refused.detail_en[:500])
    try:
        append_anyhow(actor, refusals_today(), fact)
    except RecordRefused as error:
        log.exception("refusal not recorded", error=str(error))


def refusals_today() -> str:
    """The stream of today's blocked acts (UTC)."""
    return f"refusals/{office().now():%Y-%m-%d}"


def append_anyhow(actor: Actor, stream: str, fact: facts.Fact) -> None:
    """Adds a fact to the end of a stream, wherever others have moved that meanwhile; raises RecordRefused."""
    for left in reversed(range(_TRIES)):
        try:
            append(actor, to(stream, office().store.head(stream), [fact]), keyed=False)
        except WrongVersion:
            if not left:
                raise
        else:
            return


def receipt(commit: Commit, stream: str = "") -> dict[str, Any]:
    """What every command answers: the events as they stand in the record, those of its own ``stream`` first.

    Without one named, that of the first event that is no key's.
    """

    def far(event: Recorded) -> tuple[bool, bool]:
        return event.envelope.subject != stream, event.envelope.subject.startswith("claim/")

    events = sorted(commit.events, key=far)
    return {
        "stream": events[0].envelope.subject,
        "version": max(event.version for event in events if event.envelope.subject == events[0].envelope.subject),
        "recorded_at": events[0].envelope.time,
        "events": [shown(event) for event in events],
    }


def shown(event: Recorded) -> dict[str, Any]:
    """One event of a receipt."""
    envelope = event.envelope
    return {
        "id": envelope.id,
        "type": envelope.type,
        "stream": envelope.subject,
        "version": envelope.streamversion,
        "leaf": event.leaf.hex(),
        "data": msgspec.json.decode(envelope.data),
        "receipt": receipt_note(event),
    }
