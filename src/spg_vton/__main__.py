"""``python -m spg_vton`` is the command ``spg-vton``."""

from spg_vton.commands import main

main()
