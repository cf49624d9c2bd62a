"""The identity of a rubric: SHA-256 of its canonical JSON, texts, glossary and register included."""

import hashlib
import json

from domain.rubric.model import Rubric
from domain.rubric.shape import RUBRIC


def canonical(rubric: Rubric) -> bytes:
    """Restricted JCS (RFC 8785): sorted keys, compact, UTF-8, points as texts; ``read`` gives it back equal.

    Member names are ASCII ids and there are no floats, so the standard library's sorted output is JCS.
    """
    document = RUBRIC.write(rubric)
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def identity(rubric: Rubric) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(canonical(rubric)).hexdigest()
