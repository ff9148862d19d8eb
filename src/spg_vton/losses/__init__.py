"""The method's losses as pure functions, one a file; ``objective`` alone weighs them."""
