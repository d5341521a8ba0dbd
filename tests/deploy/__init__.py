"""docs/deploy: each file is looked at by the program it is for, and the hub runs behind it."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "docs" / "deploy"
