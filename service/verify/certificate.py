"""A unit's score certificate: one JSON file that proves, alone, how every point of the unit follows.

It holds the cycle's and the unit's streams with an inclusion proof each, the rubric, the derivation and the
expected score. What it cannot show: that no later event stands on those streams; only a whole bundle can.
"""

import json
from typing import Any

from events.log.errors import LogError, MalformedProofError
from events.log.lines import decode_hash, encode_base64
from events.log.paths import verify_inclusion
from service.verify.audit import Audit
from service.verify.derivation import derivation
from service.verify.entries import UnreadableError
from service.verify.findings import Findings, Report, UnusableError
from service.verify.manifest import MAX_JSON_BYTES, read_json
from service.verify.offline import Asked
from service.verify.results import unit_document
from service.verify.scores import Scores
from service.verify.trusted import Trusted, judge, read_policy

FORMAT = "kaohe-certificate/v1"
MAX_ENTRIES = 20_000
_TEXTS = ("format", "cycle", "unit", "checkpoint", "policy", "rubric")


def write_certificate(parts: dict[str, Any]) -> bytes:
    """The file's bytes from its parts; see `read_certificate` for their names."""
    return json.dumps({"format": FORMAT, **parts}, indent=1, ensure_ascii=False).encode()


def written_entry(position: int, raw: bytes, path: list[bytes]) -> dict[str, Any]:
    """One entry with the path that proves it."""
    return {"position": position, "entry": raw.decode(), "path": [encode_base64(each) for each in path]}


def read_certificate(data: bytes) -> dict[str, Any]:
    """The parts: texts `cycle`, `unit`, `checkpoint`, `policy`, `rubric`; `score`, `derivation`; `entries`.

    Raises UnusableError for anything else.
    """
    if len(data) > MAX_JSON_BYTES:
        raise UnusableError("文件过大", "the file is too large")
    parts: dict[str, Any] = read_json(data)
    texts = all(isinstance(parts.get(name), str) for name in _TEXTS)
    entries = parts.get("entries")
    documents = isinstance(parts.get("score"), dict) and isinstance(parts.get("derivation"), dict)
    shaped = isinstance(entries, list) and len(entries) <= MAX_ENTRIES and all(map(_is_entry, entries))
    if not texts or parts["format"] != FORMAT or not shaped or not documents:
        raise UnusableError("不是成绩证书", "not a score certificate")
    return parts


def verify_certificate(data: bytes, asked: Asked) -> Report:
    """Everything a certificate claims, checked; raises UnusableError when it is none."""
    parts = read_certificate(data)
    policy = read_policy(asked.policy or _octets(parts["policy"]))
    audit = Audit({}, 2**63, traced=True)
    trusted = judge(_octets(parts["checkpoint"]), policy, audit.findings)
    report = Report(audit.findings, len(parts["entries"]), trusted.grade, asked.grade, list(trusted.notes))
    if asked.policy is None:
        report.notes.append(
            "策略取自证书，请与您自己的比对 / the policy is the certificate's own: compare it with yours"
        )
    for each in sorted(parts["entries"], key=lambda each: int(each["position"])):
        _take(audit, trusted, each)
    _compare(parts, audit.findings, audit)
    return report


def _take(audit: Audit, trusted: Trusted, written: dict[str, Any]) -> None:
    position, raw = written["position"], _octets(written["entry"])
    entry = audit.folded(position, raw)
    if entry is None:
        return
    try:
        path = [decode_hash(each, MalformedProofError) for each in written["path"]]
        verify_inclusion(entry.leaf, position - 1, trusted.checkpoint.head, path)
    except LogError as reason:
        audit.findings.at(position, reason.zh, reason.en, reason.detail)


def _compare(parts: dict[str, Any], findings: Findings, audit: Audit) -> None:
    try:
        score, how = computed(audit, parts["cycle"], parts["unit"], _octets(parts["rubric"]))
    except (UnreadableError, KeyError, ValueError, TypeError) as reason:
        findings.add(f"unit {parts['unit']}", "成绩无法重算", "the score cannot be computed", str(reason))
        return
    audit.differ(score, parts["score"], f"unit {parts['unit']}")
    audit.differ(how, parts["derivation"], f"derivation {parts['unit']}")


def computed(audit: Audit, cycle: str, unit: str, rubric: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The score and the derivation that the folded entries give under this rubric.

    Raises UnreadableError, KeyError, ValueError or TypeError when they give none.
    """
    known = audit.scores.cycles[cycle]
    scores = Scores({known.hash: rubric})
    scores.cycles, scores.sheets = audit.scores.cycles, audit.scores.sheets
    score = unit_document(scores.rubric(known.hash), known.units[unit].cohort, scores.leaves(cycle, unit))
    return score, derivation(scores, cycle, unit)


def _octets(text: str) -> bytes:
    # JSON spells lone surrogates, UTF-8 does not: whoever reads these bytes refuses them by name.
    return text.encode("utf-8", "surrogatepass")


def _is_entry(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    position, path = value.get("position"), value.get("path")
    whole = type(position) is int and 0 < position < 2**63
    return (
        whole
        and isinstance(value.get("entry"), str)
        and isinstance(path, list)
        and all(isinstance(p, str) for p in path)
    )
