"""Tables of the shop; one file per noun."""

from .catalogue import Every, Item, ItemPrice
from .redemptions import GoodsReturn, LimitCounter, Redemption, RedemptionLine
from .stock import Donation, Stock, StockMove, SupplyNeed
from .tills import ShopDay, Till, TillAllowance, TillSale, TillStock
from .vouchers import Settlement, Voucher

__all__ = [
    "Donation",
    "Every",
    "GoodsReturn",
    "Item",
    "ItemPrice",
    "LimitCounter",
    "Redemption",
    "RedemptionLine",
    "Settlement",
    "ShopDay",
    "Stock",
    "StockMove",
    "SupplyNeed",
    "Till",
    "TillAllowance",
    "TillSale",
    "TillStock",
    "Voucher",
]
