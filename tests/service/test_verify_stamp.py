"""A time stamp in a bundle raises its grade, for those who trust the authority, and for nobody else."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from service.verify.__main__ import verify_file
from service.verify.archive import Archive
from service.verify.findings import HOLDS, LOWER_GRADE, TAMPERED
from service.verify.offline import Asked, verify_bundle
from service.verify.standalone import script
from service.verify.writing import write_bundle_file
from tests.service.city import City
from tests.service.log_acts import some_acts
from tests.service.log_house import LogHouse
from tests.workers.authority import OPENSSL, LocalAuthority
from tests.workers.test_stamps import granting
from tests.workers.third_party import served
from workers.stamps import Stamper

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="the openssl command, which makes the authority, is missing")


@pytest.fixture
def stamped(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, bytes]:
    authority, house = LocalAuthority(tmp_path / "authority"), LogHouse(city)
    some_acts(city)
    house.sign()
    with served(granting(authority)) as url:
        monkeypatch.setenv("KAOHE_TSA_URL", url + "add-checkpoint")
        monkeypatch.setenv("KAOHE_TSA_CERTIFICATE", str(authority.root))
        assert Stamper(house.worker).stamp() is not None
    write_bundle_file(city.office.store, "2026", tmp_path / "b.zip")
    return tmp_path / "b.zip", authority.root.read_bytes()


def test_a_stamp_of_a_trusted_authority_is_a_grade(stamped: tuple[Path, bytes]) -> None:
    file, roots = stamped
    report = verify_file(file, Asked("time-stamped", authorities=roots))
    assert (report.exit_code, report.grade) == (HOLDS, "time-stamped"), report.lines


def test_without_an_authority_to_trust_a_stamp_is_told_but_no_grade(stamped: tuple[Path, bytes]) -> None:
    report = verify_file(stamped[0], Asked("time-stamped"))
    assert (report.exit_code, report.grade) == (LOWER_GRADE, "signed")
    assert [line for line in report.lines if "--authority" in line]


def test_the_script_alone_checks_a_stamp_where_it_can_and_says_plainly_where_it_cannot(
    stamped: tuple[Path, bytes], tmp_path: Path
) -> None:
    tool, roots = tmp_path / "verify.pyz", tmp_path / "roots.pem"
    tool.write_bytes(script())
    roots.write_bytes(stamped[1])
    asked = [str(tool), str(stamped[0]), "--authority", str(roots), "--grade", "time-stamped"]
    able = subprocess.run([sys.executable, "-I", *asked], check=False, capture_output=True, text=True)
    assert able.returncode == HOLDS, able.stdout + able.stderr
    bare = subprocess.run([sys.executable, "-I", "-S", *asked], check=False, capture_output=True, text=True)
    assert bare.returncode == LOWER_GRADE
    assert "rfc3161-client" in bare.stdout


def test_a_stamp_of_another_authority_is_found(stamped: tuple[Path, bytes], tmp_path: Path) -> None:
    stranger = LocalAuthority(tmp_path / "stranger").root.read_bytes()
    report = verify_file(stamped[0], Asked(authorities=stranger))
    assert report.exit_code == TAMPERED
    assert next(iter(report.findings)).place.startswith("stamp ")


@pytest.mark.parametrize("name", ["stamped/checkpoint", "stamped/token.tsr"])
def test_a_changed_stamp_is_found(stamped: tuple[Path, bytes], name: str) -> None:
    file, roots = stamped
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as changed:
        for each in source.namelist():
            data = source.read(each)
            changed.writestr(each, data[:60] + bytes([data[60] ^ 1]) + data[61:] if each == name else data)
    with Archive(out) as archive:
        report = verify_bundle(archive, Asked(authorities=roots))
    assert report.exit_code == TAMPERED
    assert next(iter(report.findings)).place.startswith("stamp")
