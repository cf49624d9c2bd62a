"""Erasures as their streams tell them, what there is of a subject, and by which erasure something is gone."""

from typing import Any

from domain import facts
from domain.erasure import Erasure, Target
from events.codec import to_fact
from events.entry import Head, decode
from service.office import office

_POSITION = (
    "SELECT l.first + e.ordinal FROM record.events e JOIN record.ledger l USING (commit_seq)"
    " WHERE e.stream = %s AND e.version = %s"
)
_COMMITMENTS = "SELECT encode(commitment, 'hex') FROM vault.secrets WHERE subject = %s ORDER BY 1"
# No index: erasures are rare, and one over every event's content would be paid for at every append.
_KEPT = (
    "SELECT entry FROM record.events WHERE type IN ('EvidenceAttached', 'ImportConfirmed')"
    " AND position(%b in entry) > 0"
)


def shown(key: str) -> dict[str, Any]:
    """One erasure; version 0 when there is none."""
    found, head = office().erasures.get(key)
    state = "carried-out" if found.carried_out else "approved" if found.approved_by else "requested"
    return {
        "id": key,
        "state": state,
        "basis": found.basis,
        "requested_by": found.requested_by,
        "approved_by": found.approved_by or None,
        "commitments": list(found.target.commitments),
        "files": list(found.target.files),
        "position": position_of(f"erasure/{key}", head),
        "version": head.version,
    }


def target(subject: str) -> Target:
    """What the vault and the evidence store hold of a subject."""
    with office().store.connection() as connection:
        commitments = [text for (text,) in connection.execute(_COMMITMENTS, (subject,))]
        rows = connection.execute(_KEPT, (f'"{subject}"'.encode(),), binary=True).fetchall()
    files = {digest for (entry,) in rows if (digest := _file_of(to_fact(decode(entry)), subject))}
    return Target(tuple(commitments), tuple(sorted(files)))


def _file_of(fact: facts.Fact, subject: str) -> str:
    """The digest of the file that was kept for a subject with this event; "" for none."""
    match fact:
        case facts.EvidenceAttached(evidence=of, digest=digest) if of == subject:
            return digest
        case facts.ImportConfirmed(import_id=of, file=digest) if of == subject and fact.size:
            return digest
    return ""


def erasure_of(evidence: str) -> Erasure | None:
    """The approved erasure of a piece of evidence, if there is one."""
    found, _ = office().erasures.get(evidence)
    return found if found.lawful else None


def erasure_of_file(digest: str) -> Erasure | None:
    """The approved erasure that took these bytes, whichever piece of evidence it was asked for."""
    lives = (office().erasures.get(key)[0] for key in office().names("erasure/"))
    return next((life for life in lives if life.lawful and digest in life.target.files), None)


def position_of(stream: str, head: Head) -> int | None:
    """The position of a stream's newest event; None while it waits to be ordered."""
    with office().store.connection() as connection:
        row = connection.execute(_POSITION, (stream, head.version)).fetchone()
    return row[0] if row else None
