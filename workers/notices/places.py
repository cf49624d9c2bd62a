"""Where what a notice tells of is to be seen: a path that is open to whoever is told, and what it is about in words."""

from domain.told.accounts import ACCOUNT
from domain.told.work import ADDRESS

# Where in a cycle that which an event is about is listed, for whoever is told of it.
_LISTED = {
    "ExtensionProposed": "/extensions", "ExtensionGranted": "/extensions",
    "TargetIssued": "/targets", "TargetChangeProposed": "/target-changes",
    "TargetChangeConfirmed": "/target-changes", "TargetChangeWithdrawn": "/target-changes",
    "RubricChangeProposed": "/rubric-changes", "RubricChangeWithdrawn": "/rubric-changes",
    "MarkingProposed": "/marking", "MarkingSet": "/marking",
    "ObjectionFiled": "/objections", "ObjectionAnswered": "/objections",
    "ReopeningProposed": "/reopening", "WaiverSigned": "/waivers",
    "ResultsProposed": "/publications", "ResultsPublished": "/publications", "CycleFinalised": "/publications",
}  # fmt: skip
CHANNELS = "/api/v1/me/notices/channels"
_OWN = {ADDRESS: CHANNELS, ACCOUNT: "/api/v1/me"}


def path(stream: str, unit: str = "", kind: str = "", event: str = "") -> str:
    """Where to look: the resource of a stream, as a path of this service; of a sheet the ``unit``'s own.

    Who is told of another unit's act on their joint claim may look at his unit's sheet alone, and an administrator at
    no sheet, but at its appeals. ``kind``: of the notice; ``event``: the type of what it tells of.
    """
    if kind in _OWN:
        return _OWN[kind]
    sort, _, rest = stream.partition("/")
    parts = rest.split("/")
    match sort:
        case "sheet":
            cycle, own, item = parts
            if (event, kind) == ("AppealFiled", "second"):
                return f"/api/v1/cycles/{cycle}/reports/appeals"
            return f"/api/v1/cycles/{cycle}/units/{unit or own}/sheets/{item}"
        case "claim":
            return f"/api/v1/cycles/{parts[0]}/register"
        case "cycle":
            return f"/api/v1/cycles/{rest}{_LISTED.get(event, '')}"
        case "rubric" | "recomputation" | "erasure":
            return f"/api/v1/{sort}s/{rest}"
        case "person":
            return f"/api/v1/people/{rest}"
    return "/api/v1/notices/dead-letters"


def place(stream: str, unit: str = "") -> tuple[str, str]:
    """What a stream is about, in Chinese and English; empty when it is about no cycle; ``unit`` as in ``path``."""
    kind, *parts = stream.split("/")
    if kind == "sheet":
        cycle, own, item = parts
        named = unit or own
        return f"{cycle} 考核，单位 {named}，第 {item} 项", f"cycle {cycle}, unit {named}, item {item}"
    return (f"{parts[0]} 考核", f"cycle {parts[0]}") if kind in {"cycle", "claim"} else ("", "")
