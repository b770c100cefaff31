"""Long checks of what Suffice promises: `python -m verify [NAME…]`. Each writes its table to docs/."""
