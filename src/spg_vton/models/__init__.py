"""The method's networks: SPM, CWM and TSM (section III)."""
