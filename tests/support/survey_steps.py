"""A program beside a running site: opens a survey there, lets a phone in, tells what has come in, as JSON.

`python -m tests.support.survey_steps open|came [second]`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

COMMUNITY = "440507004020"


SLUGS = {"first": "hhhhhhh", "second": "jjjjjjj"}


def main(step: str, which: str = "first") -> dict[str, Any]:
    """Do one step."""
    import django

    django.setup()
    return {"open": open_survey, "came": came}[step](which)


def open_survey(which: str) -> dict[str, Any]:
    """Open the autumn survey in 翠英社区 and let a phone in; each test file has its own."""
    from lianxin.domain.needs.commands import survey_devices
    from lianxin.domain.places.models import Division
    from lianxin.platform import scope
    from lianxin.platform.actors import Actor
    from lianxin.platform.clock import now
    from tests.support.survey_forms import AUTUMN, FORM_ID, make_survey

    text = AUTUMN.replace(FORM_ID, f"autumn-{which}")

    with scope.everything():
        community = Division.objects.get(code=COMMUNITY, ended_on=None)
        version = make_survey(community.pk, at=now(), text=text, slug=SLUGS[which])
        phone = survey_devices.let_in(
            actor=Actor.system(via="cli"), community=community.pk, name="小林的手机", at=now()
        )
    return {
        "slug": SLUGS[which],
        "login": phone.login,
        "secret": phone.secret,
        "xform": version.xform,
        "text": text,
    }


def came(which: str) -> dict[str, Any]:
    """Tell how many filled forms have come in, and the needs that were heard from them."""
    from lianxin.domain.needs.models import NeedReport, Submission
    from lianxin.platform import scope

    with scope.everything():
        rows = Submission.objects.filter(survey_version__survey__slug=SLUGS[which]).order_by("received_at", "pk")
        words = NeedReport.objects.filter(submission__in=rows).order_by("pk").values_list("words", flat=True)
        return {
            "how": list(rows.values_list("how", flat=True)),
            "files": sum(row.files.count() for row in rows),
            "needs": list(words),
            "answers": [row.content.reveal() for row in rows],
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:]), ensure_ascii=False) + "\n")
