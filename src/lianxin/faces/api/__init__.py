"""JSON under /api/v1 with OpenAPI."""
