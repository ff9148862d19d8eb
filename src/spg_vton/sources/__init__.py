"""Sources: one loader a layout, one manifest for all of them."""
