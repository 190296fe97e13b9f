"""The places' part of the sample district."""
