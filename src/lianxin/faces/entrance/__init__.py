"""The entrance: coming in, going out, and looking after the keys to one's own account."""
