"""The first page of a bundle: which log, which cycle, how far. It claims; everything else has to show it."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from events.log.lines import MAX_NUMBER
from service.verify.findings import UnusableError

FORMAT = "kaohe-bundle/v1"
MANIFEST, CHECKPOINT, POLICY, PUBLISHED, SCRIPT = (
    "manifest.json",
    "checkpoint",
    "policy",
    "published.json",
    "verify.pyz",
)
STAMPED, TOKEN = "stamped/checkpoint", "stamped/token.tsr"
MAX_JSON_BYTES = 2**26
MAX_DOCUMENTS = 200


@dataclass(frozen=True, slots=True)
class Manifest:
    """`size`: entries in the bundle; `position`: where the published results stand; `documents`: rubric hashes."""

    origin: str
    cycle: str
    size: int
    position: int
    made: str
    documents: list[str]
    format: str = FORMAT

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False).encode()


def read_manifest(data: bytes) -> Manifest:
    """The manifest in these bytes; raises UnusableError."""
    value = read_json(data)
    try:
        manifest = Manifest(**value)
    except TypeError:
        raise _unusable() from None
    numbers, texts = (manifest.size, manifest.position), (manifest.origin, manifest.cycle, manifest.made)
    if manifest.format != FORMAT or not all(isinstance(text, str) for text in texts):
        raise _unusable()
    if not all(type(number) is int and 0 <= number <= MAX_NUMBER for number in numbers):
        raise _unusable()
    if not isinstance(manifest.documents, list) or not all(isinstance(each, str) for each in manifest.documents):
        raise _unusable()
    if len(manifest.documents) > MAX_DOCUMENTS:
        raise UnusableError("包中文件过多", "the bundle names too many documents")
    if manifest.position > manifest.size:
        raise _unusable()
    return manifest


def read_json(data: bytes) -> Any:
    """The JSON object in these bytes; raises UnusableError for anything else, also for a member named twice."""
    try:
        value = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise UnusableError("JSON无法读取", "unreadable JSON") from None
    if not isinstance(value, dict):
        raise UnusableError("JSON无法读取", "not a JSON object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two readers could read two things out of it.
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _unusable() -> UnusableError:
    return UnusableError("不是本版本的核验包", "not a bundle of this version")
