"""A backup made while people work, brought back onto an empty machine, is the same district."""

import io
import json
import signal
import stat
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lianxin.platform import keys
from tests.faults.conftest import copy_of, new_database
from tests.faults.deployment import PROJECT, Deployment, write_residents

pytestmark = pytest.mark.faults
ROWS = 600


@pytest.fixture(scope="module")
def backed_up(
    prepared: Deployment, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Deployment:
    """A deployment with 600 residents, a stored file, its archive, and its keys beside that."""
    deployment = copy_of(prepared, tmp_path_factory.mktemp("backed-up"), request.config)
    source = deployment.folder / "residents.csv"
    write_residents(source, ROWS)
    deployment.lianxin("import", "residents", str(source), "--as", "chen", "--apply")
    target = deployment.folder / "backup.tar.gz"
    told = deployment.lianxin("backup", "--out", str(target), "--keys", str(deployment.folder / "keys"))
    assert "1 stored files" in told
    return deployment


@pytest.fixture
def empty(tmp_path: Path, request: pytest.FixtureRequest) -> Deployment:
    """A second machine, on which nothing is."""
    folder = tmp_path / "second"
    (folder / "var").mkdir(parents=True)
    return Deployment(folder, new_database(folder, request.config))


def keys_of_another_district(path: Path) -> None:
    """Make a key ring that has nothing to do with the archive."""
    keys.create_ring(path=path, at=datetime(2026, 1, 1, tzinfo=UTC))


def facts_of(deployment: Deployment) -> dict[str, object]:
    """What must be the same on both machines."""
    return {
        "verify": deployment.verify(),
        "people": deployment.ask("SELECT count(*) FROM people_person"),
        "audit": deployment.ask("SELECT count(*) FROM platform_auditentry"),
        "root": deployment.ask("SELECT coalesce(max(root), '') FROM platform_auditbatch WHERE number = 1"),
    }


def test_restored_district_is_the_one_that_was_backed_up(backed_up: Deployment, empty: Deployment) -> None:
    deployment, archive = backed_up, backed_up.folder / "backup.tar.gz"
    key_copy = deployment.folder / "keys"
    assert stat.S_IMODE(archive.stat().st_mode) == stat.S_IMODE(key_copy.stat().st_mode) == 0o600
    assert "is whole" in deployment.lianxin("backup", "--check", str(archive))

    told = empty.lianxin("restore", str(archive), "--keys", str(key_copy))

    assert "Restored" in told
    before, after = facts_of(deployment), facts_of(empty)
    assert after == before
    assert after["people"] == ROWS
    assert not any(after["verify"].values())  # type: ignore[attr-defined]
    stored = sorted(path.name for path in (deployment.folder / "var" / "files").glob("??/??/*"))
    assert sorted(path.name for path in (empty.folder / "var" / "files").glob("??/??/*")) == stored
    assert (empty.folder / "var" / "keys.json").read_bytes() == key_copy.read_bytes()
    # It is a working deployment: the guards hold and new work can be done.
    (empty.folder / "more.csv").write_text(
        "社区,户号,住址,姓名,与户主关系,出生日期\n翠英社区,N1,长平路9号,陈小英,户主,1960-01-01", encoding="utf-8"
    )
    empty.lianxin("import", "residents", str(empty.folder / "more.csv"), "--as", "chen", "--apply")
    assert empty.ask("SELECT count(*) FROM people_person") == ROWS + 1
    assert not any(empty.verify().values())


def test_archive_holds_no_key(backed_up: Deployment) -> None:
    archive = backed_up.folder / "backup.tar.gz"
    secrets = [key["secret"].encode() for key in json.loads((backed_up.folder / "keys").read_bytes())["keys"]]

    with tarfile.open(archive) as tar:
        names = tar.getnames()
        contents = [tar.extractfile(name).read() for name in names]  # type: ignore[union-attr]

    assert names[0] == "database"
    assert names[-1] == "manifest.json"
    assert not [name for name in names if "key" in name]
    assert not any(secret in content for secret in secrets for content in contents)


def test_restore_refuses_what_it_should_and_touches_nothing(backed_up: Deployment, empty: Deployment) -> None:
    archive = backed_up.folder / "backup.tar.gz"
    key_copy = str(backed_up.folder / "keys")
    assert "does not hold the keys" in empty.lianxin("restore", str(archive), wrong=True)

    wrong_ring = empty.folder / "strange.json"
    keys_of_another_district(wrong_ring)
    assert "not the key ring of this archive" in empty.lianxin(
        "restore", str(archive), "--keys", str(wrong_ring), wrong=True
    )

    whole = archive.read_bytes()
    cut, changed = empty.folder / "cut.tar.gz", empty.folder / "changed.tar.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    changed.write_bytes(whole[:5000] + bytes(b ^ 0xFF for b in whole[5000:5100]) + whole[5100:])
    for broken in (cut, changed):
        told = empty.lianxin("restore", str(broken), "--keys", key_copy, wrong=True)
        assert str(broken) in told
    assert "no file" in empty.lianxin("restore", str(empty.folder / "nothing"), "--keys", key_copy, wrong=True)
    assert not (empty.folder / "var" / "keys.json").exists()
    assert not (empty.folder / "var" / "files").exists()

    empty.lianxin("restore", str(archive), "--keys", key_copy)
    people = empty.ask("SELECT count(*) FROM people_person")
    assert "not empty" in empty.lianxin("restore", str(archive), "--keys", key_copy, wrong=True)
    empty.lianxin("restore", str(archive), "--keys", key_copy, "--force")
    assert empty.ask("SELECT count(*) FROM people_person") == people


def test_archive_of_a_newer_version_is_refused(backed_up: Deployment, empty: Deployment) -> None:
    archive = backed_up.folder / "backup.tar.gz"
    newer = empty.folder / "newer.tar.gz"
    with tarfile.open(archive) as old, tarfile.open(newer, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == "manifest.json":
                told = json.loads(content)
                told["migrations"].append("platform.9999_from_the_future")
                content = json.dumps(told).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))

    told = empty.lianxin("restore", str(newer), "--keys", str(backed_up.folder / "keys"), wrong=True)

    assert "9999_from_the_future" in told
    assert not (empty.folder / "var" / "keys.json").exists()


def test_killed_backup_leaves_no_archive_and_the_next_one_clears_up(deployment: Deployment) -> None:
    target = deployment.folder / "killed.tar.gz"
    program = (
        "import os, signal; from lianxin.platform import archives; from lianxin.faces.cli.main import main\n"
        "archives.Writer.finish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"main(['backup', '--out', {str(target)!r}])"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program], env=deployment.environment(), cwd=PROJECT, timeout=60, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert not target.exists()
    assert list(deployment.folder.glob(".killed*"))

    deployment.lianxin("backup", "--out", str(target))

    assert "is whole" in deployment.lianxin("backup", "--check", str(target))
    assert not list(deployment.folder.glob(".killed*"))
