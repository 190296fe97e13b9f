"""One search box over everything an office works with."""
