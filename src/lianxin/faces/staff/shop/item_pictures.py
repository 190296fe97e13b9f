"""The picture of something on offer: the form that sends it in, the button that takes it out, the picture itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop.commands.item_pictures import put_picture, remove_picture
from lianxin.domain.shop.queries.catalogue import find_picture
from lianxin.faces.kit.acting import key_of, press
from lianxin.faces.kit.stored import answer_file
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from .catalogue import open_item
from .gate import keeper_presses, keeping, reading


class PictureForm(ActForm):
    """A picture."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG or WebP, at most 5 MB. Residents see it on the page of this thing."),
    )


def _page(item: UUID) -> str:
    return reverse("staff:shop_item", kwargs={"item": item})


@keeping
def change(request: HttpRequest, item: UUID) -> HttpResponse:
    """Send a picture in."""
    desk, row = open_item(request, item)

    def do(wanted: dict[str, Any]) -> Any:
        sent = wanted["picture"]
        return put_picture(actor=desk.actor, item=item, fileobj=sent, name=sent.name, at=now())

    return answer_form(
        request,
        PictureForm(request.POST or None, request.FILES or None),
        do=do,
        then=lambda _row: _page(item),
        said=_("The picture is shown now."),
        title=_("Picture of %(name)s") % {"name": row.name},
        button=_("Send it in"),
        cancel_url=_page(item),
        crumbs=desk.crumbs((_("Catalogue"), desk.url("shop_catalogue")), (row.name, _page(item)), (_("Picture"), "")),
    )


@keeper_presses
def remove(request: HttpRequest, item: UUID) -> HttpResponse:
    """Take the picture out."""
    desk, _row = open_item(request, item)
    return press(
        request,
        do=lambda: remove_picture(actor=desk.actor, item=item, at=now(), key=key_of(request)),
        back=_page(item),
        said=_("No picture is shown any more."),
    )


@reading
def show(request: HttpRequest, item: UUID) -> HttpResponse:
    """Give the picture."""
    desk, row = open_item(request, item)
    stored = find_picture(community=desk.community, item=row.pk, drafts=True)
    return answer_file(stored)
