"""Lawful erasure; ``erasure/{subject}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErasureRequested:
    """Somebody asks to erase what the vault and the evidence store hold of a subject, on this legal basis."""

    subject: str
    basis: str


@dataclass(frozen=True, slots=True)
class ErasureApproved:
    """A second person approves the erasure of exactly these commitments and files (SHA-256, hexadecimal)."""

    subject: str
    reason: str
    commitments: list[str]
    files: list[str]


@dataclass(frozen=True, slots=True)
class ErasureCarriedOut:
    """Salts, texts and keys behind these commitments and the bytes of these files are gone."""

    subject: str
    commitments: list[str]
    files: list[str]
