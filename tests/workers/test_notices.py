"""Who is told of what follows from the record, by position: once, whoever derives it, however often, in what steps."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

import migrations
from domain import facts
from domain.told.table import REFERRED
from events.codec import to_event
from events.entry import NewEvent, new_id
from events.sealed import Secret
from events.store import Append
from events.vault import LENT, Vault
from tests.workers.desk_of_notices import CYCLE, SHEET, UNIT, Outbox, mailing
from tests.workers.receivers import mailroom
from workers.notices import letters, places
from workers.notices.deriving import Deriver

LAST = "2030-01-01T00:00:00.000000Z"


def test_a_units_people_are_told_of_a_judgement_and_the_judge_is_not(outbox: Outbox) -> None:
    outbox.person("other unit", ("unit", "unit-01"))
    outbox.judged()
    outbox.derive()
    assert outbox.told() == {("unit", "LeafJudged")}


def test_nobody_is_told_of_what_he_did_himself(outbox: Outbox) -> None:
    outbox.person("second reviewer", ("reviewer", "democracy"), ("unit", UNIT))
    outbox.record(SHEET, [facts.FiguresSubmitted(new_id(), {"6a": {}})], by=outbox.people["unit"])
    outbox.derive()
    # the second reviewer acts for the unit, which is a conflict: he will not review it
    assert outbox.told() == {("reviewer", "FiguresSubmitted")}


def test_a_unit_is_told_in_words_of_its_own_of_an_appeal_that_anothers_objection_led_to(outbox: Outbox) -> None:
    outbox.person("second administrator", ("administrator", "*"))
    filed = facts.AppealFiled(new_id(), "6a", "与公开材料不符", [], new_id())
    outbox.record(SHEET, [filed], by=outbox.people["administrator"])
    outbox.derive()
    rows = outbox.ledger.rows("SELECT person, kind FROM notices.notices WHERE kind <> 'account' ORDER BY kind")
    assert rows == [
        (outbox.people["unit"], "decided"),
        (outbox.people["second administrator"], "second"),
    ]
    titles = [letters.title("AppealFiled", str(kind)) for _, kind in rows]
    assert titles == [(REFERRED.zh, REFERRED.en), ("有申诉待指派", "an appeal waits to be assigned")]
    # an administrator may read no sheet: he is sent to its appeals
    assert [places.path(SHEET, "", str(kind), "AppealFiled") for _, kind in rows] == [
        f"/api/v1/cycles/{CYCLE}/units/{UNIT}/sheets/6",
        f"/api/v1/cycles/{CYCLE}/reports/appeals",
    ]


def test_what_was_recorded_before_a_role_was_granted_tells_its_holder_nothing(outbox: Outbox) -> None:
    outbox.judged()
    outbox.person("newcomer", ("unit", UNIT))
    outbox.derive()
    assert ("newcomer", "LeafJudged") not in outbox.told()


def test_the_whole_year_is_told_of_a_phase_and_administrators_of_what_awaits_a_second_person(outbox: Outbox) -> None:
    outbox.person("second administrator", ("administrator", "*"))
    proposed = facts.ExtensionProposed(new_id(), UNIT, "open", LAST, "台风")
    stream = f"cycle/{CYCLE}"
    outbox.record(stream, [facts.PhaseAdvanced("draft", "open", "开始"), proposed], by=outbox.people["administrator"])
    outbox.derive()
    assert outbox.told() == {
        ("unit", "PhaseAdvanced"),
        ("reviewer", "PhaseAdvanced"),
        ("second administrator", "ExtensionProposed"),
    }


def test_who_proposed_what_another_decided_is_told_of_it_by_the_record_before_it(outbox: Outbox) -> None:
    for name in ("second reviewer", "third reviewer"):
        outbox.person(name, ("reviewer", "democracy"))
    outbox.person("approver", ("approver", "democracy"))
    first, second = new_id(), new_id()
    for adjustment, by in ((first, "reviewer"), (second, "second reviewer")):
        proposed = facts.AdjustmentProposed(adjustment, "6a", "-1.00", "late-evidence", "逾期")
        outbox.record(SHEET, [proposed], by=outbox.people[by])
    sealed = facts.JudgementSealed("6a", "m", "0.50", "0" * 64)
    for name in ("reviewer", "second reviewer"):  # the first of them in an earlier round
        outbox.record(SHEET, [sealed], by=outbox.people[name])
    outbox.record(SHEET, [facts.SecondJudgementGiven("6a", "1.00", "属实")], by=outbox.people["third reviewer"])
    decided = [facts.AdjustmentDeclined(first, "6a", "依据不足"), facts.AdjustmentApproved(second, "6a", "属实")]
    outbox.record(SHEET, decided, by=outbox.people["approver"])
    outbox.record(SHEET, [sealed], by=outbox.people["third reviewer"])  # after it, before anybody is told
    outbox.derive()
    assert {(who, kind) for who, kind in outbox.told() if "reviewer" in who and kind != "JudgementSealed"} == {
        ("reviewer", "AdjustmentDeclined"),
        ("second reviewer", "AdjustmentApproved"),
        ("second reviewer", "SecondJudgementGiven"),
    }


def test_a_partner_of_a_joint_claim_is_told_and_sent_to_his_own_units_sheet(outbox: Outbox) -> None:
    outbox.person("partner", ("unit", "unit-01"))
    shares = {UNIT: "1.00", "unit-01": "1.00"}
    claimed = facts.JointClaimed(new_id(), "27b", "大连经验", "典型经验", "city", UNIT, "27", shares, "共创")
    outbox.record(f"sheet/{CYCLE}/{UNIT}/27", [claimed], by=outbox.people["unit"])
    outbox.derive()
    assert outbox.told() == {("partner", "JointClaimed")}
    [(stream, unit)] = outbox.ledger.rows("SELECT stream, unit FROM notices.notices WHERE kind <> 'account'")
    assert places.path(str(stream), str(unit)) == f"/api/v1/cycles/{CYCLE}/units/unit-01/sheets/27"


def test_who_is_told_of_the_year_is_sent_to_the_list_in_which_it_stands() -> None:
    def to(event: str) -> str:
        return places.path(f"cycle/{CYCLE}", event=event).removeprefix(f"/api/v1/cycles/{CYCLE}")

    assert [to("ExtensionProposed"), to("TargetChangeProposed"), to("ObjectionFiled"), to("ResultsPublished")] == [
        "/extensions",
        "/target-changes",
        "/objections",
        "/publications",
    ]
    assert to("RubricAdopted") == to("PhaseAdvanced") == ""


def test_deriving_in_other_steps_by_another_worker_gives_the_same_notices_once(outbox: Outbox) -> None:
    outbox.channel("unit", "email", "unit@example.org")
    for _ in range(5):
        outbox.judged()
    first, second = Deriver(outbox.ledger.workers), Deriver(outbox.ledger.workers)
    outbox.ledger.order()
    for number in range(40):
        (first, second)[number % 2].advance(1)
    stepped = outbox.ledger.rows("SELECT cause, person, position, kind, act FROM notices.notices ORDER BY 3, 2")
    outbox.derive()
    assert [kind for _, _, _, kind, _ in stepped if kind != "account"] == ["decided"] * 5
    assert outbox.ledger.rows("SELECT cause, person, position, kind, act FROM notices.notices ORDER BY 3, 2") == stepped
    assert len(outbox.letters()) == 5


def test_reading_the_whole_record_again_makes_no_notice_a_second_time(outbox: Outbox) -> None:
    outbox.channel("unit", "email", "unit@example.org")
    outbox.judged()
    outbox.derive()
    before = outbox.ledger.rows("SELECT id, state, changed_at FROM notices.deliveries")
    outbox.ledger.rows_of("UPDATE notices.progress SET position = 0")
    outbox.derive()
    assert outbox.ledger.rows("SELECT id, state, changed_at FROM notices.deliveries") == before
    assert len(before) == 1


def test_two_workers_at_once_make_each_notice_once(outbox: Outbox) -> None:
    outbox.channel("unit", "email", "unit@example.org")
    for _ in range(30):
        outbox.judged()
    outbox.ledger.order()
    [(last,)] = outbox.ledger.rows("SELECT max(first + count) - 1 FROM record.ledger")

    def work() -> None:
        deriver = Deriver(outbox.ledger.workers)
        while outbox.ledger.rows("SELECT position FROM notices.progress") != [(last,)]:
            deriver.advance(3)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(outbox.letters()) == 30


def test_a_batch_that_is_not_committed_leaves_nothing_and_is_done_anew(outbox: Outbox) -> None:
    outbox.judged()
    outbox.ledger.order()
    deriver = Deriver(outbox.ledger.workers)
    with psycopg.connect(outbox.ledger.database.owner.libpq, autocommit=True) as owner:
        owner.execute("ALTER TABLE notices.notices ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
        with pytest.raises(psycopg.errors.CheckViolation):
            deriver.advance()
        owner.execute("ALTER TABLE notices.notices DROP CONSTRAINT full_disk")
    assert outbox.ledger.rows("SELECT position FROM notices.progress") == [(0,)]
    outbox.derive(deriver)
    assert outbox.told() == {("unit", "LeafJudged")}


def test_events_nobody_can_read_stop_no_other_notice(outbox: Outbox) -> None:
    outbox.ledger.garble(SHEET, NewEvent("LeafJudged", {"leaf": 6}))
    outbox.ledger.garble(f"person/{outbox.people['unit']}", NewEvent("RoleGranted", {"role": 1}))
    outbox.ledger.garble(f"cycle/{CYCLE}", NewEvent("PhaseAdvanced", {}, version=99))
    outbox.judged()
    outbox.derive()
    assert outbox.told() == {("unit", "LeafJudged")}


def test_a_channel_gets_only_the_kinds_that_were_asked_for(outbox: Outbox) -> None:
    outbox.channel("unit", "email", "unit@example.org", kinds=["calendar"])
    outbox.judged()
    outbox.record(f"cycle/{CYCLE}", [facts.PhaseAdvanced("draft", "open", "开始")])
    outbox.derive()
    assert outbox.ledger.rows(
        "SELECT n.type, d.channel FROM notices.deliveries d JOIN notices.notices n USING (cause, person)"
    ) == [("PhaseAdvanced", "email")]
    assert ("unit", "LeafJudged") in outbox.told()


def test_differing_judgements_call_the_one_approver_who_may_moderate_and_tell_the_unit_nothing_yet(
    outbox: Outbox,
) -> None:
    for name in ("second reviewer", "approver"):
        outbox.person(name, ("reviewer" if "reviewer" in name else "approver", "democracy"), ("approver", "democracy"))
    sealed = facts.JudgementSealed("6b", "m", "0.50", "0" * 64)
    outbox.record(SHEET, [sealed], by=outbox.people["reviewer"])
    both = [facts.SecondJudgementGiven("6b", "1.00", "属实"), facts.JudgementOpened("6b", "2.00", "属实", "0" * 64)]
    outbox.record(SHEET, both, by=outbox.people["second reviewer"])
    outbox.derive()
    assert {each for each in outbox.told() if each[1] == "JudgementOpened"} == {("approver", "JudgementOpened")}
    [(kind, act)] = outbox.ledger.rows("SELECT kind, act FROM notices.notices WHERE type = 'JudgementOpened'")
    assert (kind, act) == ("second", "approve")
    assert "await moderation" in letters.title("JudgementOpened", str(kind))[1]
    agreeing = [facts.SecondJudgementGiven("6b", "1.00", "属实"), facts.JudgementOpened("6b", "1.00", "属实", "0" * 64)]
    outbox.record(SHEET, [sealed], by=outbox.people["reviewer"])
    outbox.record(SHEET, agreeing, by=outbox.people["second reviewer"])
    outbox.derive()
    assert ("unit", "JudgementOpened") in outbox.told()


def test_a_person_is_told_by_mail_of_what_another_does_to_his_account_also_when_his_last_role_ends(
    outbox: Outbox,
) -> None:
    outbox.channel("unit", "email", "unit@example.org", kinds=["results"])
    outbox.channel("unit", "webhook", "https://hook.example/in", kinds=["results"])
    stream, by = f"person/{outbox.people['unit']}", outbox.people["administrator"]
    outbox.record(stream, [facts.CredentialIssued(new_id(), "0" * 64, LAST)], by=outbox.people["unit"])  # his own
    outbox.record(stream, [facts.CredentialIssued(new_id(), "1" * 64, LAST)], by=by)
    outbox.record(stream, [facts.RoleRevoked("unit", UNIT, "调离")], by=by)
    outbox.derive()
    assert outbox.told(accounts=True) >= {("unit", "CredentialIssued"), ("unit", "RoleRevoked")}
    sent = "SELECT n.type, d.channel FROM notices.deliveries d JOIN notices.notices n USING (cause, person)"
    assert sorted(outbox.ledger.rows(sent)) == [("CredentialIssued", "email"), ("RoleRevoked", "email")]
    assert places.path(stream, "", "account") == "/api/v1/me"
    with mailroom() as room:
        outbox.carry("email", mailing(room.port))
        assert [letter["Subject"] for letter in room.messages] == [
            "【考核】已为您签发凭证",
            "【考核】您的一个角色已终止",
        ]


def test_an_erased_person_is_told_nothing_and_what_waits_for_him_is_cancelled(outbox: Outbox) -> None:
    outbox.channel("unit", "email", "unit@example.org")
    outbox.judged()
    outbox.derive()
    person = outbox.people["unit"]
    outbox.record(f"erasure/{person}", [facts.ErasureRequested(person, "本人申请")], by="a")
    outbox.record(f"erasure/{person}", [facts.ErasureApproved(person, "属实", [], [])], by="b")
    outbox.judged()
    outbox.derive()
    assert outbox.states() == [("email", "cancelled", "erased")]
    assert outbox.told() == {("unit", "LeafJudged"), ("administrator", "ErasureRequested")}


def test_what_happened_before_there_were_notices_tells_nobody(outbox: Outbox) -> None:
    """A record that is years old does not write to everybody when the feature comes: the migration looks at it."""
    outbox.judged()
    last = outbox.ledger.order()
    with psycopg.connect(outbox.ledger.database.owner.libpq, autocommit=True) as owner:
        owner.execute("DROP FUNCTION vault.lend")
        owner.execute("DROP SCHEMA notices CASCADE")
        with owner.transaction():
            owner.cursor().execute((Path(migrations.__file__).parent / "sql" / "0007_notices.sql").read_bytes())
    outbox.derive()
    assert outbox.ledger.rows("SELECT position FROM notices.progress") == [(last,)]
    assert outbox.told() == set()


def test_dead_letters_of_a_day_are_one_notice_to_each_administrator_and_never_about_themselves(outbox: Outbox) -> None:
    for name in ("unit", "administrator"):
        outbox.channel(name, "webhook", "http://10.0.0.1/hook")  # a neighbour of this machine: forbidden
    outbox.judged()
    outbox.judged()
    for _ in range(3):
        outbox.derive()
        outbox.carry("webhook", mailing())
    assert outbox.states() == [("webhook", "dead", "forbidden address")] * 3
    today = f"dead-letters/{datetime.now(UTC):%Y-%m-%d}"
    causes = outbox.ledger.rows("SELECT cause FROM notices.notices WHERE kind = 'dead-letter'")
    assert causes == [(today,)]


STEPS = [
    ("sent", "queued"),
    ("sent", "uncertain"),
    ("cancelled", "queued"),
    ("uncertain", "queued"),
    ("dead", "sending"),
    ("queued", "sent"),
    ("queued", "sending"),
    ("taken", "sent"),
]


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_the_table_itself_refuses_a_step_that_could_send_twice(outbox: Outbox, before: str, after: str) -> None:
    outbox.channel("unit", "email", "unit@example.org")
    outbox.judged()
    outbox.derive()
    ways = {"sent": ["taken", "sending", "sent"], "uncertain": ["taken", "sending", "uncertain"], "queued": [],
            "dead": ["taken", "dead"], "cancelled": ["cancelled"], "taken": ["taken"]}  # fmt: skip
    for state in ways[before]:
        outbox.put(state)
    with pytest.raises(psycopg.Error, match="does not go") as refused:
        outbox.put(after)
    assert refused.value.sqlstate == "KH012"


FORBIDDEN = {
    "worker": [
        "DELETE FROM notices.deliveries",
        "TRUNCATE notices.deliveries",
        "UPDATE notices.deliveries SET person = 'x'",
        "UPDATE notices.notices SET person = 'x'",
        "DELETE FROM notices.notices",
        "INSERT INTO notices.progress DEFAULT VALUES",
        "SELECT * FROM vault.secrets",
        "SELECT * FROM vault.keys",
        "ALTER TABLE notices.deliveries DISABLE TRIGGER ALL",
    ],
    "service": [
        "INSERT INTO notices.notices (cause) VALUES ('x')",
        "UPDATE notices.deliveries SET state = 'queued'",
        "UPDATE notices.progress SET position = 0",
        "DELETE FROM notices.deliveries",
        "SELECT * FROM vault.lend('{}')",
    ],
}


@pytest.mark.parametrize("role", sorted(FORBIDDEN))
def test_each_role_may_do_to_notices_only_what_it_needs(outbox: Outbox, role: str) -> None:
    with psycopg.connect(getattr(outbox.ledger.database, role).libpq, autocommit=True) as connection:
        for statement in FORBIDDEN[role]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_workers_are_lent_addresses_and_no_names(outbox: Outbox) -> None:
    vault = Vault(outbox.ledger.service)
    person = outbox.people["unit"]
    kept = {context: Secret(person, context, context) for context in ("person.name", "notice.email", "notice.secret")}
    for secret in kept.values():
        vault.put(secret)
    lent = Vault(outbox.ledger.workers, LENT).open(each.commitment for each in kept.values())
    assert sorted(lent.values()) == ["notice.email", "notice.secret"]


def test_one_commit_tells_of_all_its_events(outbox: Outbox) -> None:
    store = outbox.ledger.service
    judged = [to_event(facts.LeafJudged(leaf, "1.00", "属实")) for leaf in ("6a", "6b")]
    store.append_all([Append(SHEET, store.head(SHEET), judged)])
    outbox.derive()
    assert len(outbox.ledger.rows("SELECT FROM notices.notices WHERE kind <> 'account'")) == 2
