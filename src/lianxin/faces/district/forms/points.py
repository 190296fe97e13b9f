"""What the lists of books are narrowed by, and the code of a seal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.faces.district.forms.filters import ALL, SubdistrictFilter


class BooksFilter(SubdistrictFilter):
    """Communities with a book, or pilots that have none yet."""

    book = forms.ChoiceField(
        label=_("Book"), required=False, choices=[ALL, ("with", _("With a book")), ("without", _("Pilots without one"))]
    )


class SealForm(forms.Form):
    """The code that a notice or a receipt prints."""

    code = forms.CharField(
        label=_("Code of the seal"),
        max_length=40,
        help_text=_("As it is printed on a notice or a receipt; capital or small letters are the same."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
