"""What a newcomer should not miss in the demo year, and where it is to be seen."""

from dataclasses import dataclass

from service.demo import marking, together
from service.demo.places import CYCLE

_UNITS = f"/cycles/{CYCLE}/units"


@dataclass(frozen=True, slots=True)
class Sight:
    """Something worth a look: where the auditor reads it, and the type of its events in the feed."""

    zh: str
    en: str
    path: str
    type: str


SIGHTS = (
    Sight(
        "双人盲评",
        "a leaf judged by two and moderated",
        f"{_UNITS}/{next(iter(marking.APART))}/sheets/6/explanation",
        "JudgementModerated",
    ),
    Sight("联合申报", "a joint claim", f"{_UNITS}/{together.AGREED.partner}/sheets/7/explanation", "JointClaimAgreed"),
    Sight("口径先模拟后决定", "a question decided once its effect was seen", "/simulations", "InterpretationDecided"),
    Sight("年中变更考核表", "another rubric in the midst", f"/cycles/{CYCLE}/rubric-changes", "RubricAdopted"),
    Sight("文件导入", "imported files", f"/cycles/{CYCLE}/imports", "ImportConfirmed"),
)
