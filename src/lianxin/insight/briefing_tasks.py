"""The making of a briefing in the background: composed from the figures, filled into the template, kept as a draft."""

from __future__ import annotations

import hashlib
import io
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.reporting.commands import briefings
from lianxin.platform import clock, files, scope, tasks
from lianxin.platform.actors import Actor

if TYPE_CHECKING:
    from lianxin.domain.reporting.models import Briefing

log = logging.getLogger(__name__)
LIMIT_BYTES = 60 * 1024 * 1024
# Composing takes about two thirds of the time, filling the rest.
STEPS, COMPOSED = 100, 65


@tasks.task(briefings.TASK, lane=tasks.LONG)
def make_briefing(job: tasks.Running, *, briefing: str) -> None:
    """Make the document of a briefing that waits for it."""
    from lianxin.domain.reporting.models import Briefing
    from lianxin.insight.briefing_word import FillingFailed, TemplateUnfit

    with scope.everything():
        row = Briefing.objects.select_related("area", "template").get(pk=UUID(briefing))
    if row.state != Briefing.State.MAKING:
        return
    version, actor = row.version, Actor.system()
    try:
        made, kept, digest = _make(job, row)
    except (TemplateUnfit, FillingFailed) as problem:
        log.exception("briefing %s could not be made", row.pk)
        briefings.fail_making(actor=actor, briefing=row.pk, failure=str(problem), version=version, at=clock.now())
        return
    at = clock.now()
    stored = files.store(
        fileobj=io.BytesIO(made),
        name=_name(row),
        purpose=briefings.PURPOSE,
        limit_bytes=LIMIT_BYTES,
        at=at,
        accept=files.PAPERS,
    )
    done = briefings.store_made(
        actor=actor, briefing=row.pk, file=stored.pk, figures=kept, template_digest=digest, version=version, at=at
    )
    if done is None:
        files.forget(ids=[stored.pk])


def _make(job: tasks.Running, row: Briefing) -> tuple[bytes, dict[str, Any], str]:
    from lianxin.insight.areas import find_area
    from lianxin.insight.briefing_pages import address_of, figures_address
    from lianxin.insight.briefing_word import fill_template, read_template, shipped_template
    from lianxin.insight.briefings import Head, compose

    if row.template is None:
        path = shipped_template(row.kind)
        asks = read_template(path).as_json()
    else:
        path, asks = files.path_of(file=files.find_file(row.template.file_id)), row.template.asks_for
    period = _period(row)
    with scope.everything():
        area = find_area(row.area_id, actor=Actor.system(), on=period.last_on)

    def composing(done: int, total: int) -> None:
        job.progress(COMPOSED * done // max(total, 1), STEPS, _("Computing the figures"))

    def filling(done: int, total: int) -> None:
        share = (STEPS - COMPOSED) * done // max(total, 1)
        job.progress(min(COMPOSED + share, STEPS), STEPS, _("Drawing tables and charts"))

    composed = compose(
        names=asks["names"],
        rows=asks["rows"],
        period=period,
        area=area,
        head=Head(
            number=_number(row),
            office=row.office,
            dated_on=row.dated_on,
            page=address_of(row.pk),
            figures_page=figures_address(),
        ),
        told=composing,
    )
    made = fill_template(path, composed.content, told=filling)
    return made, composed.figures, hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _period(row: Briefing) -> Any:
    from lianxin.insight.periods import read_period

    first = row.from_on
    text = {
        "month": f"{first:%Y-%m}",
        "quarter": f"{first:%Y}-Q{(first.month + 2) // 3}",
        "year": f"{first:%Y}",
    }[row.kind]
    return read_period(text, today=row.until_on)


def _number(row: Briefing) -> str:
    from lianxin.domain.reporting.rules.briefings import printed_number

    return printed_number(row.number_year, row.number)


def _name(row: Briefing) -> str:
    return f"{row.area.short_name} {_period(row).label} {_number(row)}.docx"
