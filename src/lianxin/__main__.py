"""`python -m lianxin` is the `lianxin` command."""

import sys

from lianxin.faces.cli.main import main

sys.exit(main())
