"""A disk without room: what could not be kept whole leaves nothing behind."""

import errno
import io
import os
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from lianxin.platform import files
from lianxin.platform.models import StoredFile
from tests.faults.deployment import Deployment

pytestmark = pytest.mark.faults
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TABLE = "姓名,电话\n陈大明,13800000001\n".encode()


def no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_file_that_the_disk_has_no_room_for_leaves_no_row_and_no_bytes(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = sorted(Path(settings.FILES_ROOT).rglob("*"))
    monkeypatch.setattr(os, step, no_room)

    with pytest.raises(OSError, match="No space left"):
        files.store(fileobj=io.BytesIO(TABLE), name="a.csv", purpose="t", limit_bytes=10**6, accept=files.TABLES, at=AT)

    assert not StoredFile.objects.exists()
    after = {path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()}
    assert after == {path for path in before if path.is_file()}


def limit_of(size: int) -> Callable[[], None]:
    """Let no file of a process grow beyond so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_backup_that_the_disk_has_no_room_for_leaves_the_former_one_alone(deployment: Deployment) -> None:
    archive = deployment.folder / "backup.tar.gz"
    deployment.lianxin("backup", "--out", str(archive))
    former = archive.read_bytes()

    for size in (20_000, len(former) - 1):
        told = deployment.lianxin("backup", "--out", str(archive), wrong=True, preexec_fn=limit_of(size))
        assert "\nlianxin: " in f"\n{told}"

    assert archive.read_bytes() == former
    assert sorted(path.name for path in deployment.folder.iterdir()) == ["backup.tar.gz", "var"]
