"""Methods that SPG-VTON is compared with."""
