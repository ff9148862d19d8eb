"""The store: Arrow files on disk, written once by ``pack`` and memory-mapped by ``dataset``."""
