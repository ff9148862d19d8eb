"""What people look at: contact sheets, curves, tables and the HTML report."""
