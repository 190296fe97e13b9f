"""Addresses of the pages of registers."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

pages, sets = late_pages(__package__, "pages", "sets")

SET = "record-books/sets/<uuid:register_set>/"
BOOK = "record-books/<slug:code>/"

urlpatterns = [
    path("record-books/", pages.browse, name="record_books"),
    path("record-books/sets/new/", sets.ask, name="register_set_ask"),
    path(SET, sets.show, name="register_set"),
    path(f"{SET}progress/", sets.progress, name="register_set_progress"),
    path(f"{SET}file/", sets.take, name="register_set_file"),
    path(BOOK, pages.show, name="record_book"),
    path(f"{BOOK}paper/", pages.on_paper, name="record_book_paper"),
    path(f"{BOOK}workbook/", pages.take, name="record_book_workbook"),
]
