"""Simulations as their stream tells them: what was asked, how far it is, what would move."""

from dataclasses import asdict
from typing import Any

import msgspec

from service.office import office


def shown(key: str, *, report: bool = True) -> dict[str, Any]:
    """One simulation; with ``report``, what would move by unit, item, leaf and rank."""
    found, head = office().simulations.get(key)
    body: dict[str, Any] = {"id": key, "version": head.version, "requested_by": found.requested_by}
    if found.asked:
        body |= asdict(found.asked)
    if found.finished:
        body |= {name: value for name, value in asdict(found.finished).items() if name != "report"}
    body.pop("simulation", None)
    body["state"] = "requested" if found.finished is None else "failed" if found.finished.failure else "finished"
    if report:
        told = None if found.finished else office().progress.told(key)
        body["progress"] = told and dict(zip(("done", "of"), told, strict=True))
        body["report"] = _report(found.finished.report) if found.finished and found.finished.report else None
    return body


def _report(digest: str) -> Any:
    body = office().store.document(digest)
    return None if body is None else msgspec.json.decode(body)
