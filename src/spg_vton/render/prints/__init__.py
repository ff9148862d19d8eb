"""What is woven into, printed or sewn on garments: one family of patterns a file."""
