"""Short Chinese wishes without a dictionary and without a network: one spelling, classes, near repeats."""
