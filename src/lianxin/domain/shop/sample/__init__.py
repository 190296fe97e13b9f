"""The shop's part of the sample district."""
