"""Which program computed: its version and the digest of the sources that decide a score."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import domain
import workers.projections

_SOURCES = (Path(domain.__file__).parent, Path(workers.projections.__file__).parent)
_NAMES = ("adoptions", "changes", "fold", "item_rules", "rules", "tracked", "unreadable", "waiting")
_FILES = tuple(Path(__file__).with_name(f"{name}.py") for name in _NAMES)


@cache
def engine() -> str:
    """For example "kaohe 0.1.0 3f2a9c0d1e4b5a67": two programs of one name compute alike."""
    sources = sorted(path for folder in _SOURCES for path in folder.rglob("*") if path.suffix in {".py", ".toml"})
    digest = hashlib.sha256()
    for path in (*sources, *_FILES):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"kaohe {version('kaohe')} {digest.hexdigest()[:16]}"
