"""The office's pages of venues: list, page, hours, rooms, services, door, upgrades, produce, divisions."""
