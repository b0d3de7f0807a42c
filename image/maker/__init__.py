"""Makes images of the box; see image/README.md."""
