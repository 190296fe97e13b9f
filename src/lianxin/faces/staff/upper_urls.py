"""Addresses of the staff face at a city or a province: accounts, rights, working days, jobs and the audit log."""

from lianxin.faces.staff.settings import urls as settings_urls

app_name = "staff"

# What belongs to records of residents, rooms and messages has no place where there are none.
OF_A_DISTRICT = ("purpose", "kind", "amenity_kind", "room_kind", "text", "delivered")

urlpatterns = [one for one in settings_urls.urlpatterns if not str(one.name).startswith(OF_A_DISTRICT)]
