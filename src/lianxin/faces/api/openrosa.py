"""The OpenRosa server: programs like ODK Collect fetch our forms here and send filled ones in.

After docs.getodk.org/openrosa: HTTP, form list, form submission and authentication. A phone sees the open surveys of
its community; what it sends is taken by the same command as a page, under the form's own instance id.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt

from lianxin.domain.needs.commands import submissions
from lianxin.domain.needs.commands.survey_devices import device_actor
from lianxin.domain.needs.models import Submission, SurveyDevice
from lianxin.domain.needs.queries import surveys
from lianxin.domain.needs.queries.survey_devices import find_picture, md5_of, pictures_of, version_sent
from lianxin.engines.xforms.submission import BadSubmission, OtherForm, form_of
from lianxin.faces.kit.problems import WrongMethod, busy_of
from lianxin.platform import files, scope
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing, Problem, TooLarge

from .openrosa_access import NotKnown, challenge, let_through
from .openrosa_answers import TEXT_XML, envelope, listing, with_headers
from .openrosa_body import Unreadable, read

LARGEST_PICTURE = 10 * 1_048_576
WAITS = gettext_noop("Very busy just now. What you filled in stays on this phone: send it again in a moment.")
View = Callable[..., HttpResponse]


def openrosa(*methods: str) -> Callable[[View], View]:
    """Make a view of the protocol: it knows the phone, words problems as the protocol does, and has its headers."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, *, token: str = "", **named: Any) -> HttpResponse:
            at = now()
            try:
                if request.method not in methods:
                    raise WrongMethod
                device = let_through(request, token=token, at=at)
                with scope.within(frozenset({device.community_id})):
                    response = view(request, device, token=token, **named)
            except NotKnown as problem:
                response = envelope(str(problem), status=problem.status, nature="error")
                response.headers["WWW-Authenticate"] = challenge(
                    is_secure=request.is_secure(), stale=problem.stale, at=at
                )
            except Problem as problem:
                response = envelope(_told(problem), status=problem.status, nature="submit_error")
            except DatabaseError as error:
                busy = busy_of(error, request=request)
                if busy is None:
                    raise
                response = envelope(_(WAITS), status=busy.status, nature="submit_error")
            return with_headers(response)

        return answered

    return decorate


@openrosa("GET", "HEAD")
def form_list(request: HttpRequest, device: SurveyDevice, token: str) -> HttpResponse:
    """List the forms that a phone may fill now, or the one that it names."""
    only, verbose = request.GET.get("formID", ""), request.GET.get("verbose") == "true"
    rows = []
    for form in surveys.device_forms(actor=device_actor(device), at=now()):
        if only and form.form_id != only:
            continue
        row = [
            ("formID", form.form_id),
            ("name", form.name),
            ("version", form.version),
            ("hash", f"md5:{md5_of(form.version_id)}"),
        ]
        if verbose:
            row.append(("descriptionText", form.title))
        row.append(("downloadUrl", _url(request, "form", token, version=form.version_id)))
        if pictures_of(form.version_id):
            row.append(("manifestUrl", _url(request, "manifest", token, version=form.version_id)))
        rows.append(row)
    return listing("xforms", "xformsList", "xform", rows)


@openrosa("GET", "HEAD")
def form(request: HttpRequest, device: SurveyDevice, token: str, version: UUID) -> HttpResponse:
    """Give a form as XForm, exactly as it was published."""
    _open_to(device, version)
    return HttpResponse(surveys.version_xform(version), content_type=TEXT_XML)


@openrosa("GET", "HEAD")
def manifest(request: HttpRequest, device: SurveyDevice, token: str, version: UUID) -> HttpResponse:
    """List the pictures that a form shows."""
    _open_to(device, version)
    rows = [
        [
            ("filename", one.name),
            ("hash", f"md5:{one.md5}"),
            ("downloadUrl", _url(request, "picture", token, version=version, name=one.name)),
        ]
        for one in pictures_of(version)
    ]
    return listing("manifest", "xformsManifest", "mediaFile", rows)


@openrosa("GET", "HEAD")
def picture(request: HttpRequest, device: SurveyDevice, token: str, version: UUID, name: str) -> Any:
    """Give a picture that a form shows."""
    _open_to(device, version)
    found = find_picture(version=version, name=name)
    return FileResponse(files.open_file(file=found), content_type=found.content_type)


@openrosa("HEAD", "POST")
def submission(request: HttpRequest, device: SurveyDevice, token: str) -> HttpResponse:
    """Say that answers are taken here and how large, or take them in; pictures may come in further sendings."""
    if request.method == "HEAD":
        response = HttpResponse(status=204)
        response.headers["Location"] = request.build_absolute_uri(request.path)
        return response
    with read(request) as sent:
        received = _receive(device, sent.xml)
        refused = []
        for name, upload in sent.pictures.items():
            try:
                _put(device, received.submission, name, upload)
            except Problem as problem:
                refused.append(f"{name}: {_told(problem)}")
    if refused:
        # Not 201: the phone keeps its copy, and whoever holds it can change the picture and send again.
        kept = _("The answers are here. These pictures could not be taken:")
        return envelope(" ".join([kept, *refused]), status=422, nature="submit_error")
    thanks = received.thanks or (
        _("Taken in. Thank you.") if received.is_new else _("It was here already; nothing is counted twice.")
    )
    return envelope(str(thanks), status=201, nature="submit_success")


def _receive(device: SurveyDevice, xml: bytes) -> submissions.Received:
    try:
        form_id, form_version = form_of(xml)
        row = version_sent(form_id=form_id, form_version=form_version)
        if row is None:
            raise Missing(
                _("This server does not know this form, or not this version. Fetch the forms anew; your answers stay.")
            )
        return submissions.receive(
            actor=device_actor(device),
            version=row.pk,
            xml=xml,
            how=Submission.How.DEVICE,
            community=device.community_id,
            device=device.name,
            at=now(),
        )
    except BadSubmission:
        raise Unreadable(
            _("The answers cannot be read: what was sent is no XML of a form, or it is damaged.")
        ) from None
    except OtherForm:
        raise Unreadable(_("The answers belong to another form than they say.")) from None


def _put(device: SurveyDevice, row: Submission, name: str, upload: Any) -> None:
    if upload.size > LARGEST_PICTURE:
        limit = LARGEST_PICTURE // 1_048_576
        raise TooLarge(_("The picture is larger than %(limit)d MB.") % {"limit": limit})
    submissions.put_file(actor=device_actor(device), submission=row.pk, name=name, data=upload.read(), at=now())


def _open_to(device: SurveyDevice, version: UUID) -> None:
    """Let a phone see only the forms on its list; raises Missing."""
    if all(one.version_id != version for one in surveys.device_forms(actor=device_actor(device), at=now())):
        raise Missing(_("This form is not open for this phone any more."))


def _url(request: HttpRequest, way: str, token: str, /, **named: Any) -> str:
    if token:
        named["token"] = token
    return request.build_absolute_uri(reverse(f"openrosa:{'key_' if token else ''}{way}", kwargs=named))


def _told(problem: Problem) -> str:
    sentences = [str(sentence) for field in problem.fields.values() for sentence in field]
    return " ".join([str(problem.detail), *sentences])
