"""Pages of needs: what people said, the needs list, and what they are told."""
