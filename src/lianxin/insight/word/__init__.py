"""Word documents: a template that people edit is read, checked and filled; charts stay charts. Knows no Django."""
