"""Contact sheets of every render: `python -m tests.sheets`."""
