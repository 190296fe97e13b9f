"""Pages of the resident face, one file per thing that residents look for."""
