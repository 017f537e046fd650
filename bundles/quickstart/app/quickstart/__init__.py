"""A small application to carry across the gap: it looks at the environment that it runs in."""
