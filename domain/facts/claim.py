"""Register numbers and experience keys; ``claim/{cycle}/{register}/{digest of the key}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyReserved:
    """A register number or experience key is taken, once in the city and the cycle."""

    unit: str
    item: str
    bonus: str


@dataclass(frozen=True, slots=True)
class KeyReleased:
    """The key is free again: the bonus was declined or revoked."""

    bonus: str
