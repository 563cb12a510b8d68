"""`python -m repurpose` is the program `repurpose`."""

from repurpose.cli import main

if __name__ == "__main__":
    main()
