"""Forms for the decisions on an upgrade."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ApprovalForm(forms.Form):
    """Approve, with a remark if wanted."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label=_("Remark"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SendBackForm(forms.Form):
    """Send back, saying what has to change."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label=_("What has to be changed"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CancellationForm(forms.Form):
    """Give up, saying why."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
