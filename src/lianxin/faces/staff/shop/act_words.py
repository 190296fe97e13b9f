"""What the acts of the shop are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "shop.add_tills": _("act", "Set up tills"),
    "shop.ask_for_supplies": _("act", "Asked donors for something"),
    "shop.cancel_reservation": _("act", "Cancelled an order"),
    "shop.change_need": _("act", "Changed what donors are asked for"),
    "shop.close_till": _("act", "Closed a till by hand"),
    "shop.collect": _("act", "Handed out an order"),
    "shop.count_stock": _("act", "Counted stock"),
    "shop.create_item": _("act", "Entered goods, a service or an honour"),
    "shop.draw_settlement": _("act", "Drew up a merchant's sheet"),
    "shop.edit_item": _("act", "Changed something on offer"),
    "shop.end_item": _("act", "Ended an offer"),
    "shop.end_need": _("act", "Stopped asking donors for something"),
    "shop.end_shop_day": _("act", "Ended a shop day"),
    "shop.expire_reservations": _("act", "Ended orders that nobody collected"),
    "shop.expire_voucher": _("act", "Ended a voucher that nobody used"),
    "shop.give_back_voucher": _("act", "Gave a voucher back"),
    "shop.move_stock": _("act", "Brought stock to another place"),
    "shop.open_shop_day": _("act", "Announced a shop day"),
    "shop.put_on_sale": _("act", "Put something on offer"),
    "shop.put_picture": _("act", "Sent in a picture of something on offer"),
    "shop.put_ready": _("act", "Put an order ready"),
    "shop.receive_donation": _("act", "Took in a donation"),
    "shop.receive_purchase": _("act", "Took in bought goods"),
    "shop.reconcile_till": _("act", "Took the sales of a till"),
    "shop.redeem_at_counter": _("act", "Gave out goods at the counter"),
    "shop.redeem_vouchers": _("act", "Redeemed points for vouchers"),
    "shop.remove_picture": _("act", "Took out a picture of something on offer"),
    "shop.reserve": _("act", "Reserved goods"),
    "shop.return_lines": _("act", "Took goods back"),
    "shop.set_price": _("act", "Set a price"),
    "shop.settle_difference": _("act", "Decided on a sale of a till"),
    "shop.sign_settlement": _("act", "Signed a merchant's sheet"),
    "shop.take_offline": _("act", "Let tills go without network"),
    "shop.take_voucher": _("act", "Took a voucher"),
    "shop.thank_donor": _("act", "Thanked a donor"),
    "shop.withdraw_settlement": _("act", "Withdrew a merchant's sheet"),
    "shop.write_off": _("act", "Wrote pieces off"),
}
