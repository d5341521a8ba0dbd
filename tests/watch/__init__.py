"""What watches over the hub: alarms that a real fault sets off, a dashboard of figures that are there, what to do."""

from pathlib import Path
from typing import Final

DEPLOY: Final = Path(__file__).parents[2] / "docs" / "deploy"
ALERTS: Final = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD: Final = DEPLOY / "prometheus" / "dashboard.json"
ALARMS: Final = DEPLOY / "alarms.md"
