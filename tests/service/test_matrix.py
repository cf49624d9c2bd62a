"""Who may do what: every role on every route, for its own unit or department and for others.

A route without an expectation here fails the suite, so nobody adds a door without saying who may go through it.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.test import TestResponse

from domain import facts
from domain.interpretations import apply
from domain.rubric.identity import canonical
from domain.scopes import SCOPES
from events.codec import to_event
from events.entry import Actor, new_id
from service.rubric_files import load
from tests.service.city import API, CYCLE, PEOPLE, STRANGER, City, record, sheet
from tests.service.papers import pdf
from tests.service.workbooks import FIGURES, ROSTER, csv

REASON = "按规定办理 as the rules say"
SHEET, SEVEN = sheet(), sheet(item="7")
STRANGERS = frozenset({STRANGER, "revoked", "expired"})
EVERYBODY = frozenset(PEOPLE) - STRANGERS
ADMINISTRATORS = frozenset({"administrator", "second-administrator"})
AUDITORS = frozenset({"auditor", "second-auditor"})
ERASERS = ADMINISTRATORS | {"chief-approver"}
REVIEWERS = frozenset({"reviewer", "second-reviewer"})
DEPARTMENT = REVIEWERS | {"conflicted-reviewer", "approver", "chief-approver", "conflicted-approver"}
DESKS = DEPARTMENT | {"other-reviewer", "other-approver"}
VIEWERS = frozenset({"viewer", "department-viewer"})
UNIT = frozenset({"unit"})
UNITS = UNIT | {"other-unit"}


@dataclass(slots=True)
class Scene:
    """A city in which something waits for everybody."""

    city: City
    ids: dict[str, str] = field(default_factory=dict)

    def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        if method == "GET":
            return self.city.get(who, path, **headers)
        return self.city.post(who, path, body, **headers)

    def version(self, place: str) -> str:
        return f'"{self.city.seen("auditor", place)["version"]}"'


Ask = Callable[[Scene, str], TestResponse]


def get(path: str) -> Ask:
    return lambda scene, who: scene.call(who, "GET", path.format(**scene.ids))


def post(path: str, body: Any = None, seen: str = "") -> Ask:
    def ask(scene: Scene, who: str) -> TestResponse:
        headers = {"If_Match": scene.version(seen)} if seen else {}
        filled = {
            name: value.format(**scene.ids) if isinstance(value, str) else value for name, value in (body or {}).items()
        }
        return scene.call(who, "POST", path.format(**scene.ids), filled, **headers)

    return ask


def upload(scene: Scene, who: str) -> TestResponse:
    return send(scene.city, who)


def send(city: City, who: str) -> TestResponse:
    return city.call(who, "POST", f"{API}{SHEET}/evidence", data={"leaf": "1b", "file": pdf()})


def table(path: str, header: tuple[str, ...], **said: str) -> Ask:
    """A file of a header and one row, which nobody could take."""

    def ask(scene: Scene, who: str) -> TestResponse:
        file = (io.BytesIO(csv(header, ["?"] * len(header))), "table.csv")
        return scene.city.call(who, "POST", f"{API}/cycles/{CYCLE}/imports/{path}", data={**said, "file": file})

    return ask


def revoke_a_token(scene: Scene, who: str) -> TestResponse:
    person = scene.ids["spare"]
    issued = scene.city.done("administrator", f"/people/{person}/credentials", {"days": 1})
    credential = issued["events"][0]["data"]["credential"]
    return scene.call(who, "POST", f"/people/{person}/credentials/{credential}/revocation", {"reason": REASON})


def post_after_opening(path: str) -> Ask:
    """Asks once the caller, if he is anybody, has a webhook."""

    def ask(scene: Scene, who: str) -> TestResponse:
        scene.call(who, "POST", "/me/notices/channels", {"channel": "webhook", "address": "https://hook.example/in"})
        return scene.call(who, "POST", path)

    return ask


@dataclass(frozen=True, slots=True)
class Door:
    """A route: how it is asked, who may go through, and what the others are told."""

    ask: Ask
    may: frozenset[str]
    others: int = 403
    hidden: frozenset[str] = frozenset()  # who is told that there is nothing here


# To people of other units, and to people without a role, a unit's sheets do not exist.
FAR = EVERYBODY - UNIT - DESKS - AUDITORS - VIEWERS - ADMINISTRATORS
ACT = {"hidden": FAR}
CONFIRMED = {"difference": "0" * 64, "reason": REASON}
SIMULATION = {"cycle": CYCLE, "interpretations": {"Q3": "zero"}, "reason": REASON}
ROLE = {"role": "viewer", "scope": "legal", "reason": REASON}
BONUS = {
    "leaf": "7a",
    "key": "K-{number}",
    "title": "经验",
    "justification": "在全市范围内推广了这一做法，效果显著，材料齐全。",
}
OFFERED = {"leaf": "7a", "key": "J-0"}
DOORS = {
    "people.get_me": Door(get("/me"), EVERYBODY),
    "people.get_people": Door(get("/people"), ADMINISTRATORS | AUDITORS),
    "people.post_person": Door(post("/people", {"name": "新人"}), ADMINISTRATORS),
    # Everybody may ask; whose names he is told is another thing (test_names.py).
    "people.get_names": Door(get("/people/names?id={spare}"), EVERYBODY),
    "people.get_person": Door(get("/people/{spare}"), ADMINISTRATORS | AUDITORS),
    "people.get_roles": Door(get("/roles"), ADMINISTRATORS | AUDITORS),
    "people.post_role": Door(post("/people/{spare}/roles", ROLE), ADMINISTRATORS),
    "people.post_role_revocation": Door(post("/people/{spare}/roles/revocations", ROLE), ADMINISTRATORS),
    "people.post_conflict": Door(post("/people/{spare}/conflicts", {"unit": "a", "reason": REASON}), ADMINISTRATORS),
    "people.post_credential": Door(post("/people/{spare}/credentials", {"days": 1}), ADMINISTRATORS),
    "people.post_credential_revocation": Door(revoke_a_token, ADMINISTRATORS),
    "people.post_readmission": Door(post("/people/{spare}/readmission", {"reason": REASON}), ADMINISTRATORS),
    "people.post_invitation": Door(post("/people/{spare}/invitations", {"hours": 1}), ADMINISTRATORS),
    "people.post_identity": Door(post("/people/{linked}/identities", {"subject": "someone"}), ADMINISTRATORS),
    "people.post_unlinking": Door(
        post("/people/{linked}/identities/{submission}/unlinking", {"reason": REASON}),
        frozenset(),
        hidden=ADMINISTRATORS,
    ),
    "credentials.get_credentials": Door(get("/me/credentials"), EVERYBODY),
    # A plain token takes no other: that needs a session or an invitation (test_credentials.py).
    "credentials.post_credential": Door(post("/me/credentials", {"days": 1}), frozenset()),
    "credentials.post_rotation": Door(post("/me/credentials/rotation", {"days": 366}), EVERYBODY),
    # Nobody has one of that id, so nobody loses his.
    "credentials.post_revocation": Door(
        post("/me/credentials/{submission}/revocation", {"reason": REASON}), frozenset(), others=404
    ),
    "rubrics.get_rubrics": Door(get("/rubrics"), EVERYBODY),
    "rubrics.post_rubric": Door(post("/rubrics", {"rubric": {}}), ADMINISTRATORS),
    "rubrics.get_rubric": Door(get("/rubrics/six-actions"), EVERYBODY),
    "rubrics.get_text": Door(get("/rubrics/six-actions/texts/{stricter}"), EVERYBODY),
    "rubrics.post_withdrawal": Door(
        post("/rubrics/six-actions/withdrawal", {"hash": "0" * 64, "reason": REASON}), ADMINISTRATORS
    ),
    "rubrics.post_publication": Door(post("/rubrics/six-actions/publication", {"hash": "0" * 64}), ADMINISTRATORS),
    "cycles.get_cycles": Door(get("/cycles"), EVERYBODY),
    "cycles.post_cycle": Door(
        post("/cycles", {"cycle": "2027", "title": "t", "rubric": "six-actions", "calendar": {}}), ADMINISTRATORS
    ),
    "cycles.get_cycle": Door(get(f"/cycles/{CYCLE}"), EVERYBODY),
    "cycles.get_units": Door(get(f"/cycles/{CYCLE}/units"), EVERYBODY),
    "cycles.post_unit": Door(
        post(f"/cycles/{CYCLE}/units", {"unit": "u", "cohort": "district", "name_zh": "一", "name_en": "one"}),
        ADMINISTRATORS,
    ),
    "cycles.post_phase": Door(post(f"/cycles/{CYCLE}/phases", {"phase": "final", "reason": REASON}), ADMINISTRATORS),
    "cycles.post_deadline": Door(
        post(f"/cycles/{CYCLE}/deadlines", {"phase": "final", "moment": "2030-01-01T00:00:00Z", "reason": REASON}),
        ADMINISTRATORS,
    ),
    "publications.get_publications": Door(
        get(f"/cycles/{CYCLE}/publications"), UNITS | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "publications.post_publication": Door(
        post(f"/cycles/{CYCLE}/publications", {"stage": "provisional", "reason": REASON}), ADMINISTRATORS
    ),
    # Nothing is published yet: units are told that there is nothing here, as they are of a mere proposal.
    "publications.get_publication": Door(
        get(f"/cycles/{CYCLE}/publications/1"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS, hidden=UNITS
    ),
    "publications.post_confirmation": Door(
        post(f"/cycles/{CYCLE}/publications/1/confirmation", {"reason": REASON}), ADMINISTRATORS
    ),
    "publications.get_check": Door(
        get(f"/cycles/{CYCLE}/publications/1/check"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "publications.get_differences": Door(
        get(f"/cycles/{CYCLE}/publications/1/differences?since=1"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "adoptions.get_changes": Door(get(f"/cycles/{CYCLE}/rubric-changes"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS),
    "adoptions.post_change": Door(
        post(f"/cycles/{CYCLE}/rubric-changes", {"hash": "{stricter}", "reason": REASON}), ADMINISTRATORS
    ),
    "adoptions.get_change": Door(
        get(f"/cycles/{CYCLE}/rubric-changes/{{change}}"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "adoptions.post_confirmation": Door(
        post(f"/cycles/{CYCLE}/rubric-changes/{{change}}/confirmation", {"reason": REASON}), ADMINISTRATORS
    ),
    "adoptions.post_withdrawal": Door(
        post(f"/cycles/{CYCLE}/rubric-changes/{{change}}/withdrawal", {"reason": REASON}), ADMINISTRATORS
    ),
    "exceptions.get_extensions": Door(
        get(f"/cycles/{CYCLE}/extensions"), UNITS | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "exceptions.post_extension": Door(
        post(
            f"/cycles/{CYCLE}/extensions",
            {"unit": "xigang", "phase": "open", "moment": "2040-01-01T00:00:00Z", "reason": REASON},
        ),
        ADMINISTRATORS,
    ),
    "exceptions.post_extension_confirmation": Door(
        post(f"/cycles/{CYCLE}/extensions/{{extension}}/confirmation", {"reason": REASON}), ADMINISTRATORS
    ),
    "exceptions.post_reopening": Door(
        post(f"/cycles/{CYCLE}/reopening", {"calendar": {"review": "2040-01-01T00:00:00Z"}, "reason": REASON}),
        ADMINISTRATORS,
    ),
    # Nothing is proposed, which only those who may look are told.
    "exceptions.get_reopening": Door(
        get(f"/cycles/{CYCLE}/reopening"), frozenset(), hidden=DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "exceptions.post_reopening_confirmation": Door(
        post(f"/cycles/{CYCLE}/reopening/confirmation", {"reopening": "{extension}", "reason": REASON}),
        frozenset(),
        hidden=ADMINISTRATORS,
    ),
    "reports.get_discretion": Door(get(f"/cycles/{CYCLE}/reports/discretion"), AUDITORS),
    "reports.get_severity": Door(get(f"/cycles/{CYCLE}/reports/severity"), AUDITORS),
    "reports.get_deadlines": Door(get(f"/cycles/{CYCLE}/reports/deadlines"), AUDITORS),
    "reports.get_appeals": Door(get(f"/cycles/{CYCLE}/reports/appeals"), AUDITORS | ADMINISTRATORS),
    "reports.get_duties": Door(get(f"/cycles/{CYCLE}/reports/duties"), AUDITORS),
    # The organisation and democracy departments' people answer for item 7; everybody of a unit sees his own keys.
    "reports.get_evidence_reuse": Door(
        get(f"/cycles/{CYCLE}/reports/evidence-reuse"), DESKS | AUDITORS | ADMINISTRATORS
    ),
    "reports.get_bonuses": Door(get(f"/cycles/{CYCLE}/reports/bonuses?leaf=7a"), AUDITORS),
    "register.get_register": Door(get(f"/cycles/{CYCLE}/register"), UNITS | DEPARTMENT | AUDITORS | ADMINISTRATORS),
    "workdays.get_day": Door(get("/working-days?after=2026-01-01T00:00:00Z&days=1"), EVERYBODY),
    "exceptions.get_waivers": Door(
        get(f"/cycles/{CYCLE}/waivers"), UNITS | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "exceptions.post_waiver": Door(
        post(
            f"/cycles/{CYCLE}/waivers",
            {"person": "{spare}", "unit": "transport", "department": "women", "reason": REASON},
        ),
        ADMINISTRATORS | {"approver", "other-approver", "chief-approver", "conflicted-approver"},
    ),
    "marking.get_marking": Door(get(f"/cycles/{CYCLE}/marking"), UNITS | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS),
    "marking.post_marking": Door(
        post(f"/cycles/{CYCLE}/marking", {"percent": 0, "departments": {}, "limit": "0.50", "reason": REASON}),
        ADMINISTRATORS,
    ),
    "marking.post_confirmation": Door(
        post(f"/cycles/{CYCLE}/marking/{{marking}}/confirmation", {"reason": REASON}), ADMINISTRATORS
    ),
    "marking.post_revelation": Door(post(f"/cycles/{CYCLE}/marking/{{marking}}/revelation"), AUDITORS | ADMINISTRATORS),
    "marking.post_second": Door(
        post(SHEET + "/second-judgements", {"leaf": "1a", "points": "1.00", "reason": REASON}, SHEET), REVIEWERS, **ACT
    ),
    "marking.post_waiver": Door(
        post(SHEET + "/second-judgements/waivers", {"leaf": "1a", "reason": REASON}, SHEET),
        ADMINISTRATORS | {"approver", "other-approver", "chief-approver", "conflicted-approver"},
        **ACT,
    ),
    "marking.post_moderation": Door(
        post(SHEET + "/moderations", {"leaf": "1a", "points": "1.00", "reason": REASON}, SHEET),
        frozenset({"approver", "chief-approver"}),
        **ACT,
    ),
    "targets.get_targets": Door(get(f"/cycles/{CYCLE}/targets"), UNITS | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS),
    "targets.get_preview": Door(get(f"/cycles/{CYCLE}/targets/preview?unit=xigang&leaf=1a&target=70"), ADMINISTRATORS),
    "targets.post_target": Door(
        post(f"/cycles/{CYCLE}/targets", {"unit": "xigang", "leaf": "1a", "target": 80, "reason": REASON}),
        ADMINISTRATORS,
    ),
    "target_changes.get_changes": Door(
        get(f"/cycles/{CYCLE}/target-changes"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "target_changes.post_change": Door(
        post(f"/cycles/{CYCLE}/target-changes", {"unit": "zhongshan", "leaf": "1a", "target": 90, "reason": REASON}),
        ADMINISTRATORS,
    ),
    "target_changes.get_change": Door(
        get(f"/cycles/{CYCLE}/target-changes/{{target}}"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "target_changes.post_confirmation": Door(
        post(f"/cycles/{CYCLE}/target-changes/{{target}}/confirmation", {"reason": REASON}), ADMINISTRATORS
    ),
    "target_changes.post_withdrawal": Door(
        post(f"/cycles/{CYCLE}/target-changes/{{target}}/withdrawal", {"reason": REASON}), ADMINISTRATORS
    ),
    "appeals.get_objections": Door(
        get(f"/cycles/{CYCLE}/objections"), UNITS | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "appeals.post_objection": Door(
        post(
            f"/cycles/{CYCLE}/objections",
            {"publication": 1, "unit": "zhongshan", "about": "xigang", "text": "数据与公开材料不符"},
        ),
        UNIT,
    ),
    "appeals.post_answer": Door(
        post(f"/cycles/{CYCLE}/objections/{{submission}}/answer", {"outcome": "dismissed", "reason": REASON}),
        frozenset(),
        hidden=ADMINISTRATORS,
    ),
    "appeals.post_appeal": Door(post(SHEET + "/appeals", {"leaf": "1a", "text": "合同数少计十份"}), UNIT, **ACT),
    "appeals.get_appeal": Door(get(SHEET + "/appeals/{appeal}"), UNIT | DEPARTMENT | AUDITORS | ADMINISTRATORS, **ACT),
    "appeals.post_assignment": Door(
        post(SHEET + "/appeals/{appeal}/assignment", {"person": "{spare}", "reason": REASON}), ADMINISTRATORS, **ACT
    ),
    # Nobody may decide it yet: it is laid before nobody, and then only before one person.
    "appeals.post_decision": Door(
        post(SHEET + "/appeals/{appeal}/decision", {"outcome": "dismissed", "reason": REASON}, SHEET),
        frozenset({"approver", "chief-approver"}),
        **ACT,
    ),
    "imports.get_imports": Door(get(f"/cycles/{CYCLE}/imports"), UNITS | AUDITORS | ADMINISTRATORS),
    "imports.post_roster_preview": Door(table("roster/preview", ROSTER), ADMINISTRATORS),
    "imports.post_roster": Door(table("roster", ROSTER, **CONFIRMED), ADMINISTRATORS),
    "imports.post_figures_preview": Door(table("figures/preview", FIGURES), UNITS),
    "imports.post_figures": Door(table("figures", FIGURES, **CONFIRMED), UNITS),
    # To people of other units an import of this one does not exist.
    "imports.post_reversal": Door(
        post(f"/cycles/{CYCLE}/imports/{{import}}/reversal", {"reason": REASON}), UNIT, hidden=frozenset({"other-unit"})
    ),
    # Nobody here imported it himself.
    "imports.get_file": Door(
        get(f"/cycles/{CYCLE}/imports/{{import}}/file"), AUDITORS, hidden=frozenset({"other-unit"})
    ),
    "imports.get_roster_template": Door(get(f"/cycles/{CYCLE}/imports/templates/roster"), ADMINISTRATORS),
    "imports.get_figures_template": Door(get(f"/cycles/{CYCLE}/imports/templates/figures?unit=zhongshan"), UNIT, 404),
    "exports.get_sheet": Door(
        get(f"/cycles/{CYCLE}/units/zhongshan/exports/sheet"), UNIT | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS, 404
    ),
    "exports.get_results": Door(
        get(f"/cycles/{CYCLE}/exports/results?format=json"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "exports.get_queue": Door(get(f"/cycles/{CYCLE}/exports/queue?format=csv"), DESKS | AUDITORS | ADMINISTRATORS),
    "exports.get_feed": Door(get("/exports/feed?limit=1"), AUDITORS),
    "exports.get_exports": Door(get("/exports"), AUDITORS),
    # Made by nobody of these: to all but auditors it does not exist.
    "exports.get_export": Door(get("/exports/{export}"), AUDITORS, 404),
    "sheets.get_sheet": Door(get(SHEET), UNIT | DEPARTMENT | AUDITORS, **ACT),
    "sheets.get_history": Door(get(SHEET + "/history"), UNIT | DEPARTMENT | AUDITORS, **ACT),
    "sheets.get_explanation": Door(get(SHEET + "/explanation"), UNIT | DEPARTMENT | AUDITORS, **ACT),
    "filing.post_submission": Door(
        post(SHEET + "/submissions", {"figures": {"1b": {"numerator": 1, "denominator": 2}}}), UNIT, **ACT
    ),
    "filing.post_withdrawal": Door(
        post(SHEET + "/submissions/{submission}/withdrawal", {"reason": REASON}), UNIT, **ACT
    ),
    "reviewing.post_verification": Door(
        post(SHEET + "/verifications", {"leaf": "1a", "submission": "{submission}", "reason": REASON}, SHEET),
        REVIEWERS,
        **ACT,
    ),
    "reviewing.post_judgement": Door(
        post(SHEET + "/judgements", {"leaf": "1a", "points": "1.00", "reason": REASON}, SHEET), REVIEWERS, **ACT
    ),
    "reviewing.post_not_applicable": Door(
        post(SHEET + "/not-applicable", {"leaf": "1c", "reason": REASON}, SHEET), REVIEWERS, **ACT
    ),
    "adjustments.post_adjustment": Door(
        post(
            SHEET + "/adjustments",
            {"leaf": "1a", "delta": "-0.10", "code": "other", "text": "现场核查发现差异，予以扣减"},
            SHEET,
        ),
        REVIEWERS,
        **ACT,
    ),
    "adjustments.post_adjustment_decision": Door(
        post(SHEET + "/adjustments/{adjustment}/decisions", {"decision": "decline", "reason": REASON}, SHEET),
        frozenset({"approver", "chief-approver"}),
        **ACT,
    ),
    "filing.post_claim": Door(post(SEVEN + "/claims", {"leaf": "7a", "key": "C-1", "title": "经验"}), UNIT, **ACT),
    "bonuses.post_bonus": Door(post(SEVEN + "/bonuses", BONUS | {"key": "K-9"}, SEVEN), REVIEWERS, **ACT),
    "bonuses.post_bonus_decision": Door(
        post(SEVEN + "/bonuses/{bonus}/decisions", {"decision": "decline", "reason": REASON}, SEVEN),
        frozenset({"approver", "chief-approver"}),
        **ACT,
    ),
    "joint.post_claim": Door(
        post(SEVEN + "/joint-claims", {"leaf": "7a", "key": "J-1", "title": "合同", "partners": ["xigang"]}),
        UNIT,
        **ACT,
    ),
    "joint.post_agreement": Door(post(SEVEN + "/joint-claims/{joint}/agreement", OFFERED), UNIT, **ACT),
    "joint.post_dispute": Door(
        post(SEVEN + "/joint-claims/{joint}/dispute", OFFERED | {"statement": REASON}), UNIT, **ACT
    ),
    "joint.post_split": Door(
        post(SEVEN + "/joint-claims/{joint}/split", OFFERED | {"shares": {"xigang": "3.00"}, "reason": REASON}, SEVEN),
        REVIEWERS,
        **ACT,
    ),
    "joint.post_split_confirmation": Door(
        post(SEVEN + "/joint-claims/{joint}/split/confirmation", OFFERED | {"reason": REASON}, SEVEN),
        frozenset({"approver", "chief-approver"}),
        **ACT,
    ),
    "evidence.post_evidence": Door(upload, UNIT, **ACT),
    "evidence.get_evidence": Door(get(SHEET + "/evidence/{evidence}"), UNIT | DEPARTMENT | AUDITORS, 404),
    "evidence.get_check": Door(get(SHEET + "/evidence/{evidence}/check"), UNIT | DEPARTMENT | AUDITORS, 404),
    "evidence.post_evidence_withdrawal": Door(
        post(SHEET + "/evidence/{evidence}/withdrawal", {"reason": REASON}), UNIT, **ACT
    ),
    "evidence.post_review": Door(
        post(SHEET + "/evidence/{evidence}/reviews", {"outcome": "accepted", "reason": REASON}, SHEET),
        REVIEWERS,
        **ACT,
    ),
    "scores.get_unit_scores": Door(
        get(f"/cycles/{CYCLE}/units/zhongshan/scores"), UNIT | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS, 404
    ),
    "scores.get_timeline": Door(
        get(f"/cycles/{CYCLE}/units/zhongshan/scores/timeline"), UNIT | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS, 404
    ),
    "scores.get_board": Door(get(f"/cycles/{CYCLE}/scores"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS),
    "scores.get_departments": Door(
        get(f"/cycles/{CYCLE}/departments/scores"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    # Units are told of their own alone.
    "differences.get_differences": Door(
        get(f"/cycles/{CYCLE}/differences"), UNITS | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "differences.get_leaves": Door(
        get(f"/cycles/{CYCLE}/differences/leaves"), UNITS | DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "scores.get_queue": Door(get(f"/cycles/{CYCLE}/queue"), DESKS | AUDITORS | ADMINISTRATORS),
    "audit.get_events": Door(get("/events?limit=1"), AUDITORS),
    "audit.get_event": Door(get("/events/1"), AUDITORS),
    "audit.get_parked": Door(get("/parked"), AUDITORS | ADMINISTRATORS),
    "recomputations.get_recomputations": Door(get("/recomputations"), AUDITORS | ADMINISTRATORS),
    "recomputations.post_recomputation": Door(post("/recomputations", {"reason": REASON}), AUDITORS | ADMINISTRATORS),
    "recomputations.get_recomputation": Door(get("/recomputations/{recomputation}"), AUDITORS | ADMINISTRATORS),
    "recomputations.post_approval": Door(
        post("/recomputations/{recomputation}/approval", {"reason": REASON}), AUDITORS | ADMINISTRATORS
    ),
    "insight.get_robustness": Door(
        get(f"/cycles/{CYCLE}/robustness?held=Q2,Q3,Q5,Q7"), DESKS | VIEWERS | AUDITORS | ADMINISTRATORS
    ),
    "insight.get_improvements": Door(
        get(f"/cycles/{CYCLE}/units/zhongshan/improvements?points=0.10"), UNIT | AUDITORS | {"chief-approver"}, **ACT
    ),
    "insight.get_explanation": Door(
        get(f"/cycles/{CYCLE}/units/zhongshan/explanation"), UNIT | AUDITORS | {"chief-approver"}, **ACT
    ),
    "insight.get_interpretations": Door(get("/rubrics/six-actions/interpretations"), EVERYBODY),
    "insight.post_interpretation": Door(
        post("/rubrics/six-actions/interpretations", {"question": "Q3", "option": "zero", "reason": REASON}),
        ADMINISTRATORS,
    ),
    "simulations.get_simulations": Door(get("/simulations"), AUDITORS | ADMINISTRATORS),
    "simulations.post_simulation": Door(post("/simulations", SIMULATION), AUDITORS | ADMINISTRATORS),
    "simulations.get_simulation": Door(get("/simulations/{simulation}"), AUDITORS | ADMINISTRATORS),
    "notices.get_own": Door(get("/me/notices"), EVERYBODY),
    "notices.get_channels": Door(get("/me/notices/channels"), EVERYBODY),
    "notices.post_channel": Door(
        post("/me/notices/channels", {"channel": "webhook", "address": "https://hook.example/in"}), EVERYBODY
    ),
    # No code went out yet, which everybody with a mailbox is told.
    "notices.post_confirmation": Door(
        post("/me/notices/channels/email/confirmation", {"code": "x"}), frozenset(), hidden=EVERYBODY
    ),
    "notices.post_check": Door(post_after_opening("/me/notices/channels/webhook/check"), EVERYBODY),
    "notices.post_secret": Door(post_after_opening("/me/notices/secret"), EVERYBODY),
    "notices.post_closing": Door(post_after_opening("/me/notices/channels/webhook/closing"), EVERYBODY),
    "notices.get_person_channels": Door(get("/people/{spare}/notices/channels"), ADMINISTRATORS),
    "notices.get_dead_letters": Door(get("/notices/dead-letters"), ADMINISTRATORS | AUDITORS),
    # There is no such dead letter, which only administrators are told.
    "notices.post_resending": Door(
        post("/notices/dead-letters/" + "0" * 32 + "/resending", {"reason": REASON}),
        frozenset(),
        hidden=ADMINISTRATORS,
    ),
    "erasures.get_erasures": Door(get("/erasures"), ERASERS | AUDITORS),
    "erasures.post_erasure": Door(post("/erasures", {"subject": "{erased}", "basis": REASON}), ERASERS),
    "erasures.get_erasure": Door(get("/erasures/{erased}"), ERASERS | AUDITORS),
    "erasures.post_approval": Door(post("/erasures/{erased}/approval", {"reason": REASON}), ERASERS),
}
# Doors without a lock: what there is, whether the house stands, the document, and the public log.
PUBLIC = {
    "health.root": "/",
    "pages.get_style": "/style.css",
    "health.livez": "/livez",
    "health.readyz": "/readyz",
    "health.metrics": "/metrics",
    "api-docs.openapi_json": "/openapi.json",
}
OPEN = ("log.", "notice.")  # the public log, and the public notice, which test_notice.py asks for
# Doors that find out by themselves who comes through them: test_sign_in.py asks for all of them.
SIGN_IN = "sign_in."


@pytest.fixture(scope="module")
def scene(shared_city: City) -> Scene:
    made = Scene(shared_city)
    city, ids = shared_city, made.ids
    ids["spare"] = city.done("administrator", "/people", {"name": "备用"})["stream"].removeprefix("person/")
    ids["linked"] = city.done("administrator", "/people", {"name": "登录者"})["stream"].removeprefix("person/")
    filed = city.done("unit", SHEET + "/submissions", {"figures": {"1a": {"actual": 100, "target": 100}}})
    ids["submission"] = filed["events"][0]["data"]["submission"]
    attached = send(city, "unit")
    assert attached.status_code == 201, attached.get_data(as_text=True)
    ids["evidence"] = attached.get_json()["events"][0]["data"]["evidence"]
    verified = {"leaf": "1a", "submission": ids["submission"], "reason": REASON}
    city.done("reviewer", SHEET + "/verifications", verified, If_Match=made.version(SHEET))
    less = {"leaf": "1a", "delta": "-0.50", "code": "other", "text": "现场核查发现差异，予以扣减"}
    proposed = city.done("reviewer", SHEET + "/adjustments", less, If_Match=made.version(SHEET))
    ids["adjustment"] = proposed["events"][0]["data"]["adjustment"]
    bonus = city.done("reviewer", SEVEN + "/bonuses", BONUS | {"key": "K-1"}, If_Match=made.version(SEVEN))
    ids["bonus"] = bonus["events"][0]["data"]["bonus"]
    offer = OFFERED | {"title": "合同", "partners": ["zhongshan"]}
    offered = city.done("other-unit", sheet("xigang", "7") + "/joint-claims", offer)
    ids["joint"] = offered["events"][0]["data"]["bonus"]
    asked = city.done("second-auditor", "/recomputations", {"reason": REASON})
    ids["recomputation"] = asked["events"][0]["data"]["recomputation"]
    wanted = city.done("auditor", "/simulations", SIMULATION)
    ids["simulation"] = wanted["events"][0]["data"]["simulation"]
    ids["erased"] = city.done("administrator", "/people", {"name": "离开者"})["stream"].removeprefix("person/")
    record(city.office.store, f"erasure/{ids['erased']}", [facts.ErasureRequested(ids["erased"], REASON)])
    ids["appeal"] = new_id()
    appealed = facts.AppealFiled(ids["appeal"], "1a", "合同数少计十份")
    stream = f"sheet/{CYCLE}/zhongshan/1"
    store = city.office.store
    store.append(stream, store.head(stream), [to_event(appealed)], by=Actor(city.people["unit"]))
    ids["extension"] = new_id()
    with_one(city, facts.ExtensionProposed(ids["extension"], "zhongshan", "open", "2040-01-01T00:00:00Z", REASON))
    ids["marking"] = new_id()
    with_one(city, facts.MarkingProposed(ids["marking"], 0, {}, "0.50", REASON))
    ids["export"] = new_id()
    copied = facts.ExportMade(ids["export"], "results", "csv", "0" * 64, 1, 1, 1, {"cycle": CYCLE}, "0" * 64)
    record(city.office.store, f"export/{ids['export']}", [copied])
    take_in(city, ids)
    changes(city, ids)
    proposal = facts.ResultsProposed(1, "provisional", "0" * 64, "0" * 64, {}, "kaohe", 1, REASON)
    with_one(city, proposal)
    city.settle()
    return made


def take_in(city: City, ids: dict[str, str]) -> None:
    """An import of a unit, whose file is kept."""
    ids["import"], nothing = new_id(), "0" * 64
    file, name = pdf()
    kept = city.office.evidence.examine(file, name)
    city.office.evidence.keep(file, kept)
    counts = (1, 1, 0, 0, 0)
    confirmed = facts.ImportConfirmed(ids["import"], "figures", kept.digest, "csv", nothing, *counts, REASON, kept.size)
    filed = facts.FiguresImported(ids["import"], "zhongshan", {"1": ids["submission"]})
    record(city.office.store, f"import/{CYCLE}/{ids['import']}", [confirmed, filed])


def changes(city: City, ids: dict[str, str]) -> None:
    """Another rubric and another target, proposed with differences that nobody can confirm."""
    store, nothing = city.office.store, "0" * 64
    ids["stricter"] = store.keep_document(canonical(apply(load("six-actions"), {"Q3": "zero"})))
    head, published = store.head("rubric/six-actions"), to_event(facts.RubricPublished(ids["stricter"]))
    store.append("rubric/six-actions", head, [published], by=Actor("second founder"))
    ids["change"], ids["target"] = new_id(), new_id()
    with_one(
        city,
        facts.RubricChangeProposed(ids["change"], nothing, ids["stricter"], nothing, 1, 1, "kaohe", 1, REASON),
    )
    with_one(
        city,
        facts.TargetChangeProposed(ids["target"], "zhongshan", "1a", 0, 90, "", nothing, 1, 1, "kaohe", 1, REASON),
    )


def with_one(city: City, fact: facts.Fact) -> None:
    """Records one more fact of the cycle, by nobody of these."""
    store, stream = city.office.store, f"cycle/{CYCLE}"
    store.append(stream, store.head(stream), [to_event(fact)], by=Actor("founder"))


def rules(city: City) -> Iterator[str]:
    return (rule.endpoint for rule in city.app.url_map.iter_rules())


def test_every_route_says_who_may_use_it(shared_city: City) -> None:
    undeclared = (
        {name for name in rules(shared_city) if not name.startswith((*OPEN, SIGN_IN))} - DOORS.keys() - PUBLIC.keys()
    )
    assert undeclared == set()
    assert (DOORS.keys() | PUBLIC.keys()) - set(rules(shared_city)) == set()


def test_what_is_open_to_everybody_can_only_be_read(shared_city: City) -> None:
    found = [rule for rule in shared_city.app.url_map.iter_rules() if rule.endpoint.startswith(OPEN)]
    assert found
    assert all((rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"} for rule in found)


def test_the_people_of_this_matrix_hold_every_role(shared_city: City) -> None:
    assert {role for roles, _ in PEOPLE.values() for role, _ in roles} == set(SCOPES)


@pytest.mark.parametrize("endpoint", sorted(DOORS))
def test_each_route_lets_through_whom_it_should_and_nobody_else(scene: Scene, endpoint: str) -> None:
    door = DOORS[endpoint]
    wrong = {}
    for who in sorted(EVERYBODY | STRANGERS):
        status = door.ask(scene, who).status_code
        if expected(door, who) != verdict(door, who, status):
            wrong[who] = (expected(door, who), status)
    assert wrong == {}


def expected(door: Door, who: str) -> int | str:
    if who in STRANGERS:
        return 401
    if who in door.may:
        return "through"
    return 404 if who in door.hidden else door.others


def verdict(door: Door, who: str, status: int) -> int | str:
    """What a rule or the record says of an act (409, 412, 422) it says only to who may act."""
    return "through" if status in {200, 201, 409, 412, 422} else status


@pytest.mark.parametrize("path", sorted(PUBLIC.values()))
def test_open_doors_need_no_token(shared_city: City, path: str) -> None:
    assert shared_city.call(STRANGER, "GET", path).status_code == 200


def test_nobody_without_a_token_in_force_learns_anything(scene: Scene) -> None:
    for endpoint, door in DOORS.items():
        answers = {who: door.ask(scene, who).get_json()["title_en"] for who in STRANGERS}
        assert set(answers.values()) == {"a valid bearer token is needed"}, endpoint


def test_a_unit_cannot_tell_another_unit_from_none(scene: Scene) -> None:
    for path in ("/sheets/1", "/sheets/1/history", "/sheets/1/explanation", "/scores", "/scores/timeline"):
        there = scene.city.get("other-unit", f"/cycles/{CYCLE}/units/zhongshan{path}")
        nowhere = scene.city.get("other-unit", f"/cycles/{CYCLE}/units/atlantis{path}")
        assert plain(there, "zhongshan") == plain(nowhere, "atlantis")


def test_a_file_that_may_not_be_seen_is_as_unknown_as_one_that_is_none(scene: Scene) -> None:
    hidden = scene.ids["evidence"]
    nothing = new_id()
    there = scene.city.get("other-reviewer", f"{SHEET}/evidence/{hidden}")
    nowhere = scene.city.get("other-reviewer", f"{SHEET}/evidence/{nothing}")
    assert plain(there, hidden) == plain(nowhere, nothing)


def plain(answer: TestResponse, thing: str) -> tuple[int, str]:
    text = answer.get_data(as_text=True).replace(thing, "THING")
    return answer.status_code, text.replace(answer.headers["X-Request-Id"], "")


def test_who_may_not_act_does_not_learn_the_version_of_a_sheet(scene: Scene) -> None:
    body = {"leaf": "1a", "submission": scene.ids["submission"], "reason": REASON}
    for who in ("other-reviewer", "viewer", "administrator", "auditor", "other-unit"):
        answer = scene.city.post(who, SHEET + "/verifications", body, If_Match='"999"')
        assert answer.status_code in {403, 404}
        assert "version" not in answer.get_json()


def test_an_evidence_id_opens_no_file_through_another_sheet(scene: Scene) -> None:
    evidence = scene.ids["evidence"]
    for path in (sheet(item="7"), sheet(unit="xigang"), sheet(cycle="2025")):
        assert scene.city.get("auditor", f"{path}/evidence/{evidence}").status_code == 404


def test_a_key_of_one_person_answers_nobody_else(scene: Scene) -> None:
    body = {"figures": {"1c": {"numerator": 1, "denominator": 2}}}
    scene.city.done("unit", SHEET + "/submissions", body, Idempotency_Key="mine")
    other = scene.city.post("other-unit", SHEET + "/submissions", body, Idempotency_Key="mine")
    assert other.status_code == 404


def test_an_administrator_is_refused_every_act_that_moves_points(scene: Scene) -> None:
    moving = [
        name
        for name in DOORS
        if name.startswith(("filing.", "reviewing.", "adjustments.", "bonuses.", "evidence.post"))
    ]
    assert moving
    for name in moving:
        for who in ("administrator", "auditor", "viewer"):
            assert DOORS[name].ask(scene, who).status_code == 403, name


def test_a_revoked_role_ends_with_the_next_request(city: City) -> None:
    assert city.get("viewer", f"/cycles/{CYCLE}/scores").status_code == 200
    person = city.people["viewer"]
    city.done(
        "administrator",
        f"/people/{person}/roles/revocations",
        {"role": "viewer", "scope": "*", "reason": REASON},
    )
    assert city.get("viewer", f"/cycles/{CYCLE}/scores").status_code == 403


def test_a_revoked_token_ends_with_the_next_request(city: City) -> None:
    me = city.seen("viewer", "/me")
    city.done("viewer", f"/people/{me['id']}/credentials/{me['credentials'][0]['id']}/revocation", {"reason": REASON})
    assert city.get("viewer", "/me").status_code == 401
    assert city.get("viewer", f"/cycles/{CYCLE}/units/zhongshan/scores").status_code == 401
