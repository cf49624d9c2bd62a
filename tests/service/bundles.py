"""Bundles as a stranger would alter them, and what the verifier says of them."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from events.log.bundles import parse_bundle, write_bundle
from service.verify.archive import Archive
from service.verify.findings import TAMPERED, Report
from service.verify.offline import Asked, verify_bundle

Members = dict[str, bytes]


def zipped(members: Mapping[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out


def verified(members: Mapping[str, bytes], **asked: str) -> Report:
    with Archive(zipped(members)) as archive:
        return verify_bundle(archive, Asked(**asked))  # type: ignore[arg-type]


def places(report: Report) -> list[str]:
    assert report.exit_code == TAMPERED, report.lines
    return [each.place for each in report.findings]


def altered(members: Members, name: str, change: Callable[[bytes], bytes]) -> Members:
    return members | {name: change(members[name])}


def change_entry(members: Members, position: int, change: Callable[[bytes], bytes]) -> Members:
    index, offset = divmod(position - 1, 256)
    name = next(name for name in members if name.startswith(f"tile/entries/{index:03}"))
    entries = parse_bundle(members[name], min(256, json.loads(members["manifest.json"])["size"] - index * 256))
    entries[offset] = change(entries[offset])
    return members | {name: write_bundle(entries)}


TEXT = st.text(st.characters(codec=None), max_size=5)  # lone surrogates too, which JSON can spell and UTF-8 cannot
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
