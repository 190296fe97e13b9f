"""Texts of messages with their versions; and, in the sample district, the messages themselves."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.channels import queries
from lianxin.domain.channels.commands import publish_template
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock
from lianxin.platform.errors import Missing

from ..acting import ActForm, answer_form, long_text
from .gate import form_page, is_office_or_administrator, may_edit_texts, may_see_delivered, reading
from .words import crumbs

NAMES = {
    "login_code": gettext_lazy("Code to log in"),
    "act_on_behalf": gettext_lazy("Notice that somebody acted on behalf"),
    "plain": gettext_lazy("Message in free words"),
}
LANGUAGES = dict(settings.LANGUAGES)
CHANNELS = {
    "sms": gettext_lazy("text message"),
    "print": gettext_lazy("printed"),
    "group": gettext_lazy("group notice"),
}


@reading(is_office_or_administrator)
def show(request: HttpRequest) -> HttpResponse:
    """Show the text that is used now of each message."""
    rows = [
        (
            row,
            NAMES.get(row.code, row.code),
            CHANNELS.get(row.channel, row.channel),
            LANGUAGES.get(row.language, row.language),
        )
        for row in queries.list_templates()
    ]
    return render(
        request,
        "staff/settings/texts.html",
        {
            "rows": rows,
            "may_edit": may_edit_texts(actor_of(request)),
            "crumbs": crumbs((_("Texts of messages"), "")),
        },
    )


class MessageTextForm(ActForm):
    """The next version of a message's text."""

    text = long_text(gettext_lazy("Text"), most=1_000, rows=6, required=True)


@form_page(may_edit_texts)
def edit(request: HttpRequest, code: str, channel: str, language: str) -> HttpResponse:
    """Publish the next version of a text; placeholders in braces are filled in when it is sent."""
    now = next(
        (row for row in queries.list_templates() if (row.code, row.channel, row.language) == (code, channel, language)),
        None,
    )
    if now is None:
        raise Missing
    back = reverse("staff:texts")
    versions = queries.list_versions(code=code, channel=channel, language=language)
    return answer_form(
        request,
        MessageTextForm(request.POST or None, initial={"text": now.text}),
        do=lambda wanted: publish_template(
            actor=actor_of(request),
            code=code,
            channel=channel,
            language=language,
            text=wanted["text"],
            at=clock.now(),
            key=wanted["key"],
        ),
        then=lambda _row: back,
        said=_("Published. Messages from now on use this text."),
        title=_("Change the text"),
        lead=" · ".join(
            (str(NAMES.get(code, code)), str(CHANNELS.get(channel, channel)), LANGUAGES.get(language, language))
        ),
        lines=[_("Version %(version)d: %(text)s") % {"version": row.version, "text": row.text} for row in versions[:5]],
        button=_("Publish"),
        cancel_url=back,
        crumbs=crumbs((_("Texts of messages"), back), (_("Change"), "")),
    )


class DeliveredFilter(forms.Form):
    """To whom."""

    text = forms.CharField(label=gettext_lazy("Phone, or words of the message"), required=False, max_length=100)


@reading(may_see_delivered)
def delivered(request: HttpRequest) -> HttpResponse:
    """Show what would have reached somebody, so that a tester can read a login code."""
    form = DeliveredFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data.get("text", "").strip()
    rows = [
        (row, CHANNELS.get(row.channel, row.channel))
        for row in queries.list_delivered(limit=200)
        if wanted in row.address or wanted in row.text
    ]
    return render(
        request,
        "staff/settings/delivered.html",
        {"form": form, "rows": rows[:100], "crumbs": crumbs((_("Delivered messages"), ""))},
    )
