"""Missing by law and missing by attack are told apart, and an erasure changes no proof."""

from domain import facts
from events.codec import to_event
from events.entry import Actor, leaf_of
from events.log.growth import grow
from events.log.policy import parse_policy
from events.log.proof import verify_proof
from events.vault import Vault
from service.queries.log import policy_text, prove, vouching
from tests.attack.conftest import Scene, order


def erase(scene: Scene, *, alone: bool = False) -> tuple[str, int]:
    """By two administrators, or by one of them."""
    first, second = administrators(scene)
    ((commitment, subject),) = scene.sql(
        "SELECT encode(commitment, 'hex'), subject FROM vault.secrets WHERE context = 'evidence.name'"
    )
    asked = [to_event(facts.ErasureRequested(subject, "个人信息保护法第四十七条"))]
    begun = scene.store.append(f"erasure/{subject}", 0, asked, by=first)
    approval = [to_event(facts.ErasureApproved(subject, "同意", [commitment], []))]
    scene.store.append(f"erasure/{subject}", begun.heads[f"erasure/{subject}"], approval, by=first if alone else second)
    order(scene)
    while grow(scene.store):
        pass
    return commitment, scene.position_of("ErasureApproved")


def administrators(scene: Scene) -> list[Actor]:
    """Two of them, as events name them."""
    rows = scene.sql(
        "SELECT stream FROM record.events WHERE type = 'RoleGranted' AND position('\"administrator\"' in entry) > 0"
        " AND stream LIKE 'person/%%' ORDER BY commit_seq, ordinal LIMIT 2"
    )
    return [Actor(stream.removeprefix("person/"), "administrator", "*") for (stream,) in rows]


def test_what_two_people_erased_is_told_as_erased_and_the_record_holds(scene: Scene) -> None:
    commitment, position = erase(scene)
    scene.sql("DELETE FROM vault.secrets WHERE context = 'evidence.name'")
    report = scene.verify()
    assert report.exit_code == 0, report.lines
    assert [line for line in report.lines if commitment[:16] in line and f"#{position}" in line]
    assert commitment not in Vault(scene.store).open([commitment])


def test_what_one_person_erased_alone_is_found_twice(scene: Scene) -> None:
    _, position = erase(scene, alone=True)
    scene.sql("DELETE FROM vault.secrets WHERE context = 'evidence.name'")
    assert scene.places() == [f"position {position}", f"position {scene.position_of('EvidenceAttached')}"]


def test_every_proof_made_before_an_erasure_still_verifies(scene: Scene) -> None:
    attached = scene.position_of("EvidenceAttached")
    with scene.store.connection() as connection:
        policy = parse_policy(policy_text(connection))
        vouched = vouching(connection, policy_text(connection), attached)
        assert vouched is not None
        before = prove(connection, vouched, attached)
    erase(scene)
    scene.sql("DELETE FROM vault.secrets WHERE context = 'evidence.name'")
    verify_proof(before, leaf_of(scene.entry(attached)), policy)
    with scene.store.connection() as connection:
        assert prove(connection, vouched, attached).data == before.data
