"""Pictures of what the shop offers: sent in by the keepers, seen by residents, taken out again."""

from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.domain.shop.models import Item
from lianxin.domain.shop.tests.factories import make_item, make_shop
from lianxin.faces.staff.tests.points_pages import enter, page, send
from lianxin.platform import scope

pytestmark = pytest.mark.django_db
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def now_of(item: Item) -> Item:
    """The item as it is now."""
    with scope.everything():
        return Item.objects.get(pk=item.pk)


def test_picture_is_sent_in_seen_by_everybody_and_taken_out(client: Client) -> None:
    shop = make_shop()
    item = make_item(shop)
    enter(client, "community_staff", shop.community)

    sent = send(client, "shop_item_picture_change", {"picture": SimpleUploadedFile("a.png", PIXEL)}, item=item.pk)

    assert sent.status_code == 302
    address = reverse("resident:shop_item_picture", args=[shop.community.pk, item.pk])
    seen = Client().get(address)
    assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/png")
    assert address in Client().get(reverse("resident:shop_item", args=[shop.community.pk, item.pk])).content.decode()
    assert "shop-picture" in page(client, "shop_item", item=item.pk).content.decode()
    assert send(client, "shop_item_picture_remove", item=item.pk).status_code == 302
    assert now_of(item).picture_id is None
    assert Client().get(address).status_code == 404


def test_what_is_no_picture_gets_a_sentence(client: Client) -> None:
    shop = make_shop()
    item = make_item(shop)
    enter(client, "community_staff", shop.community)

    sent = send(
        client, "shop_item_picture_change", {"picture": SimpleUploadedFile("a.png", b"no picture")}, item=item.pk
    )

    assert sent.status_code == 422
    assert now_of(item).picture_id is None


def test_pictures_of_drafts_are_for_the_office_only(client: Client) -> None:
    shop = make_shop()
    item = make_item(shop, on_sale=False)
    enter(client, "community_staff", shop.community)
    send(client, "shop_item_picture_change", {"picture": SimpleUploadedFile("a.png", PIXEL)}, item=item.pk)

    assert page(client, "shop_item_picture", item=item.pk).status_code == 200
    assert Client().get(reverse("resident:shop_item_picture", args=[shop.community.pk, item.pk])).status_code == 404
