"""The pictures that the questions of a survey show: which ones the workbook names, and those that are there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands.survey_devices import PICTURE_BYTES, put_picture
from lianxin.domain.needs.queries.survey_devices import pictures_wanted
from lianxin.domain.needs.queries.surveys import find_survey
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now

from ..access import SEND, View, guard
from ..acting import ActForm, answer_form


def _there(actor: Actor, named: dict[str, Any]) -> None:
    with scope.within(actor.communities):
        find_survey(actor=actor, survey=named["survey"])


def _sending(view: View) -> View:
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_keep_any, there=_there)(view)


class PicturesForm(ActForm):
    """One file for each name that the workbook uses."""

    def __init__(self, *args: Any, names: dict[str, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at, (name, is_there) in enumerate(names.items()):
            self.fields[f"picture_{at}"] = forms.FileField(
                label=name,
                required=False,
                help_text=_("It is there. Choose a file to replace it.") if is_there else _("It is still missing."),
                widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
            )


@_sending
def edit(request: HttpRequest, survey: UUID) -> HttpResponse:
    """Send in the pictures that the questions show."""
    actor = actor_of(request)
    with scope.within(actor.communities):
        row = find_survey(actor=actor, survey=survey)
        names = pictures_wanted(survey=row.pk)
    form = PicturesForm(request.POST or None, request.FILES or None, names=names)

    def do(entered: dict[str, Any]) -> int:
        sent = [(name, entered[f"picture_{at}"]) for at, name in enumerate(names) if entered[f"picture_{at}"]]
        for name, upload in sent:
            put_picture(actor=actor, survey=row.pk, name=name, fileobj=upload, at=now())
        return len(sent)

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _count: reverse("staff:survey_pictures", kwargs={"survey": row.pk}),
        said=gettext_lazy("The pictures are there now."),
        title=_("Pictures of “%(survey)s”") % {"survey": row.title},
        lead=(
            _("JPEG or PNG, at most %(most)d MB each, under the names of the workbook.")
            % {"most": PICTURE_BYTES // 1_048_576}
            if names
            else _("The questions of this survey show no pictures.")
        ),
        button=_("Keep the pictures"),
        cancel_url=reverse("staff:survey", kwargs={"survey": row.pk}),
        crumbs=[
            (_("Surveys"), reverse("staff:surveys")),
            (row.title, reverse("staff:survey", kwargs={"survey": row.pk})),
            (_("Pictures of the questions"), ""),
        ],
    )
