"""Whether a piece of evidence is authentic and used once: bytes, record, log and other uses, in one answer."""

from contextlib import suppress
from typing import Any

from domain import facts
from domain.duties import may
from domain.sheet import Evidence
from events.codec import to_fact
from events.entry import Actor
from events.log.errors import LogError
from events.log.paths import verify_inclusion
from events.store import Recorded
from service.auth import caller
from service.commands.commit import append_anyhow, refusals_today
from service.commands.opened import Place
from service.evidence import Damaged
from service.office import office
from service.queries import evidence_uses, log
from service.queries.erasures import erasure_of, erasure_of_file
from workers.unreadable import Unreadable

_POSITION = (
    "SELECT l.first + e.ordinal FROM record.events e JOIN record.ledger l USING (commit_seq)"
    " WHERE e.stream = %s AND e.version = %s"
)
_COMPARED = ("followed", "used_once", "also_used", "uses", "hidden")  # null for who may not compare units


def checked(place: Place, found: Evidence, department: str) -> dict[str, Any]:
    """The file's bytes hashed again, its event with the proof that the log holds it, and where else it is used."""
    recorded = next(each for each in office().store.read(place.stream) if _attaches(each, found.id))
    compared = may(caller(), "compare", departments=frozenset({department}))
    return {
        "evidence": found.id,
        "leaf": found.leaf,
        "digest": found.digest,
        "bytes": _bytes(found, place.stream),
        "event": recorded.envelope.id,
        "attached_by": recorded.envelope.actor,
        "attached_at": recorded.envelope.time,
        "leaf_hash": recorded.leaf.hex(),
        **_vouched(place.stream, recorded),
        **(_used(place, found) if compared else dict.fromkeys(_COMPARED)),
    }


def _attaches(event: Recorded, evidence: str) -> bool:
    with suppress(*Unreadable):
        return event.type == "EvidenceAttached" and getattr(to_fact(event.envelope), "evidence", "") == evidence
    return False


def _bytes(found: Evidence, stream: str) -> str:
    """Whether what is stored is "intact", "erased" by law, or "damaged", which is recorded."""
    if erasure_of(found.id) or erasure_of_file(found.digest):
        return "erased"
    try:
        office().evidence.read(found.digest).close()
    except Damaged:
        fact = facts.ActRefused("check-evidence", "damaged", stream, f"{found.id} {found.digest}")
        append_anyhow(Actor(caller().id), refusals_today(), fact)
        return "damaged"
    return "intact"


def _vouched(stream: str, recorded: Recorded) -> dict[str, Any]:
    """The event's position, the grade it has reached and its proof (C2SP tlog-proof) under the best checkpoint.

    ``included`` is null while nothing is signed over it, false when the log's tiles do not prove it.
    """
    answer: dict[str, Any] = {"position": None, "grade": "accepted", "included": None, "proof": None}
    with office().store.connection() as connection:
        row = connection.execute(_POSITION, (stream, recorded.version)).fetchone()
        standing = log.standing(connection, row[0]) if row else None
        if row is None or standing is None:
            return answer
        answer |= {"position": row[0], "grade": standing.grade}
        if standing.vouched is not None:
            try:
                proof = log.prove(connection, standing.vouched, row[0])
                # The tiles agree with themselves; whether they hold this entry is another question.
                verify_inclusion(recorded.leaf, proof.index, standing.vouched.assessment.checkpoint.head, proof.path)
            except LogError:
                return answer | {"included": False}
            answer |= {"included": True, "proof": proof.data.decode()}
    return answer


def _used(place: Place, found: Evidence) -> dict[str, Any]:
    uses = evidence_uses.uses_of([found.digest])[found.digest]
    [shown] = evidence_uses.shown(caller(), [(found.digest, uses)])
    differs = evidence_uses.elsewhere((place.unit, place.cycle, place.item, found.leaf, found.id), uses)
    return {
        "followed": evidence_uses.followed(),
        "used_once": not differs,
        "also_used": differs,
        "uses": shown["uses"],
        "hidden": shown["hidden"],
    }
