"""The points part of the sample district."""
