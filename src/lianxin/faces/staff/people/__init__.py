"""The people pages of the office: residents, households, organisations, cards."""
