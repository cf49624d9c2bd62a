"""A stamped checkpoint is served with its stamp, for other people's tools, and shown with its grade."""

import json
from pathlib import Path

import pytest

from tests.service.city import City
from tests.service.log_house import LogHouse
from tests.workers.authority import OPENSSL, LocalAuthority
from tests.workers.test_stamps import granting
from tests.workers.third_party import served
from workers.stamps import Stamper


@pytest.mark.skipif(OPENSSL is None, reason="the openssl command, which makes the authority, is missing")
def test_a_stranger_verifies_the_served_stamp_with_openssl_alone(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, house = LocalAuthority(tmp_path / "authority"), LogHouse(city)
    house.sign()
    size = int(house.checkpoint().text.split("\n")[1])
    assert house.status(f"stamps/{size}") == 404
    assert json.loads(house.get("standing/1"))["grade"] == "signed"
    with served(granting(authority)) as url:
        monkeypatch.setenv("KAOHE_TSA_URL", url + "add-checkpoint")
        monkeypatch.setenv("KAOHE_TSA_CERTIFICATE", str(authority.root))
        stamp = Stamper(house.worker).stamp()
    assert stamp is not None
    text, _, _ = house.get(f"checkpoint/{size}").rpartition(b"\n\n")
    assert authority.verified_by_openssl(house.get(f"stamps/{size}"), text + b"\n")
    standing = json.loads(house.get("standing/1"))
    assert (standing["grade"], standing["stamped_at"]) == ("time-stamped", stamp.time.isoformat())
