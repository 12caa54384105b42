"""What the budgets of the design are measured with."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# start.py and tools.py are scripts without a package.
sys.path.append(str(ROOT / "deploy"))
