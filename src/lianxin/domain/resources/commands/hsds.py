"""Taking in a file of HSDS services: checked whole, written as a workbook of offers, and started as a run."""

import io
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.domain.resources.commands.imports import RUN_KIND_NAME
from lianxin.domain.resources.rules.hsds_check import read_services
from lianxin.domain.resources.rules.hsds_in import is_over, row_of
from lianxin.domain.resources.rules.offer_columns import COLUMNS
from lianxin.platform import files, runs
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid, TooLarge
from lianxin.platform.models import Run
from lianxin.platform.sheets import write_workbook

KEEP_FILE = timedelta(days=7)


def start_import(
    *, actor: Actor, file: BinaryIO, name: str, community: UUID | None, at: datetime, key: UUID | None = None
) -> Run:
    """Check a file against the schema and start a run with its services as rows; raises Invalid with places."""
    text = file.read(settings.UPLOAD_LIMIT_BYTES + 1)
    if len(text) > settings.UPLOAD_LIMIT_BYTES:
        raise TooLarge
    services = [one for one in read_services(text) if not is_over(one)]
    if not services:
        raise Invalid(_("All services of this file have ended; there is nothing to take in."))
    rows = [row_of(one) for one in services]
    book = write_workbook(
        sheet="HSDS",
        headings=[column.name for column in COLUMNS],
        rows=[[row[column.name] for column in COLUMNS] for row in rows],
        title="HSDS",
        note="",
    )
    title = f"{name.rsplit('.', 1)[0]} (HSDS).xlsx"
    with transaction.atomic():
        stored = files.store(
            fileobj=io.BytesIO(book),
            name=title,
            purpose="runs.source",
            limit_bytes=settings.UPLOAD_LIMIT_BYTES,
            accept=files.TABLES,
            community_id=community,
            expires_on=local_day(at) + KEEP_FILE,
            at=at,
        )
    return runs.start_run(
        actor=actor,
        kind=RUN_KIND_NAME,
        file_id=stored.pk,
        title=title,
        options={"community": str(community)} if community else {},
        at=at,
        key=key,
    )
