"""The only readers of people for others; one file per noun."""
