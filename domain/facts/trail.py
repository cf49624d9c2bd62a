"""What was refused and what was looked at; ``refusals/{day}``, ``access/{evidence or import}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActRefused:
    """An act that the rules blocked: who tried is the event's actor."""

    act: str
    code: str
    stream: str
    detail: str


@dataclass(frozen=True, slots=True)
class EvidenceDownloaded:
    """Somebody read the bytes of a file; they were hashed again and agreed."""

    evidence: str
    stream: str
    digest: str


@dataclass(frozen=True, slots=True)
class ImportDownloaded:
    """Somebody read the bytes of a file that was imported; they were hashed again and agreed."""

    import_id: str
    stream: str
    digest: str
