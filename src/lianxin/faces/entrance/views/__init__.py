"""Pages of the entrance, one file per way in."""
