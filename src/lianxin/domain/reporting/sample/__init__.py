"""The sample district's part of reporting."""
