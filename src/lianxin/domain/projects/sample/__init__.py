"""The sample district's matching, projects and editions; loaded only by whoever builds the sample."""
